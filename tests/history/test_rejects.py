"""The rejects file, its counts and its summary."""

import json
from pathlib import Path

import pytest

from history import HistoryError, Reason, Reject, RejectLog


def reject(line=3, reason=Reason.UNKNOWN_LABEL, *, kept=False, message="no such label", row=None):
    """A reject of one kind."""
    row = {"body": "Büro"} if row is None else row
    file = Path("export/history.csv")
    return Reject(file=file, line=line, column="Art", reason=reason, message=message, row=row, kept=kept)


def test_the_file_is_made_with_the_first_entry(tmp_path):
    """A reading without rejects leaves no file; one with rejects writes every fact of them as JSON Lines."""
    path = tmp_path / "rejects.jsonl"
    with RejectLog(path) as log:
        pass
    assert not path.exists()
    with RejectLog(path) as log:
        log.add(reject())
    assert json.loads(path.read_text("utf-8")) == {
        "file": "export/history.csv",
        "line": 3,
        "column": "Art",
        "reason": "unknown_label",
        "message": "no such label",
        "kept": False,
        "row": {"body": "Büro"},
    }
    assert "Büro" in path.read_text("utf-8")


def test_an_older_file_is_replaced_and_a_running_one_continued(tmp_path):
    """The rejects of another day do not mix with today's, and flushing twice loses nothing."""
    path = tmp_path / "rejects.jsonl"
    path.write_text("old\n", "utf-8")
    log = RejectLog(path)
    for line in (1, 2):
        log.add(reject(line))
        log.flush()
    assert [json.loads(entry)["line"] for entry in path.read_text("utf-8").splitlines()] == [1, 2]


def test_many_rejects_are_not_held_in_memory(tmp_path):
    """Entries go to the file as they come, not at the end."""
    log = RejectLog(tmp_path / "rejects.jsonl")
    for line in range(1000):
        log.add(reject(line, row={"body": "x" * 1000}))
    assert log.path.stat().st_size > 900_000


def test_rejects_and_notes_are_counted_apart():
    """A row that was kept is no rejected row; without a path the log only counts."""
    log = RejectLog()
    for line in range(3):
        log.add(reject(line))
    log.add(reject(reason=Reason.EMPTY_TICKET))
    log.add(reject(reason=Reason.BAD_DATE, kept=True))
    assert (log.counts, log.notes) == ({"unknown_label": 3, "empty_ticket": 1}, {"bad_date": 1})
    assert (log.n_rejected, log.n_notes) == (4, 1)


def test_the_summary_tells_counts_examples_and_the_file(tmp_path):
    """A person reads how many, why, where first, and where all of them are; like messages are told once."""
    log = RejectLog(tmp_path / "rejects.jsonl")
    for line in range(2, 1202):
        log.add(reject(line, message=f"no label {line % 2}"))
    log.add(reject(7, Reason.BAD_DATE, kept=True, message="no date"))
    assert log.summary().splitlines() == [
        f"1,200 rows rejected, 1 note on rows kept; each is in {log.path}",
        "  1,200 unknown_label",
        '    history.csv line 2, column "Art": no label 0',
        '    history.csv line 3, column "Art": no label 1',
        "  1 bad_date (kept)",
        '    history.csv line 7, column "Art": no date',
    ]
    assert RejectLog().summary() == "0 rows rejected, 0 notes on rows kept"


def test_the_summary_shows_few_examples_of_many():
    """A thousand different faults of one reason do not fill the screen, nor the memory."""
    log = RejectLog()
    for line in range(1000):
        log.add(reject(line, message=f"no label {line}"))
    assert len(log.summary().splitlines()) == 2 + 5


def test_damaged_text_is_written_as_valid_json_and_can_be_shown(tmp_path):
    """A character that UTF-8 cannot hold neither stops the log nor breaks its file or summary."""
    log = RejectLog(tmp_path / "rejects.jsonl")
    log.add(reject(message="bad \udc81", row="raw \udc81"))
    log.flush()
    assert json.loads(log.path.read_text("utf-8"))["row"] == "raw \udc81"
    assert log.summary().encode("utf-8")


def test_a_file_that_cannot_be_written_names_the_cure(tmp_path):
    """A place without a folder is told with its path."""
    log = RejectLog(tmp_path / "gone" / "rejects.jsonl")
    log.add(reject())
    with pytest.raises(HistoryError, match="name another place"):
        log.flush()
