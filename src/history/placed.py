"""A solved ticket with the place it was read from, for whoever has to look at the row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from history.cells import words
from history.fault import RowFault
from history.readers import SolvedTicketReader
from history.ticket_cells import TicketCells
from tickets import SolvedTicket

_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTicket:
    """A solved ticket, where its row begins, and what else the row says in short."""

    solved: SolvedTicket
    file: Path
    line: int
    """The line in a text file, the row in a Parquet file; from 1."""
    others: Mapping[str, str]
    """Cells of at most 100 characters in columns that are none of ours, by the desk's own name."""

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return f"{self.file.name} line {self.line}"


class PlacedTicketReader:
    """Reads one row as a solved ticket and remembers where."""

    def __init__(self, reader: SolvedTicketReader) -> None:
        self._reader = reader

    def read(self, cells: TicketCells, file: Path, line: int) -> PlacedTicket:
        """The solved ticket in ``cells`` and its place.

        Raises
        ------
        RowFault
            The row cannot be learned from.
        """
        solved = self._reader.read(cells, file, line)
        return PlacedTicket(solved=solved, file=file, line=line, others=_others(cells))


def _others(cells: TicketCells) -> dict[str, str]:
    ours = set(cells.found.values())
    found = {}
    for column, value in cells.values.items():
        if column in ours or isinstance(value, list | dict):
            continue
        try:
            text = words(value, column)
        except RowFault:  # a cell that nobody asked for
            continue
        if len(text) <= _LONGEST:
            found[column] = text
    return found
