"""``backup`` and ``restore`` from the command line."""

import json

import pytest
from typer.testing import CliRunner

from stellwerk.app import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def test_what_is_on_the_shelf_goes_into_a_file_and_comes_back(run, tmp_path) -> None:
    """A champion comes back under the name it had; a second time only by force."""
    (tmp_path / "models" / "v1").mkdir(parents=True)
    (tmp_path / "models" / "v1" / "manifest.json").write_text("{}")
    (tmp_path / "models" / "champion.json").write_text('{"champion": "v1"}')
    done = run("backup", "desk.backup", "--json")
    assert json.loads(done.stdout)["parts"] == ["models"]
    back = run("restore", "desk.backup", "--models", "elsewhere")
    assert (back.exit_code, back.stdout) == (0, "")
    assert (tmp_path / "elsewhere" / "champion.json").read_text() == '{"champion": "v1"}'
    refused = run("restore", "desk.backup", "--models", "elsewhere")
    assert "--force" in str(refused.exception)
    assert run("restore", "desk.backup", "--models", "elsewhere", "--force").exit_code == 0


def test_a_backup_that_is_not_there_is_wrong_usage(run) -> None:
    """The file to restore must exist."""
    assert run("restore", "nothing").exit_code == 2
