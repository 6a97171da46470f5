"""Reading a desk's export files: solved tickets to learn from, or tickets that just arrived."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from history.arrivals import arrival_rows
from history.columns import ColumnFinder
from history.export import rows_of, size_of
from history.fault import Reason, RowFault
from history.labels import LabelReader, label_readers
from history.mapping import AS_NAMED, HistoryMapping
from history.placed import PlacedTicket, PlacedTicketReader
from history.progress import Progress
from history.readers import SolvedTicketReader, TicketReader
from history.rejects import Reject, RejectLog
from history.row import BrokenRow
from history.ticket_cells import TicketCells
from tickets import SolvedTicket, Taxonomy, Ticket

_log = logging.getLogger(__name__)
_PROGRESS_ROWS = 1000
_DOUBT = RowFault(
    Reason.DOUBTFUL_ENCODING,
    None,
    "read as Windows-1252, but parts of it are UTF-8 and may look garbled; export it again in UTF-8",
)
_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T")


def read_history(
    paths: Sequence[Path],
    *,
    taxonomy: Taxonomy,
    mapping: HistoryMapping = AS_NAMED,
    rejects: RejectLog,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[SolvedTicket]:
    """The solved tickets in ``paths``, in order, read as they are asked for.

    A row is rejected when it is no row, has neither subject nor body, has a label unknown to its target, has
    no label at all, or repeats an id. Of rows of one id with different times the earliest is the ticket; the others are
    its later messages and are rejected as such. A row that lacks one label of several is kept with the others, one
    with a bad date without it; both are noted. Every reject and note goes to ``rejects``.

    Raises
    ------
    MappingError
        The mapping names a column, target or label that is not ours.
    HistoryError
        A file cannot be read or lacks a column; what can be told from the beginning of a file is raised at
        once, before the first ticket is asked for.
    """
    mapping.check(taxonomy)
    reading = _Reading(tuple(paths), ColumnFinder(mapping, taxonomy.names, solved=True), rejects, progress)
    return reading.each_solved(label_readers(taxonomy, mapping), lambda reader: reader)


def read_placed(
    paths: Sequence[Path],
    *,
    taxonomy: Taxonomy,
    mapping: HistoryMapping = AS_NAMED,
    rejects: RejectLog,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[PlacedTicket]:
    """The same as `read_history` gives, each with the place of its row and what else the row says."""
    mapping.check(taxonomy)
    reading = _Reading(tuple(paths), ColumnFinder(mapping, taxonomy.names, solved=True), rejects, progress)
    return reading.each_solved(label_readers(taxonomy, mapping), PlacedTicketReader)


def read_tickets(
    paths: Sequence[Path],
    *,
    mapping: HistoryMapping = AS_NAMED,
    rejects: RejectLog,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[Ticket]:
    """The tickets in ``paths``, in order, read as they are asked for; labels and solutions are not looked at.

    Every ticket that can be read is kept, for each wants an answer: one without words or with a repeated id
    is noted in ``rejects``, not rejected.

    Raises
    ------
    HistoryError
        A file cannot be read or has neither a subject nor a body; raised as by ``read_history``.
    """
    return _Reading(tuple(paths), ColumnFinder(mapping), rejects, progress).each(TicketReader())


class _Reader(Protocol[_T_co]):
    """Makes something of one row, or raises a ``RowFault``."""

    def read(self, cells: TicketCells, file: Path, line: int) -> _T_co: ...


@dataclass(slots=True)
class _Reading:
    """One pass over the files: checked before it begins, counted and logged as it goes."""

    paths: tuple[Path, ...]
    finder: ColumnFinder
    rejects: RejectLog
    progress: Callable[[Progress], None] | None
    sizes: list[int] = field(init=False)
    n_bytes_before: int = 0
    """Size of the files read to their end."""
    n_rows: int = 0

    def __post_init__(self) -> None:
        self.sizes = [size_of(file) for file in self.paths]
        for file in self.paths:
            self.finder.check(file)

    def each_solved(
        self, labels: Mapping[str, LabelReader], reader: Callable[[SolvedTicketReader], _Reader[_T]]
    ) -> Iterator[_T]:
        """What ``reader`` makes of each solved ticket, once it is known which rows are a ticket's first."""
        yield from self.each(reader(SolvedTicketReader(labels, arrival_rows(self.paths, self.finder))))

    def each(self, reader: _Reader[_T]) -> Iterator[_T]:
        """What ``reader`` makes of each row that is not rejected."""
        try:
            for file, size in zip(self.paths, self.sizes, strict=True):
                n_rows_before, n_rejected_before = self.n_rows, self.rejects.n_rejected
                yield from self._each_in(file, reader)
                self.n_bytes_before += size
                self._tell(file, 0)
                n_rows = self.n_rows - n_rows_before
                n_rejected = self.rejects.n_rejected - n_rejected_before
                facts = {"file": str(file), "n_rows": n_rows, "n_rejected": n_rejected}
                _log.info("export file read", extra=facts)
        finally:
            self.rejects.flush()

    def _each_in(self, file: Path, reader: _Reader[_T]) -> Iterator[_T]:
        for row in rows_of(file, names=self.finder.names.values()):
            self.n_rows += 1
            if self.n_rows % _PROGRESS_ROWS == 0:
                self._tell(file, row.n_bytes_read)
            if isinstance(row, BrokenRow):
                self._add(file, row.line, row.fault, row.raw)
                continue
            cells = TicketCells(row.values, self.finder.find(tuple(row.values)))
            if row.doubtful:
                cells.notes.append(_DOUBT)
            try:
                made = reader.read(cells, file, row.line)
            except RowFault as fault:
                self._add(file, row.line, fault, row.values, id_=_id_in(cells))
                continue
            for note in cells.notes:
                self._add(file, row.line, note, row.values, kept=True)
            yield made

    def _add(
        self,
        file: Path,
        line: int,
        fault: RowFault,
        row: Mapping[str, object] | str,
        *,
        kept: bool = False,
        id_: str | None = None,
    ) -> None:
        self.rejects.add(
            Reject(
                file=file,
                line=line,
                column=fault.column,
                reason=fault.reason,
                message=fault.message,
                row=row,
                kept=kept,
                id=id_,
            )
        )

    def _tell(self, file: Path, n_bytes_read: int) -> None:
        if self.progress:
            self.progress(
                Progress(
                    file=file,
                    n_bytes_read=self.n_bytes_before + n_bytes_read,
                    n_bytes=sum(self.sizes),
                    n_rows=self.n_rows,
                )
            )


def _id_in(cells: TicketCells) -> str | None:
    """The id a row names, however unusable the rest of it is."""
    try:
        return cells.word("id")
    except RowFault:
        return None
