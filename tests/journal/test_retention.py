"""What is removed when its time is over, and what is not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from journal import Correction, Journal, Periods, Vote

DAY = timedelta(days=1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
FOR_EVER = Periods(decisions=None, corrections=None, audits=None, votes=None, requests=None, acts=None)


@pytest.fixture
def filled(journal, decide):
    """Two of everything: ten days old, and one day."""
    for days, name in ((10, "c_old"), (1, "c_new")):
        time = NOW - days * DAY
        drawn = replace(decide(name, body=f"Geheimwort {name} " * 500), time=time, action="auto", audit=True)
        journal.record_decision(drawn)
        journal.record_correction(Correction(classification_id=name, labels={"level": "2"}, time=time))
        journal.record_vote(Vote(query=name, hit_id="a", helpful=True, time=time))
    return journal


def test_nothing_goes_without_a_period(filled):
    """For ever is for ever."""
    assert not any(filled.retention.enforce(FOR_EVER, NOW).values())
    assert (filled.counts().decisions, filled.counts().votes) == (2, 2)


def test_each_kind_goes_by_its_own_period(filled):
    """Old votes go, decisions of the same day stay; with a decision go its corrections and its audit."""
    assert filled.retention.enforce(replace(FOR_EVER, votes=5 * DAY), NOW)["votes"] == 1
    assert [vote.query for vote in filled.votes()] == ["c_new"]
    removed = filled.retention.enforce(replace(FOR_EVER, decisions=5 * DAY), NOW)
    assert removed["decisions"] == 1
    assert (filled.decision("c_old"), len(filled.corrections()), len(filled.audit("2026-03-01-a").draws)) == (
        None,
        1,
        1,
    )


def test_exactly_what_is_older_goes(filled):
    """What is as old as its period stays."""
    assert filled.retention.enforce(replace(FOR_EVER, votes=10 * DAY), NOW)["votes"] == 0


def test_many_go_in_parts(journal):
    """More than fit one transaction go all the same."""
    with journal._writing() as connection:
        from sqlalchemy import insert

        from journal.schema import votes

        row = {"time": NOW - 9 * DAY, "query": "q", "hit_id": "h", "helpful": True}
        connection.execute(insert(votes), [row] * 2_500)
    assert journal.retention.enforce(replace(FOR_EVER, votes=DAY), NOW)["votes"] == 2_500


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_removed_words_leave_the_files(filled, database):
    """No file of the database holds them afterwards."""
    filled.retention.enforce(replace(FOR_EVER, decisions=5 * DAY, votes=5 * DAY), NOW)
    held = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert b"Geheimwort c_new" in held
    assert b"Geheimwort c_old" not in held


def test_one_process_a_day_has_the_duty(journal, url):
    """Of eight that ask one hears yes; the next day one again, and one where the clock was put back."""
    with Journal.open(url) as patient, ThreadPoolExecutor(8) as pool:
        for now in (NOW, NOW + DAY, NOW - 300 * DAY):
            assert sum(pool.map(lambda _, now=now: patient.retention.is_due(now), range(8))) == 1
    assert not journal.retention.is_due(NOW - 300 * DAY + DAY / 2)


def test_a_clock_put_forward_is_doubted(journal):
    """Where years have passed since yesterday, whoever asks is told how many."""
    assert journal.retention.gap(NOW) is None
    journal.retention.is_due(NOW)
    assert journal.retention.gap(NOW + DAY) is None
    assert journal.retention.gap(NOW + 3_000 * DAY) == 3_000 * DAY
