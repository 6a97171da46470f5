"""What a journal remembers, in what order, and what it forgets."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal import (
    Correction,
    ErasedCounts,
    Journal,
    JournalCounts,
    JournalError,
    UnknownClassificationError,
    Vote,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_decision_comes_back_as_it_went_in(journal, decide):
    """Ticket, predictions, reasons, model and time to the microsecond survive the database."""
    journal.record_decision(decide())
    assert journal.decision("c_1") == decide()


def test_an_unknown_decision_is_none(journal):
    """Asking for a decision nobody recorded gives nothing, not an error."""
    assert journal.decision("c_nobody") is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(), moment=st.datetimes(timezones=st.timezones()))
def test_any_words_and_any_moment_survive(url, decide, words, moment):
    """Whatever a customer writes, in whatever zone, comes back the same; NUL in a search as a space."""
    record = replace(decide(subject=words, body=words, product=words or None), time=moment.astimezone(UTC))
    record = replace(record, id=uuid.uuid4().hex)
    with Journal.open(url) as journal:
        journal.record_decision(record)
        journal.record_vote(Vote(query=words, hit_id=record.id, helpful=True))
        assert journal.decision(record.id) == record
        assert [vote.query for vote in journal.votes() if vote.hit_id == record.id] == [words.replace("\0", " ")]


def test_what_some_databases_refuse_is_kept_alike(journal, decide):
    """Half an emoji and NUL survive in a ticket and are replaced in names; a million characters are kept."""
    odd = "a\0b\ud83d" + "ü" * 1_000_000
    journal.record_decision(decide("c_1", id="4\07", body=odd, customer="Werk\ud83d"))
    journal.record_vote(Vote(query=odd, hit_id="k\0b", helpful=True))
    kept = journal.decision("c_1").ticket
    assert (kept.body, kept.id) == (odd, "4\07")
    assert (journal.votes()[0].query[:4], journal.votes()[0].hit_id) == ("a b\ufffd", "k b")
    assert journal.erase_ticket("4\07") == ErasedCounts(decisions=1, corrections=0, votes=1)


def test_a_promise_is_withdrawn_once(journal, url):
    """Of many processes that find out at the same time, one is told that nobody had before."""
    with Journal.open(url) as patient, ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda _: patient.withdraw_promise("m"), range(8)))
    assert sorted(first) == [False] * 7 + [True]
    assert journal.audit("m").withdrawn is not None


def test_decisions_are_recorded_together_or_not_at_all(journal, decide):
    """One decision that cannot be kept takes its whole batch back, and the error says what to do."""
    journal.record_decision(decide("c_1"))
    with pytest.raises(JournalError, match="own id"):
        journal.record_decisions([decide("c_2"), decide("c_1")])
    assert journal.decision("c_2") is None
    journal.record_decisions([decide("c_2"), decide("c_3")])
    assert journal.counts().decisions == 3


def test_an_empty_batch_is_no_work(journal):
    """Recording no decisions changes nothing and is no error."""
    journal.record_decisions([])
    assert journal.counts() == JournalCounts(decisions=0, corrections=0, votes=0)


def test_corrections_come_oldest_first_from_a_moment_on(journal, decide):
    """``since`` takes part in its own answer, whatever zone it is written in."""
    journal.record_decision(decide())
    later, earlier = (
        Correction(classification_id="c_1", labels={"level": level}, source=source, time=time)
        for level, source, time in [("3", "ada", NOON), ("1", None, NOON - timedelta(hours=1))]
    )
    journal.record_correction(later)
    journal.record_correction(earlier)
    assert journal.corrections() == [earlier, later]
    assert journal.corrections(since=NOON.astimezone(timezone(timedelta(hours=2)))) == [later]
    assert journal.corrections(since=NOON + timedelta(seconds=1)) == []


def test_a_correction_of_nothing_is_refused(journal):
    """A correction for a classification that was never recorded names it and the cure."""
    with pytest.raises(UnknownClassificationError, match=r"c_9 .*correct with the id") as caught:
        journal.record_correction(Correction(classification_id="c_9", labels={"level": "1"}))
    assert caught.value.classification_id == "c_9"
    assert journal.corrections() == []


def test_votes_come_back_oldest_first(journal):
    """A vote keeps its query, its hit and its yes or no."""
    no = Vote(query="Etikett fehlt", hit_id="kb-7", helpful=False, time=NOON)
    yes = Vote(query="Etikett fehlt", hit_id="kb-8", helpful=True, time=NOON - timedelta(days=1))
    journal.record_vote(no)
    journal.record_vote(yes)
    assert journal.votes() == [yes, no]


@pytest.mark.parametrize("fact", [Vote, Correction])
def test_a_time_without_its_zone_is_refused(fact):
    """A time that could be anyone's noon never reaches the database."""
    facts = {"query": "", "hit_id": "", "helpful": True} if fact is Vote else {"classification_id": "", "labels": {}}
    with pytest.raises(ValueError, match="zone"):
        fact(**facts, time=datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


def test_erasing_a_ticket_leaves_no_trace_of_it(journal, decide):
    """Its decisions, their corrections, votes for it and votes in its own words go; everything else stays."""
    other = decide("c_3", id="4712", subject="Anderes", body="Andere Worte")
    journal.record_decisions([decide("c_1"), decide("c_2"), other])
    for classification_id in ("c_1", "c_2", "c_2", "c_3"):
        journal.record_correction(Correction(classification_id=classification_id, labels={"level": "1"}))
    for query, hit_id in [
        ("x", "4711"),
        ("Drucker streikt\nEtikett 7 wird grün.", "kb-1"),
        ("Drucker", "kb-1"),
    ]:
        journal.record_vote(Vote(query=query, hit_id=hit_id, helpful=True))
    assert journal.erase_ticket("4711") == ErasedCounts(decisions=2, corrections=3, votes=2)
    assert journal.decision("c_3") == other
    assert journal.counts() == JournalCounts(decisions=1, corrections=1, votes=1)
    assert journal.erase_ticket("4711") == ErasedCounts(decisions=0, corrections=0, votes=0)


def test_erasing_a_customer_erases_each_of_their_tickets(journal, decide):
    """All tickets of one customer go, those of others stay."""
    journal.record_decisions([decide("c_1"), decide("c_2", id="4712"), decide("c_3", id="9", customer="Werk Ost")])
    journal.record_vote(Vote(query="x", hit_id="4712", helpful=True))
    assert journal.erase_customer("Depot Grünwald") == ErasedCounts(decisions=2, corrections=0, votes=1)
    assert journal.counts().decisions == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_erased_words_leave_the_files(journal, decide, database):
    """After an erasure no file of the database still holds the ticket's words."""
    journal.record_decisions([decide(f"c_{n}", body="Geheimwort " * 1000) for n in range(20)])
    held = [path for path in database.parent.iterdir() if b"Geheimwort" in path.read_bytes()]
    assert held
    journal.erase_ticket("4711")
    assert not [path for path in database.parent.iterdir() if b"Geheimwort" in path.read_bytes()]


def test_many_threads_share_one_journal(journal, decide, url):
    """Eight threads write and read at once and nothing is lost."""
    with Journal.open(url) as patient, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: patient.record_decision(decide(f"c_{n}")), range(80)))
        found = list(pool.map(lambda n: patient.decision(f"c_{n}"), range(80)))
    assert all(found)
    assert journal.counts().decisions == 80


