"""What becomes of one row: a ticket, a solved ticket, or a fault for which it is rejected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from history.fault import Reason, RowFault
from history.labels import LabelReader
from history.ticket_cells import TicketCells
from tickets import SolvedTicket, Ticket


@dataclass(slots=True)
class SeenIds:
    """Where each id was first met."""

    places: dict[str, tuple[Path, int]] = field(default_factory=dict)

    def fault(self, identity: str, cells: TicketCells, *, own: bool) -> RowFault | None:
        """What is wrong with an id met before; ``own`` when the desk gave it."""
        if identity not in self.places:
            return None
        file, line = self.places[identity]
        place = f"{file.name} line {line}"
        if own:
            message = f"{identity} is the id of {place} too; give each ticket its own id, or remove one of them"
            return RowFault(Reason.REPEATED_ID, cells.column("id"), message)
        message = f"says the same as {place} and has no id; add an id column if both are meant"
        return RowFault(Reason.REPEATED_ROW, None, message)

    def add(self, identity: str, file: Path, line: int) -> None:
        """Remember where ``identity`` was met, unless it was met before."""
        self.places.setdefault(identity, (file, line))


@dataclass(slots=True)
class TicketReader:
    """Reads one row as a ticket; every one is kept, with a note where it is doubtful."""

    seen: SeenIds = field(default_factory=SeenIds)

    def read(self, cells: TicketCells, file: Path, line: int) -> Ticket:
        """The ticket in ``cells``, which stand in ``line`` of ``file``.

        Raises
        ------
        RowFault
            A cell cannot be read as text.
        """
        ticket, identity, own = _identified(cells)
        for fault in (_emptiness(ticket, cells), self.seen.fault(identity, cells, own=own)):
            if fault:
                cells.notes.append(fault)
        self.seen.add(identity, file, line)
        return ticket


@dataclass(slots=True)
class SolvedTicketReader:
    """Reads one row as a solved ticket with the labels it has."""

    labels: Mapping[str, LabelReader]
    arrivals: Mapping[str, tuple[Path, int]] = field(default_factory=dict)
    """Where the first message of a ticket stands, by its id, for tickets of several rows."""
    seen: SeenIds = field(default_factory=SeenIds)

    def read(self, cells: TicketCells, file: Path, line: int) -> SolvedTicket:
        """The solved ticket in ``cells``, which stand in ``line`` of ``file``.

        Raises
        ------
        RowFault
            The row cannot be learned from.
        """
        ticket, identity, own = _identified(cells)
        if (first := self.arrivals.get(identity, (file, line))) != (file, line):
            message = f"a later message of {identity}, which begins in {first[0].name} line {first[1]}"
            raise RowFault(Reason.LATER_MESSAGE, cells.column("id"), f"{message}; a ticket is read as it arrived")
        if fault := _emptiness(ticket, cells):
            raise fault
        labels = self._labels(cells)
        solved = SolvedTicket(ticket=ticket, labels=labels, solution=cells.solution(), problem=cells.word("problem"))
        if fault := self.seen.fault(identity, cells, own=own):
            raise fault
        self.seen.add(identity, file, line)
        return solved

    def _labels(self, cells: TicketCells) -> dict[str, str]:
        labels: dict[str, str] = {}
        missing: list[RowFault] = []
        for target, reader in self.labels.items():
            column = cells.column(target)
            label = reader.read(cells.value(target), column)
            if label is None:
                message = f"has no {target}; fill the cell with one of {', '.join(reader.target.label_names)}"
                missing.append(RowFault(Reason.MISSING_LABEL, column, message))
            else:
                labels[target] = label
        if missing and not labels:
            raise missing[0]
        cells.notes.extend(missing)
        return labels


def _identified(cells: TicketCells) -> tuple[Ticket, str, bool]:
    """The ticket, its id in any case, and whether the desk gave it."""
    ticket = cells.ticket()
    if ticket.id:
        return ticket, ticket.id, True
    identity = cells.content_id(ticket)
    return replace(ticket, id=identity), identity, False


def _emptiness(ticket: Ticket, cells: TicketCells) -> RowFault | None:
    if ticket.subject or ticket.body:
        return None
    column = cells.column("subject" if "subject" in cells.found and "body" not in cells.found else "body")
    return RowFault(Reason.EMPTY_TICKET, column, "has neither subject nor body; fill one of them or remove the row")
