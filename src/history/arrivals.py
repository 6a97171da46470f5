"""Which of several rows of one ticket holds what its customer wrote first."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from history.columns import ColumnFinder
from history.export import rows_of
from history.fault import RowFault
from history.row import Row
from history.ticket_cells import TicketCells

if TYPE_CHECKING:
    from datetime import datetime

Place = tuple[Path, int]


def arrival_rows(paths: Sequence[Path], finder: ColumnFinder) -> Mapping[str, Place]:
    """For each id whose rows were written at different times, the place of the earliest; the first of equals.

    Only ids are read the first time over the files, and the times of those that come again a second time. An id with a
    row that tells no time is left out: then nobody can say which row was first.
    """
    seen: set[str] = set()
    again: set[str] = set()
    for id_, _, _, _ in _rows(paths, finder):
        (again if id_ in seen else seen).add(id_)
    if not again:
        return {}
    times: dict[str, list[tuple[datetime | None, int, Place]]] = {}
    for number, (id_, cells, file, line) in enumerate(_rows(paths, finder)):
        if id_ in again:
            times.setdefault(id_, []).append((cells.moment("created_at"), number, (file, line)))
    return {
        id_: min(dated)[2]
        for id_, rows in times.items()
        if len(dated := [(time, number, place) for time, number, place in rows if time is not None]) == len(rows)
        and len({time for time, _, _ in dated}) > 1
    }


def _rows(paths: Sequence[Path], finder: ColumnFinder) -> Iterator[tuple[str, TicketCells, Path, int]]:
    """The rows that name their id, of files that tell times."""
    for file in paths:
        for row in rows_of(file, names=finder.names.values()):
            if not isinstance(row, Row):
                continue
            cells = TicketCells(row.values, finder.find(tuple(row.values)))
            if "created_at" not in cells.found or "id" not in cells.found:
                continue
            try:
                id_ = cells.word("id")
            except RowFault:
                continue
            if id_ is not None:
                yield id_, cells, file, row.line
