"""What a desk removes for its age, and when it does not trust its clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from desk import AuditTrail, Keeping, Settings
from journal import Journal, Vote
from journal.schema import duties


@pytest.fixture
def journal():
    with Journal.open("sqlite://") as opened:
        for days in (1, 20):
            time = datetime.now(UTC) - timedelta(days=days)
            opened.record_vote(Vote(query="q", hit_id="h", helpful=True, time=time))
        yield opened


@pytest.fixture
def keeping(journal):
    settings = Settings(retain_votes_days=10)
    return Keeping(settings, lambda: journal, AuditTrail(lambda: journal))


def last_done(journal, ago):
    with journal._writing() as connection:
        connection.execute(update(duties).values(time=datetime.now(UTC) - ago))


def test_it_is_done_once_a_day_and_kept_in_the_trail(journal, keeping):
    """The first asking removes, the second of the same day does nothing."""
    for _ in range(2):
        keeping.enforce_daily()
    assert journal.counts().votes == 1
    assert [(one.actor, one.act, one.outcome) for one in journal.trail.acts(limit=9)] == [
        ("stellwerk", "retain", "done")
    ]


def test_a_clock_that_jumped_removes_nothing_by_itself(journal, keeping, caplog):
    """Where years went by since yesterday nothing is removed and the log says why; by hand it is done."""
    keeping.enforce_daily()
    journal.record_vote(Vote(query="q", hit_id="h", helpful=True, time=datetime.now(UTC) - timedelta(days=20)))
    last_done(journal, timedelta(days=3_000))
    keeping.enforce_daily()
    assert journal.counts().votes == 2
    assert "is the clock right? days=3000" in caplog.text
    assert keeping.enforce(actor="command line").votes == 1


def test_a_clock_that_was_put_back_does_not_stop_it(journal, keeping):
    """What was done in the future is due now."""
    keeping.enforce_daily()
    journal.record_vote(Vote(query="q", hit_id="h", helpful=True, time=datetime.now(UTC) - timedelta(days=20)))
    last_done(journal, timedelta(days=-300))
    keeping.enforce_daily()
    assert journal.counts().votes == 1