def test_threads_share_a_journal_in_memory(decide):
    """A journal in memory is one journal for all threads."""
    with Journal.open("sqlite://") as journal, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: journal.record_decision(decide(f"c_{n}")), range(20)))
        assert journal.counts().decisions == 20


def test_approval_is_the_balance_of_votes_and_corrections(journal, decide):
    """Each helpful vote and each corrected ticket counts one for a document, each unhelpful vote one against it."""
    for hit, helpful in (("KB-1", True), ("KB-1", True), ("KB-2", False), ("KB-3", True), ("KB-3", False)):
        journal.record_vote(Vote(query="q", hit_id=hit, helpful=helpful))
    journal.record_decision(decide("c_1", id="4711"))
    for level in "12":
        journal.record_correction(Correction(classification_id="c_1", labels={"level": level}))
    assert journal.approval() == {"KB-1": 2, "KB-2": -1, "4711": 1}


def test_decisions_come_oldest_first_from_a_moment_on(journal, decide):
    """Only decisions made then or later come, in their order, and an id that was erased is no longer known."""
    noon = decide().time
    for hours, name in ((2, "c_3"), (0, "c_1"), (1, "c_2")):
        journal.record_decision(replace(decide(name, id=name), time=noon + timedelta(hours=hours)))
    assert [one.id for one in journal.decisions(since=noon + timedelta(hours=1))] == ["c_2", "c_3"]
    journal.erase_ticket("c_2")
    assert journal.known({"c_1", "c_2", "c_9"}) == {"c_1"}
