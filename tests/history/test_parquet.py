"""Parquet: cells of every type, and those that Python cannot hold."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from history import HistoryError, RejectLog, read_history
from tickets import Taxonomy


@pytest.fixture
def read(tmp_path):
    """Reads a table through a Parquet file; gives the tickets and the log."""

    def read_table(table):
        parquet.write_table(table, tmp_path / "history.parquet")
        log = RejectLog(tmp_path / "rejects.jsonl")
        solved = list(read_history([tmp_path / "history.parquet"], taxonomy=Taxonomy.builtin(), rejects=log))
        return solved, log

    return read_table


@pytest.mark.parametrize(
    "levels",
    [
        pa.array([1, 2], pa.int64()),
        pa.array([1.0, 2.0]),
        pa.array([Decimal("1.00"), Decimal("2.00")]),
        pa.array(["1", "2"]).dictionary_encode(),
        pa.array([b"1", b"2"]),
    ],
    ids=["int", "float", "decimal", "dictionary", "bytes"],
)
def test_labels_of_any_type_are_read(read, levels):
    """A level is a level as a whole number, a decimal, a category or bytes."""
    solved, log = read(pa.table({"body": ["a", "b"], "level": levels, "category": ["bug", "bug"]}))
    assert [one.labels["level"] for one in solved] == ["1", "2"]
    assert log.counts == {}


def test_missing_cells_are_missing(read):
    """A null and a NaN are no label."""
    table = pa.table({"body": ["a", "b"], "level": [1.0, float("nan")], "category": [None, "bug"]})
    solved, log = read(table)
    assert [one.labels for one in solved] == [{"level": "1"}, {"category": "bug"}]
    assert log.notes == {"missing_label": 2}


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (
            pa.array([datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))]),
            datetime(2024, 5, 1, 10, tzinfo=UTC),
        ),
        (pa.array([1_714_557_600_000_000_001], pa.timestamp("ns")), datetime(2024, 5, 1, 10, tzinfo=UTC)),
        (pa.array([date(2024, 5, 1)]), datetime(2024, 5, 1, tzinfo=UTC)),
        (pa.array(["2024-05-01T12:00:00+02:00"]), datetime(2024, 5, 1, 10, tzinfo=UTC)),
    ],
    ids=["zone", "nanoseconds", "day", "text"],
)
def test_times_of_any_type_are_read_as_utc(read, created, expected):
    """A time with a zone, of nanoseconds, a day and a text all become Python's own aware times."""
    [solved], _ = read(pa.table({"body": ["a"], "level": [1], "category": ["bug"], "created_at": created}))
    assert solved.ticket.created_at == expected
    assert type(solved.ticket.created_at) is datetime
    assert solved.ticket.created_at.tzinfo is UTC


def test_cells_python_cannot_hold_cost_themselves_alone(read):
    """A date in the year 300000 is noted, a text in no encoding rejected, and the rows around are read."""
    bad_text = pa.array([b"ok", b"\xfc\x81", b"ok"]).view(pa.string())
    far = pa.array([0, 0, 9_400_000_000_000], pa.timestamp("s"))
    table = pa.table({"id": ["1", "2", "3"], "body": bad_text, "level": [1] * 3, "category": ["bug"] * 3})
    solved, log = read(table.append_column("created_at", far))
    assert [(one.ticket.id, one.ticket.created_at is None) for one in solved] == [("1", False), ("3", True)]
    assert (log.counts, log.notes) == ({"undecodable": 1}, {"bad_date": 1})


def test_rejects_name_the_row_and_hold_it(read):
    """A row is counted from 1 over all batches, and written down whole, whatever its types."""
    n_rows = 1200
    levels = [1] * n_rows
    levels[1100] = 9
    days = pa.array([date(2024, 1, 1)] * n_rows)
    table = pa.table({"body": [str(n) for n in range(n_rows)], "level": levels, "category": ["bug"] * n_rows})
    solved, log = read(table.append_column("created_at", days))
    assert len(solved) == n_rows - 1
    assert '"line": 1101,' in log.path.read_text("utf-8")
    assert '"created_at": "2024-01-01"' in log.path.read_text("utf-8")


def test_a_table_without_rows_or_with_a_column_twice_is_refused(read):
    """A table that holds nothing, or nothing certain, is told as a whole."""
    with pytest.raises(HistoryError, match="has no rows"):
        read(pa.table({"body": pa.array([], pa.string()), "level": pa.array([], pa.int64())}))
    with pytest.raises(HistoryError, match='the column "body" twice'):
        read(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["body", "body"]))
