"""Solved tickets as a table."""

from datetime import UTC, datetime

import pandas as pd

from history import to_frame
from tickets import Solution, SolvedTicket, Ticket


def test_a_frame_has_the_contracts_columns_in_order():
    """Each ticket is one row under the names of a history file, with a column for every target met."""
    when = datetime(2024, 5, 31, 12, tzinfo=UTC)
    first = SolvedTicket(
        ticket=Ticket(id="1", subject="a", body="b", created_at=when),
        labels={"level": "1"},
        solution=Solution(resolution="done", closed_at=when, n_reopened=2),
        problem="p",
    )
    second = SolvedTicket(ticket=Ticket(id="2", body="c"), labels={"category": "bug", "queue": "x"})
    frame = to_frame(iter([first, second]))
    assert list(frame.columns) == [
        *("id", "subject", "body", "language", "channel", "product", "customer", "created_at"),
        *("level", "category", "queue", "closed_at", "resolution", "article_id", "n_reopened", "problem"),
    ]
    assert list(frame["id"]) == ["1", "2"]
    assert frame["created_at"][0] == pd.Timestamp(when)
    assert pd.isna(frame["closed_at"][1])
    assert frame["resolution"][0] == "done"
    assert list(frame["n_reopened"]) == [2, 0]
    assert list(frame["level"].isna()) == [False, True]


def test_a_frame_of_nothing_has_the_columns_of_a_ticket():
    """No tickets make an empty table whose times are still times."""
    frame = to_frame([])
    assert len(frame) == 0
    assert str(frame["created_at"].dt.tz) == "UTC"
    assert "level" not in frame
