"""Failures told to the user."""

import errno
import re
from pathlib import Path

import pytest

from history import HistoryError
from stellwerk.failure import CommandError, tell


def test_an_unexpected_error_keeps_its_words_to_the_trace(capsys, folder, monkeypatch) -> None:
    """An error nobody foresaw is told by its type; its words, perhaps a ticket's, are in the trace alone."""
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    try:
        int("Kennwort 1234")
    except ValueError as error:
        tell(error)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "ValueError" in told
    assert "Kennwort" not in told
    [trace] = re.findall(r"trace in (\S+)", told)
    assert "Kennwort 1234" in Path(trace).read_text("utf-8")


def test_an_unexpected_error_without_room_for_its_trace_is_told_too(capsys, folder, monkeypatch) -> None:
    """Where the trace cannot be kept the user learns how to see it."""
    monkeypatch.setattr("tempfile.tempdir", str(folder / "missing"))
    tell(ZeroDivisionError())
    assert "stellwerk --debug" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CommandError("no\nmodel; train one"), "no model; train one"),
        (HistoryError(Path("a.csv"), "is empty", "export it again"), "a.csv: is empty; export it again"),
        (
            PermissionError(errno.EACCES, "Permission denied", "m"),
            "m: Permission denied; check the permissions",
        ),
        (OSError(errno.ENOSPC, "No space left"), "No space left; free disk space and run it again"),
        (OSError("odd"), "odd; run it again with `stellwerk --debug` to see where"),
    ],
)
def test_a_foreseen_error_is_one_line_with_its_cure(error, told, capsys) -> None:
    """Errors of the rooms and of the machine are told in their own words and with a cure, in one line."""
    tell(error)
    assert capsys.readouterr().err == f"stellwerk: {told}\n"
