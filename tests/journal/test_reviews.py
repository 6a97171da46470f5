"""Which decisions wait for a person."""

from dataclasses import replace
from datetime import timedelta

from journal import Correction, KeptDocument


def sent_to_review(decide, id_: str, **facts):
    return replace(decide(id_, **facts), action="review", labels={})


def test_what_was_sent_to_review_waits_until_somebody_answers(journal, decide):
    """A decision waits once; a correction takes it out of the queue."""
    journal.record_decisions([sent_to_review(decide, "c_1", id="1"), decide("c_2", id="2")])
    queue = journal.reviews.waiting(limit=10)
    assert (queue.n_waiting, [one.id for one in queue.decisions]) == (1, ["c_1"])
    journal.record_correction(Correction(classification_id="c_1", labels={"level": "1"}))
    assert journal.reviews.waiting(limit=10).n_waiting == 0


def test_what_the_audit_asks_back_comes_first_until_it_is_answered_whole(journal, decide):
    """A draw waits before newer reviews, also while only a part of it was confirmed."""
    drawn = replace(decide("c_1", id="1"), action="auto", labels={"level": "2", "category": "bug"}, audit=True)
    newer = sent_to_review(decide, "c_2", id="2")
    journal.record_decisions([drawn, replace(newer, time=drawn.time + timedelta(hours=1))])
    assert [one.id for one in journal.reviews.waiting(limit=10).decisions] == ["c_1", "c_2"]
    journal.record_correction(Correction(classification_id="c_1", labels={"level": "2"}))
    assert journal.reviews.waiting(limit=1).decisions[0].id == "c_1"
    journal.record_correction(Correction(classification_id="c_1", labels={"category": "bug"}))
    assert [one.id for one in journal.reviews.waiting(limit=10).decisions] == ["c_2"]


def test_only_the_last_decision_about_a_ticket_waits(journal, decide):
    """A ticket that was decided again is not asked about twice; tickets without an id are not taken for one another."""
    first = sent_to_review(decide, "c_1", id="1")
    again = replace(sent_to_review(decide, "c_2", id="1"), time=first.time + timedelta(minutes=1))
    nameless = [replace(sent_to_review(decide, f"c_{n}", id=None), time=first.time) for n in (3, 4)]
    journal.record_decisions([first, again, *nameless])
    assert {one.id for one in journal.reviews.waiting(limit=10).decisions} == {"c_2", "c_3", "c_4"}
    assert journal.reviews.latest("1").id == "c_2"
    assert journal.reviews.latest("9") is None


def test_a_ticket_that_was_solved_waits_no_more(journal, decide):
    """Once it is kept as a solved ticket nobody needs to route it."""
    journal.record_decision(sent_to_review(decide, "c_1", id="1"))
    solved = KeptDocument(kind="ticket", id="1", digest="d", content={"ticket": {}})
    journal.documents.keep([solved])
    assert journal.reviews.waiting(limit=10).n_waiting == 0


def test_whoever_is_bound_to_customers_sees_theirs_alone(journal, decide):
    """Others' tickets are neither listed nor counted."""
    journal.record_decisions(
        [sent_to_review(decide, f"c_{n}", id=str(n), customer=whose) for n, whose in enumerate(["A", "B", None])]
    )
    queue = journal.reviews.waiting(limit=10, customers=frozenset({"A"}))
    assert (queue.n_waiting, [one.id for one in queue.decisions]) == (1, ["c_0"])
    assert journal.reviews.waiting(limit=1).n_waiting == 3
