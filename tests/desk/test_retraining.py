"""Training anew where something asks for it."""

import json
from dataclasses import replace

import pytest
from filelock import FileLock

from classifier import ModelShelf, TrainingPlan, mark_forgotten
from desk import RetrainingAnswer, retrain
from desk.retraining import Attempt, RetrainingStateError, _write, at_least
from journal import Correction, DecisionRecord, Journal, RecordedReason
from tickets import Ticket

PLAN = replace(TrainingPlan.named("fast", primer=False), n_folds=2)


@pytest.fixture
def again(settings, plain_tickets, taxonomy):
    """Retrains the desk on its plain tickets."""

    def run(n_tickets: int = 36, **options) -> RetrainingAnswer:
        options = {"taxonomy": taxonomy, "plan": PLAN, "source": "history.jsonl"} | options
        return retrain(settings, lambda: plain_tickets[:n_tickets], **options)

    return run


def decisions(settings, model: str, n: int, *, strange: bool = False, level: str | None = None) -> None:
    """Decisions of a model, strange or not, and corrections of all of them."""
    with Journal.open(settings.journal) as journal:
        for i in range(n):
            record = DecisionRecord(
                id=f"c_{model}_{i}_{strange}",
                ticket=Ticket(id=f"new {i}", body=f"Anhaenger {i} klemmt am Tor"),
                predictions={},
                action="review",
                reasons=(RecordedReason(code="no_similar_history"),) if strange else (),
                model=model,
            )
            journal.record_decision(record)
            if level:
                journal.record_correction(Correction(classification_id=record.id, labels={"level": level}))


def test_it_trains_where_no_model_serves_and_then_rests(again, settings) -> None:
    """The first call trains and promotes; the second finds nothing that asks for it."""
    told = again()
    assert (told.outcome, [one.code for one in told.reasons]) == ("promoted", ["no_model"])
    assert ModelShelf(settings.models).champion == told.version
    assert again().outcome == "nothing to do"


def test_a_dry_run_reads_and_trains_nothing(settings, taxonomy) -> None:
    """It says what would be done."""
    told = retrain(settings, lambda: pytest.fail("read"), taxonomy=taxonomy, plan=PLAN, source="x", dry_run=True)
    assert told.outcome == "would train"
    assert ModelShelf(settings.models).manifests() == []


def test_enough_corrections_ask_for_it_and_are_learned(again, settings) -> None:
    """Fewer do not; what people said is in the new model's training, under who said it."""
    champion = again().version
    decisions(settings, champion, 6, level="3")
    assert again(least_corrections=7).outcome == "nothing to do"
    told = again(least_corrections=6)
    assert [one.code for one in told.reasons] == ["corrections"]
    assert told.training.feedback.n_added == 6
    assert told.training.feedback.n_labels == {"agent": 6}
    with Journal.open(settings.journal) as journal:
        assert "retrain" in {act.act for act in journal.trail.acts(since=None, before=None, limit=10)}
    assert again(least_corrections=6).outcome == "nothing to do"


def test_drift_and_a_broken_promise_ask_for_it(again, settings) -> None:
    """Each by itself; the same tickets are not learned from twice all the same."""
    champion = again().version
    decisions(settings, champion, 180)
    assert again(dry_run=True).outcome == "nothing to do"
    decisions(settings, champion, 30, strange=True)
    assert [one.code for one in again(dry_run=True).reasons] == ["drift"]
    with Journal.open(settings.journal) as journal:
        journal.withdraw_promise(champion)
    assert [one.code for one in again(dry_run=True).reasons] == ["promise", "drift"]
    told = again()
    assert told.outcome == "nothing to do"
    assert "the same tickets" in told.detail


def test_forgotten_tickets_ask_for_it(again, settings) -> None:
    """A model that learned from a ticket that was forgotten since is to be replaced."""
    champion = again().version
    learned = json.loads((settings.models / champion / "learned.json").read_text())
    mark_forgotten(settings.models / champion, [next(iter(learned))])
    assert [one.code for one in again(dry_run=True).reasons] == ["forgotten"]


def test_one_at_a_time(again, settings) -> None:
    """While another is at work nothing is done, and nothing fails."""
    settings.models.mkdir(parents=True)
    with FileLock(settings.models / ".retraining.lock"):
        assert again().outcome == "busy"


def test_what_was_killed_before_its_verdict_is_judged_and_not_trained_again(again, settings) -> None:
    """The candidate on the shelf is concluded; where there is none, the training begins again."""
    first = again()
    attempt = json.loads((settings.models / "retraining.json").read_text())
    (settings.models / "champion.json").unlink()
    _write(settings, Attempt(**attempt | {"version": None, "ended": None}))
    told = again()
    assert (told.outcome, told.version, told.training) == ("promoted", first.version, None)
    _write(settings, Attempt(**attempt | {"version": None, "ended": None}))
    (settings.models / first.version / "answers.npz").unlink()
    told = again()
    assert told.version != first.version
    assert "interrupted" in [one.code for one in told.reasons]


def test_an_unreadable_state_names_the_cure(again, settings) -> None:
    """Nothing is trained on a guess."""
    settings.models.mkdir(parents=True)
    (settings.models / "retraining.json").write_text("{")
    with pytest.raises(RetrainingStateError, match="delete it"):
        again()


def test_the_lower_bound_of_a_share() -> None:
    """Wilson's one-sided bound of 10 in 100, worked out by hand: 0.0607."""
    assert at_least(10, 100) == pytest.approx(0.0607, abs=5e-4)
    assert at_least(0, 100) == pytest.approx(0, abs=1e-12)
