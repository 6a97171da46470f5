"""Options shared by the commands."""

from pathlib import Path

import pytest
import typer

from stellwerk.failure import CommandError
from stellwerk.options import mapping_of, settings_with


def test_an_option_overrides_the_environment(folder, monkeypatch) -> None:
    """An option that was given wins over the environment, one that was not leaves it."""
    monkeypatch.setenv("STELLWERK_MODELS", "shelf")
    monkeypatch.setenv("STELLWERK_PORT", "9000")
    settings = settings_with(models=Path("other"), port=None)
    assert (settings.models, settings.port) == (Path("other"), 9000)


def test_a_bad_setting_names_its_variable(folder, monkeypatch) -> None:
    """A setting that cannot be read is told with the name of its environment variable."""
    monkeypatch.setenv("STELLWERK_PORT", "http")
    with pytest.raises(CommandError, match="STELLWERK_PORT is 'http'"):
        settings_with()


@pytest.mark.parametrize("address", ["postgresql://host/base", "s3:/bucket", "http://host:9200/index"])
def test_only_folders_and_object_stores_hold_knowledge(address, folder, monkeypatch) -> None:
    """A knowledge base on another server is refused with a clear message, from the option and the environment."""
    with pytest.raises(CommandError, match="only folders and s3://bucket/prefix are supported"):
        settings_with(knowledge=address)
    monkeypatch.setenv("STELLWERK_KNOWLEDGE", address)
    with pytest.raises(CommandError, match="only folders and s3://bucket/prefix are supported"):
        settings_with()


def test_an_object_store_is_kept_as_it_was_named(folder, monkeypatch) -> None:
    """An address keeps its slashes and a folder its home."""
    assert settings_with(knowledge="s3://bucket/desk").knowledge == "s3://bucket/desk"
    monkeypatch.setenv("STELLWERK_KNOWLEDGE", "~/knowledge")
    assert settings_with().knowledge == Path.home() / "knowledge"


def test_options_win_over_the_mapping_file(folder) -> None:
    """What an option names replaces what the mapping file says, and the rest of the file stays."""
    file = folder / "mapping.toml"
    file.write_text('[columns]\nbody = "Text"\nsubject = "Betreff"\n')
    mapping = mapping_of(["body=Beschreibung"], ["category:Incident=bug"], file)
    assert mapping.columns == {"body": "Beschreibung", "subject": "Betreff"}
    assert mapping.labels == {"category": {"Incident": "bug"}}


def test_a_faulty_option_is_wrong_usage(folder) -> None:
    """A mapping option that is not OURS=THEIRS is wrong usage and not failed work."""
    with pytest.raises(typer.BadParameter, match="OURS=THEIRS"):
        mapping_of(["Beschreibung"], None, None)
