"""The restore drill, run as cron would run it: silent on standard error where all is well, loud where it is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desk import Desk, Settings, back_up
from journal import Journal
from knowledge import Article
from tickets import Ticket

DRILL = Path(__file__).parents[2] / "deploy" / "restore_drill.sh"
ROOMS = os.pathsep.join(filter(None, sys.path))
pytestmark = pytest.mark.slow


ARTICLES = [
    Article(id="KB-1", title="Drucker druckt leere Seiten", body="Den Toner tauschen und eine Testseite drucken."),
    Article(id="KB-2", title="VPN verbindet nicht", body="Das Zertifikat erneuern, dann neu anmelden."),
    Article(id="KB-3", title="Reset a password", body="Open the portal and choose a new password."),
    Article(id="KB-4", title="Warehouse scanner is slow", body="Update its firmware and restart the access point."),
    Article(id="KB-5", title="Printer jams", body="Remove the paper tray and clean the rollers."),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory, encoder_home, champion_shelf) -> Settings:
    """A desk with a champion, five articles and a decision; not to be written to."""
    home = tmp_path_factory.mktemp("desk")
    shutil.copytree(champion_shelf.path, home / "models")
    settings = Settings(
        models=home / "models",
        encoders=encoder_home,
        knowledge=str(home / "knowledge"),
        journal=f"sqlite:///{home}/journal.db",
        vector_cache=home / "vectors.db",
        masking_key=home / "masking.key",
        tracking="",
    )
    desk = Desk.open(settings)
    desk.documents.put(ARTICLES)
    desk.classify(Ticket(id="4711", body="Aus dem Drucker im Lager kommen nur leere Seiten."))
    desk.close()
    return settings


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder with ``stellwerk`` and the Python that knows it, as an installation has them."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _program(folder / "python", f'exec {sys.executable} "$@"')
    _program(folder / "stellwerk", f'exec {sys.executable} -m stellwerk "$@"')
    return folder


def _program(file: Path, commands: str) -> None:
    file.write_text(f"#!/bin/sh\n{commands}\n", "utf-8")
    file.chmod(0o755)


def after_backup(programs: Path, commands: str) -> None:
    """Let something happen to each backup, ``$2``, once it is written."""
    stellwerk = f'{sys.executable} -m stellwerk "$@"'
    _program(programs / "stellwerk", f'[ "$1" = backup ] || exec {stellwerk}\n{stellwerk} || exit 1\n{commands}')


def drilled(settings: Settings, programs: Path, tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    told = {
        name: getattr(settings, name)
        for name in ("models", "encoders", "knowledge", "journal", "vector_cache", "masking_key", "tracking")
    }
    (tmp_path / "tmp").mkdir()
    return subprocess.run(
        [DRILL, *map(str, arguments)],
        env=os.environ
        | {f"STELLWERK_{name.upper()}": str(value) for name, value in told.items()}
        | {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": ROOMS, "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_what_was_backed_up_answers_as_the_desk_does(settings, programs, tmp_path) -> None:
    """Each thing compared is told; the backup stays where it was asked for, the desk as it was, and nothing else."""
    done = drilled(settings, programs, tmp_path, tmp_path / "kept.backup")
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert "ok: the journal holds 1 decisions, 0 corrections, 0 votes, 5 documents" in told
    assert any(line.startswith("ok: a ticket is classified as in the desk: level ") for line in told)
    assert "ok: a search finds what it finds in the desk: 5 documents" in told
    assert told[-1].startswith("restore drill passed in ")
    assert done.stderr == ""
    assert list((tmp_path / "tmp").iterdir()) == []
    assert (tmp_path / "kept.backup").stat().st_mode & 0o077 == 0
    with Journal.open(settings.journal) as journal:
        assert journal.counts().decisions == 1


def test_a_damaged_backup_fails_the_drill(settings, programs, tmp_path) -> None:
    """Bytes that changed on their way to the disk are told, and nothing is started."""
    after_backup(programs, 'printf "%01000d" 7 | dd of="$2" bs=1 seek=5000 conv=notrunc 2>/dev/null')
    done = drilled(settings, programs, tmp_path, tmp_path / "kept.backup")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("restore drill FAILED: the backup could not be restored")
    assert "ready" not in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_backup_of_another_day_fails_the_drill(settings, programs, tmp_path) -> None:
    """What can be restored but is not what the desk knows by now is told, each part of it."""
    old = settings.model_copy(
        update={"knowledge": str(tmp_path / "knowledge"), "journal": f"sqlite:///{tmp_path}/journal.db"}
    )
    desk = Desk.open(old)
    desk.documents.put(ARTICLES[:3])
    desk.close()
    back_up(old, tmp_path / "old.backup")
    after_backup(programs, f'cp {tmp_path / "old.backup"} "$2"')
    done = drilled(settings, programs, tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("restore drill FAILED: ")
    for fault in ("has 0 decisions, the desk 1", "has 3 documents, the desk 5", "the search finds others"):
        assert fault in line
    assert "passed" not in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []


def test_wrong_usage_is_told(programs, tmp_path, settings) -> None:
    """An option that there is not ends it before anything is written."""
    done = drilled(settings, programs, tmp_path, "-x")
    assert done.returncode == 2
    assert "usage: restore_drill.sh" in done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []
