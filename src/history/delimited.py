"""The rows of a CSV file; the delimiter is found from its header."""

import csv
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from history.fault import HistoryError, Reason, RowFault
from history.lines import LINE_LIMIT, Line, open_lines
from history.row import BrokenRow, Row

DELIMITERS = (",", ";", "\t")
RECORD_LIMIT = LINE_LIMIT
"""Characters of one record beyond which its opening quote is taken for a stray one."""

_HEADER_LINES = 100


@dataclass(frozen=True, slots=True)
class _Record:
    lines: tuple[Line, ...]
    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    delimiter: str
    lines: Iterator[Line]
    """The lines after the header."""


def columns(file: Path, names: Collection[str]) -> tuple[str, ...]:
    """The columns in the header of ``file``; ``names``, those looked for, settle a doubtful delimiter.

    Raises
    ------
    HistoryError
        The file cannot be read, has no readable header or no row, or has one of ``names`` twice.
    """
    with open_lines(file) as lines:
        table = _open_table(file, lines, names)
        if not any(line.text.strip() for line in table.lines):
            raise HistoryError(file, "has a header but no rows", "export the tickets again")
        return table.columns


def rows(file: Path, names: Collection[str]) -> Iterator[Row | BrokenRow]:
    """The rows of ``file`` in order, each with the line it begins on.

    A record that does not fit gives up its first line alone; reading goes on at the next line, so a stray
    quote does not swallow the rows after it.
    """
    with open_lines(file) as lines:
        table = _open_table(file, lines, names)
        pending: deque[Line] = deque()
        while record := _next_record(pending, table.lines, table.delimiter):
            if record.cells or record.fault:
                row = _row(record, table)
                if isinstance(row, BrokenRow):
                    pending.extendleft(reversed(record.lines[1:]))
                yield row


def _row(record: _Record, table: _Table) -> Row | BrokenRow:
    first, n_columns = record.lines[0], len(table.columns)
    n_bytes_read = record.lines[-1].n_bytes_read
    cells = record.cells
    fault = None
    if record.fault:
        message = f"the quotes do not fit ({record.fault}); close every quote and double those inside a cell"
        fault = RowFault(Reason.BAD_CSV, None, message)
    elif len(cells) < n_columns or any(cells[n_columns:]):
        message = (
            f"{len(cells)} cells where the header has {n_columns} columns; "
            f"quote cells that hold {_shown(table.delimiter)} or a newline"
        )
        fault = RowFault(Reason.CELL_COUNT, None, message)
    if fault:
        return BrokenRow(line=first.number, raw=first.text, fault=fault, n_bytes_read=n_bytes_read)
    return Row(
        line=first.number,
        values=dict(zip(table.columns, cells, strict=False)),
        n_bytes_read=n_bytes_read,
        doubtful=any(line.doubtful for line in record.lines),
    )


def _next_record(pending: deque[Line], lines: Iterator[Line], delimiter: str) -> _Record | None:
    """The next record and the lines it took, from ``pending`` first; None at the end of the file."""
    taken: list[Line] = []

    def feed() -> Iterator[str]:
        n_characters = 0
        while n_characters <= RECORD_LIMIT:
            line = pending.popleft() if pending else next(lines, None)
            if line is None:
                return
            taken.append(line)
            n_characters += len(line.text)
            yield line.text

    # The limit belongs to the whole process; it is only ever raised, or long cells would be refused.
    if csv.field_size_limit() < 2 * RECORD_LIMIT:
        csv.field_size_limit(2 * RECORD_LIMIT)
    try:
        cells = tuple(next(csv.reader(feed(), delimiter=delimiter, strict=True)))
    except StopIteration:
        return None
    except csv.Error as error:
        return _Record(tuple(taken), (), str(error))
    return _Record(tuple(taken), cells)


def _open_table(file: Path, lines: Iterator[Line], names: Collection[str]) -> _Table:
    head = list(islice(lines, _HEADER_LINES))
    while head and not head[0].text.strip("\r\n"):
        del head[0]
    stated = head[0].text.strip().removeprefix("sep=") if head and head[0].text.startswith("sep=") else ""
    if stated in DELIMITERS:  # how Excel states the delimiter
        del head[0]
    else:
        stated = ""
    headers = {
        delimiter: header
        for delimiter in (stated or DELIMITERS)
        if (header := _next_record(deque(), iter(head), delimiter)) and header.cells
    }
    if not headers:
        raise HistoryError(file, "has no readable header line", "name the columns in its first line, quotes closed")
    wanted = {name.casefold() for name in names}

    def fit(delimiter: str) -> tuple[int, int]:
        cells = headers[delimiter].cells
        return sum(cell.strip().casefold() in wanted for cell in cells), len(cells)

    delimiter = max(headers, key=fit)
    header = headers[delimiter]
    found = _named(file, tuple(cell.strip() for cell in header.cells), wanted)
    return _Table(found, delimiter, chain(head[len(header.lines) :], lines))


def _named(file: Path, header: tuple[str, ...], wanted: Collection[str]) -> tuple[str, ...]:
    """The header with a name for every nameless column and a number for every name's repetition."""
    named: list[str] = []
    for place, name in enumerate(header, start=1):
        n_before = header[: place - 1].count(name)
        if n_before and name.casefold() in wanted:
            raise HistoryError(file, f'has the column "{name}" twice', "rename one of them in the header line")
        base = name or f"column {place}"
        named.append(f"{base} ({n_before + 1})" if name and n_before else base)
    return tuple(named)


def _shown(delimiter: str) -> str:
    return "a tab" if delimiter == "\t" else f'"{delimiter}"'
