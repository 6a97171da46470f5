"""Tickets as a table and a table's rows as tickets, for notebooks and batch scoring."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from history.mapping import SOLUTION_COLUMNS, TICKET_COLUMNS
from tickets import Solution, SolvedTicket, Ticket

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("created_at", "closed_at")
_WORDS = ("subject", "body")


class FrameError(ValueError):
    """A table cannot be read as tickets."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(f"the table {fault}; {cure}")


def to_frame(tickets: Iterable[SolvedTicket]) -> "pd.DataFrame":
    """One row a ticket: the ticket's columns, one per target met, then the solution's; times in UTC."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    rows = [_row(ticket) for ticket in tickets]
    targets = list(dict.fromkeys(target for row in rows for target in row if target not in _FIXED))
    frame = pd.DataFrame(rows, columns=[*TICKET_COLUMNS, *targets, *SOLUTION_COLUMNS])
    for column in _TIMES:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def to_tickets(frame: "pd.DataFrame") -> list[Ticket]:
    """A ticket a row, of those of our columns that the table has; others are not looked at.

    Raises
    ------
    FrameError
        The table has neither a subject nor a body, or a cell that should hold words holds none.
    """
    if not any(name in frame.columns for name in _WORDS):
        raise FrameError("has neither a column body nor subject", "rename the columns that hold the customer's words")
    present = [name for name in TICKET_COLUMNS if name in frame.columns]
    return [
        Ticket(**{name: _cell(row[name], name) for name in present if not _is_missing(row[name])})
        for row in _records(frame, present)
    ]


def to_solved(frame: "pd.DataFrame", labels: "pd.DataFrame") -> list[SolvedTicket]:
    """A solved ticket a row: the ticket, its labels (one target a column of ``labels``), its solution and problem."""
    known = _records(labels, list(labels.columns))
    solutions = [name for name in SOLUTION_COLUMNS if name in frame.columns]
    return [
        SolvedTicket(
            ticket=ticket,
            labels={str(target): str(label) for target, label in given.items() if not _is_missing(label)},
            **_closing({name: value for name, value in row.items() if not _is_missing(value)}),
        )
        for ticket, given, row in zip(to_tickets(frame), known, _records(frame, solutions), strict=True)
    ]


_FIXED = {*TICKET_COLUMNS, *SOLUTION_COLUMNS}


def _closing(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The solution and the problem that a row's cells tell of."""
    facts = {name: _cell(value, name) for name, value in cells.items()}
    problem = facts.pop("problem", None)
    return {"problem": problem, "solution": Solution(**facts) if facts else None}


def _records(frame: "pd.DataFrame", columns: Sequence[str]) -> list[dict[str, Any]]:
    if not columns:
        return [{} for _ in range(len(frame))]
    return [dict(zip(columns, row, strict=True)) for row in frame[list(columns)].itertuples(index=False, name=None)]


def _is_missing(value: object) -> bool:
    """None, NaN and NaT, all of which differ from themselves or are None."""
    return value is None or bool(value != value) or str(value) == "<NA>"  # noqa: PLR0124 - so are they told


def _cell(value: Any, name: str) -> Any:
    if name in _TIMES:
        return value.to_pydatetime() if hasattr(value, "to_pydatetime") else datetime.fromisoformat(str(value))
    if name == "n_reopened":
        return int(value)
    if name in _WORDS and not isinstance(value, str):
        raise FrameError(f"holds {value!r} in column {name}", "give words")
    return str(value)


def _row(solved: SolvedTicket) -> dict[str, object]:
    ticket, solution = solved.ticket, solved.solution or Solution()
    row: dict[str, object] = {name: getattr(ticket, name) for name in TICKET_COLUMNS}
    return (
        dict(solved.labels)
        | row
        | {
            "closed_at": solution.closed_at,
            "resolution": solution.resolution or None,
            "article_id": solution.article_id,
            "n_reopened": solution.n_reopened,
            "problem": solved.problem,
        }
    )
