"""Solved tickets as a table, for notebooks."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from history.mapping import SOLUTION_COLUMNS, TICKET_COLUMNS
from tickets import Solution, SolvedTicket

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("created_at", "closed_at")


def to_frame(tickets: Iterable[SolvedTicket]) -> "pd.DataFrame":
    """One row a ticket: the ticket's columns, one per target met, then the solution's; times in UTC."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    rows = [_row(ticket) for ticket in tickets]
    targets = list(dict.fromkeys(target for row in rows for target in row if target not in _FIXED))
    frame = pd.DataFrame(rows, columns=[*TICKET_COLUMNS, *targets, *SOLUTION_COLUMNS])
    for column in _TIMES:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


_FIXED = {*TICKET_COLUMNS, *SOLUTION_COLUMNS}


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
