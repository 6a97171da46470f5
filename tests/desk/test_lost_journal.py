"""A journal that goes away and comes back while a desk answers."""

import pytest

from journal import JournalError
from tickets import Ticket


def test_what_was_answered_is_in_the_journal_also_where_it_goes_and_comes_back(opened, settings, tmp_path) -> None:
    """While it is away nothing is answered; when it is back the same desk goes on, and every answer is in it."""
    desk, file = opened(), tmp_path / "journal.db"
    answered = [desk.classify(Ticket(body="Der Drucker streikt")).id]
    away = file.rename(tmp_path / "away.db")
    for _ in range(3):
        with pytest.raises(JournalError, match="put the file back"):
            desk.classify(Ticket(body="Der Drucker streikt"))
    away.rename(file)
    answered.append(desk.classify(Ticket(body="Der Drucker streikt")).id)
    assert [desk._journal.decision(one).id for one in answered] == answered
    assert desk._journal.counts().decisions == 2
