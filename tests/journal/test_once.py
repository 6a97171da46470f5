"""Requests that are done once, also where many send them, a process dies, or the clock is set."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from journal import Answered, Claimed, Pending
from journal.schema import requests

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ANSWER = Answered(digest="d", status=200, content_type="application/json", content=b"{}")


@pytest.fixture
def claim(journal):
    def ask(key="k", digest="d", actor="a"):
        return journal.once.claim(key, digest, actor=actor, lasts=DAY, patience=MINUTE)

    return ask


def moved(journal, by):
    with journal._writing() as connection:
        connection.execute(update(requests).values(time=datetime.now(UTC) + by))


def test_the_first_answer_is_given_again(journal, claim):
    """While the first is at it, the second hears so; afterwards it hears the answer; others have keys of their own."""
    claimed = claim()
    assert isinstance(claimed, Claimed)
    assert claim(digest="other") == Pending("d")
    journal.once.answer("k", claimed, ANSWER, actor="a")
    assert claim(digest="other") == ANSWER
    assert isinstance(claim(actor="b"), Claimed)


def test_of_many_one_does_it(claim):
    """Eight that send the same at once: one has it to do, seven hear that somebody is at it."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: claim(), range(8)))
    assert sum(isinstance(one, Claimed) for one in found) == 1
    assert sum(one == Pending("d") for one in found) == 7


@pytest.mark.parametrize("by", [-2 * MINUTE, 2 * MINUTE], ids=["late", "clock put back"])
def test_what_was_given_up_is_taken_up_anew(journal, claim, by):
    """Whoever took it up and died holds it no longer than the patience; if it lives on, its answer is not kept."""
    overtaken = claim()
    moved(journal, by)
    mine = claim()
    assert isinstance(mine, Claimed)
    journal.once.answer("k", overtaken, ANSWER, actor="a")
    assert claim() == Pending("d")
    journal.once.answer("k", mine, ANSWER, actor="a")
    assert claim() == ANSWER


def test_an_answer_lasts_its_time(journal, claim):
    """After it the key is new."""
    journal.once.answer("k", claim(), ANSWER, actor="a")
    moved(journal, -DAY - MINUTE)
    assert isinstance(claim(digest="other"), Claimed)


def test_what_was_released_can_be_sent_again(journal, claim):
    """A request of which nothing was done leaves no trace."""
    journal.once.release("k", claim(), actor="a")
    assert isinstance(claim(), Claimed)


def test_erasing_a_ticket_erases_answers_and_not_that_they_were_given(journal, claim, decide):
    """Any answer may quote it; the request is not done a second time for that."""
    journal.once.answer("k", claim(), ANSWER, actor="a")
    journal.record_decision(decide())
    journal.erase_ticket("4711")
    assert claim() == Answered(digest="d", status=200, content_type="application/json", content=None)
