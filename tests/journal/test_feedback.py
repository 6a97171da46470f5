"""What people said, beside the decisions they said it of."""

from datetime import timedelta

from tests.journal.conftest import NOON

from journal import Correction


def test_a_decision_comes_with_all_that_was_said_of_it(journal, decide) -> None:
    """Oldest first, with how it came about; a decision that nobody judged is not among the judged."""
    journal.record_decisions([decide("c_1"), decide("c_2", id="4712")])
    for minute, (level, provenance) in enumerate([("1", "customer"), ("3", None)]):
        time = NOON + timedelta(minutes=minute)
        said = Correction(classification_id="c_1", labels={"level": level}, provenance=provenance, time=time)
        journal.record_correction(said)
    (found,) = journal.feedback.judged()
    assert found.decision == decide("c_1")
    assert [(one.labels["level"], one.provenance) for one in found.corrections] == [("1", "customer"), ("3", None)]


def test_recent_decisions_are_told_judged_or_not(journal, decide) -> None:
    """Since a time, at most so many, with what was said."""
    journal.record_decisions([decide("c_1"), decide("c_2", id="4712")])
    journal.record_correction(Correction(classification_id="c_2", labels={"level": "1"}, time=NOON))
    found = journal.feedback.recent(NOON, limit=10)
    assert {one.decision.id: len(one.corrections) for one in found} == {"c_1": 0, "c_2": 1}
    assert len(journal.feedback.recent(NOON, limit=1)) == 1
    assert journal.feedback.recent(NOON + timedelta(seconds=1), limit=10) == []


def test_corrected_decisions_are_counted_once(journal, decide) -> None:
    """Two corrections of one decision are one; those before a time do not count."""
    journal.record_decision(decide("c_1"))
    for level in "12":
        journal.record_correction(Correction(classification_id="c_1", labels={"level": level}, time=NOON))
    assert journal.feedback.n_corrected(since=NOON) == 1
    assert journal.feedback.n_corrected(since=NOON + timedelta(hours=1)) == 0
