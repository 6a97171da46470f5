"""Export files read for a command."""

import io
import sys
from pathlib import Path

import pytest

from history import HistoryError, HistoryMapping, RejectLog
from stellwerk.reading import HistoryReading, NothingReadError, reject_log, rejects_file, with_standard_input
from tickets import Taxonomy


def _silent(step: str, done: int, total: int | None) -> None:
    """Nobody wants to know how far the reading is."""


@pytest.fixture
def reading(folder) -> HistoryReading:
    """Reads files that carry our names."""
    return HistoryReading(mapping=HistoryMapping(), rejects=rejects_file(None, "train"))


def test_a_rejected_row_is_told_and_kept(reading, history, capsys) -> None:
    """A row that cannot be used is counted by reason on standard error and stands in the rejects file."""
    solved = reading.tickets([history], taxonomy=Taxonomy.builtin(), report=_silent)
    assert [one.ticket.id for one in solved] == ["1", "2"]
    err = capsys.readouterr().err
    assert "1 row rejected" in err
    assert "empty_ticket" in err
    assert str(Path("var/rejects-train.jsonl")) in err
    assert Path("var/rejects-train.jsonl").read_text("utf-8").count("\n") == 1


def test_nothing_usable_is_an_error(reading, folder) -> None:
    """Files without one usable row are an error and not an empty success."""
    file = folder / "empty.csv"
    file.write_text("body,level,category\n,1,bug\n")
    with pytest.raises(NothingReadError):
        reading.tickets([file], taxonomy=Taxonomy.builtin(), report=_silent)


@pytest.mark.parametrize(
    ("head", "row", "labels"),
    [
        ("body", "Hallo", {}),
        ("body,level", "Hallo,2", {"level": "2"}),
        ("body,category,level", "Hallo,bug,3", {"level": "3", "category": "bug"}),
    ],
)
def test_tickets_for_search_need_no_labels(head, row, labels, reading, folder) -> None:
    """For the knowledge base a ticket is read with the labels its file has, be it none."""
    file = folder / "export.csv"
    file.write_text(f"{head}\n{row}\n")
    with reject_log(reading.rejects) as rejects:
        [solved] = reading.labelled_or_not(file, taxonomy=Taxonomy.builtin(), rejects=rejects, report=_silent)
    assert dict(solved.labels) == labels
    assert rejects.n_rejected == 0


def test_a_mapped_target_must_be_there(folder) -> None:
    """A column that an option names and the file lacks is an error, for search too."""
    file = folder / "export.csv"
    file.write_text("body,Art\nHallo,Incident\n")
    mapping = HistoryMapping.parse(["category=Kategorie"], ["category:Incident=bug"])
    reading = HistoryReading(mapping=mapping, rejects=folder / "rejects.jsonl")
    with pytest.raises(HistoryError, match="Kategorie"):
        reading.labelled_or_not(file, taxonomy=Taxonomy.builtin(), rejects=RejectLog(), report=_silent)


def test_a_mapping_works_where_a_target_is_absent(folder) -> None:
    """Names given for one target do not stand in the way of a file that lacks the other."""
    file = folder / "export.csv"
    file.write_text("body,Art\nHallo,Incident\n")
    mapping = HistoryMapping.parse(["category=Art"], ["category:Incident=bug"])
    reading = HistoryReading(mapping=mapping, rejects=folder / "rejects.jsonl")
    [solved] = reading.labelled_or_not(file, taxonomy=Taxonomy.builtin(), rejects=RejectLog(), report=_silent)
    assert dict(solved.labels) == {"category": "bug"}


def test_standard_input_takes_the_place_of_the_dash(folder, monkeypatch) -> None:
    """`-` becomes a file that holds standard input, in its place among the others, and is gone afterwards."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO('{"body": "Größe"}\n'.encode())))
    with with_standard_input([Path("a.csv"), Path("-"), Path("b.csv")]) as files:
        assert [file.name for file in files] == ["a.csv", "stdin.jsonl", "b.csv"]
        assert files[1].read_text("utf-8") == '{"body": "Größe"}\n'
    assert not files[1].exists()
