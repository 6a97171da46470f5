"""Which decisions are asked back, what counts as their answer, and which promises are withdrawn."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from journal import Audit, Correction, Draw, Journal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODEL = "2026-03-01-a"


@pytest.fixture
def audited(decide):
    """An audited decision of level 2 and category bug, drawn so many minutes after noon."""

    def build(classification_id: str = "c_1", minutes: int = 0, **changes):
        facts = {"action": "auto", "labels": {"level": "2", "category": "bug"}, "reasons": (), "audit": True}
        return replace(decide(classification_id), time=NOON + timedelta(minutes=minutes), **facts | changes)

    return build


def say(journal, *answers: dict[str, str], classification_id: str = "c_1", start: datetime = NOON) -> None:
    """Correct a decision several times, one minute apart."""
    for n, labels in enumerate(answers):
        time = start + timedelta(minutes=n)
        journal.record_correction(Correction(classification_id=classification_id, labels=labels, time=time))


def test_a_drawn_decision_comes_back_as_drawn(journal, audited):
    """The journal remembers which decisions are asked back, and for which model."""
    journal.record_decisions([audited("c_1"), audited("c_2", audit=False)])
    assert journal.decision("c_1") == audited("c_1")
    assert journal.decision("c_2") == audited("c_2", audit=False)
    assert journal.audit(MODEL) == Audit(draws=(Draw(NOON, None),), withdrawn=None)
    assert journal.audit("another") == Audit(draws=(), withdrawn=None)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ([{"level": "2", "category": "bug"}], False),
        ([{"level": "2", "category": "bug", "queue": "x"}], False),
        ([{"level": "3", "category": "bug"}], True),
        ([{"category": "update"}], True),
        ([{"level": "2"}], None),
        ([{"level": "2"}, {"category": "bug"}], False),
        ([{"level": "3"}, {"level": "2", "category": "bug"}], False),
        ([{"level": "2", "category": "bug"}, {"level": "1"}], True),
        ([{"level": "1"}, {"category": "bug"}], True),
    ],
)
def test_an_answer_confirms_all_labels_or_contradicts_one(journal, audited, answers, wrong):
    """One other label contradicts, the same for each target confirms, a part is no answer; the later word counts."""
    journal.record_decision(audited())
    say(journal, *answers)
    assert journal.audit(MODEL).draws == (Draw(NOON, wrong),)


def test_only_drawn_decisions_count(journal, audited):
    """A correction of a decision that was not drawn says nothing about the promise."""
    journal.record_decisions([audited("c_1"), audited("c_2", audit=False)])
    say(journal, {"level": "1"}, classification_id="c_2")
    audit = journal.audit(MODEL)
    assert (len(audit.draws), audit.n_answered, audit.n_wrong) == (1, 0, 0)


def test_draws_are_told_in_the_order_of_drawing(journal, audited):
    """Whoever answers first, and whatever was written first, the moment of drawing orders the draws."""
    journal.record_decisions([audited("c_b", 2), audited("c_c", 3), audited("c_a", 1)])
    say(journal, {"level": "1"}, classification_id="c_c")
    say(journal, {"level": "2", "category": "bug"}, classification_id="c_a")
    audit = journal.audit(MODEL)
    assert [draw.wrong for draw in audit.draws] == [False, None, True]
    assert (audit.n_answered, audit.n_wrong) == (2, 1)


def test_a_promise_is_withdrawn_once_and_for_all_readers(journal, database):
    """The first withdrawal is told apart from the next, and every process and later opening sees it."""
    before = datetime.now(UTC)
    assert journal.withdraw_promise(MODEL)
    with Journal.open(f"sqlite:///{database}") as other:
        assert not other.withdraw_promise(MODEL)
        withdrawn = other.audit(MODEL).withdrawn
    assert withdrawn is not None
    assert before <= withdrawn == journal.audit(MODEL).withdrawn <= datetime.now(UTC)
    assert journal.audit("another").withdrawn is None


def test_an_erased_ticket_leaves_the_audit(journal, audited):
    """Erasing a ticket takes its draw along; a promise withdrawn stays withdrawn."""
    journal.record_decision(audited())
    say(journal, {"level": "1"})
    journal.withdraw_promise(MODEL)
    assert journal.erase_ticket("4711").decisions == 1
    assert journal.audit(MODEL).draws == ()
    assert journal.audit(MODEL).withdrawn is not None


@pytest.mark.parametrize("changes", [{"action": "suggest"}, {"model": None}])
def test_only_what_a_model_decided_automatically_is_drawn(audited, changes):
    """A proposal is confirmed by a person anyhow, so drawing it is a mistake."""
    with pytest.raises(ValueError, match="automatically"):
        audited(**changes)


def test_an_older_stellwerk_can_erase_what_is_audited(journal, audited, database):
    """A program that does not know the audit's table deletes a decision, and the draw goes with it."""
    journal.record_decision(audited())
    with closing(sqlite3.connect(database, isolation_level=None)) as old:
        old.execute("PRAGMA foreign_keys = ON")
        old.execute("DELETE FROM journal_decision")
    assert journal.audit(MODEL).draws == ()
