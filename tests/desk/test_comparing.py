"""Two models of a shelf compared on tickets that neither had seen."""

from dataclasses import replace

import pytest

from classifier import ModelShelf, TrainingPlan
from desk import compare_models, train
from desk.comparing import NothingToCompareError, kept_verdict

PLAN = replace(TrainingPlan.named("fast", primer=False), n_folds=2)


@pytest.fixture
def versions(settings, plain_tickets, taxonomy) -> tuple[str, str]:
    """A champion that learned from 24 tickets, and a candidate that learned from 36."""
    told = [
        train(settings, plain_tickets[:n], taxonomy=taxonomy, plan=PLAN, promote=n == 24, source="x") for n in (24, 36)
    ]
    return told[0].version, told[1].version


def test_a_training_leaves_its_verdict_beside_the_model(settings, versions, opened) -> None:
    """A page for people, and for programs the champion, the reasons and the number of tickets compared."""
    champion, candidate = versions
    assert kept_verdict(settings.models / champion).champion is None
    verdict = kept_verdict(settings.models / candidate)
    assert (verdict.earned, verdict.champion, verdict.n_tickets) == (True, champion, 36)
    page = (settings.models / candidate / "verdict.md").read_text("utf-8")
    assert f"# Candidate {candidate} beside champion {champion}" in page
    entries = {entry.version: entry for entry in opened(journal=False).models().models}
    assert entries[candidate].verdict == verdict


def test_neither_is_asked_of_what_it_has_seen(settings, versions, plain_tickets) -> None:
    """Answers of learned tickets come from the folds: a model that repeats what it learned would be right everywhere.

    Labels that are turned round here, and were not in training, make every answer wrong.
    """
    turned = {"1": "2", "2": "3", "3": "1"}
    wrong = [replace(one, labels=dict(one.labels) | {"level": turned[one.labels["level"]]}) for one in plain_tickets]
    told = compare_models(settings, wrong, version=versions[1], other=versions[0])
    assert told.comparison["basis"] == "shared"
    assert told.comparison["n_tickets"] == 36
    assert told.comparison["targets"]["level"]["accuracy"]["after"] < 0.2


def test_a_sibling_of_a_learned_ticket_is_left_out(settings, plain_tickets, taxonomy) -> None:
    """A ticket whose problem a model learned from, and which it did not see itself, can be asked of neither."""
    solved = [replace(one, problem=str(i // 2)) for i, one in enumerate(plain_tickets)]
    known = [one for i, one in enumerate(solved) if i != 5]
    version = train(settings, known, taxonomy=taxonomy, plan=PLAN, promote=True, source="x").version
    assert compare_models(settings, solved, version=version).comparison["n_tickets"] == 35


def test_what_keeps_no_answers_cannot_be_compared(settings, versions, plain_tickets) -> None:
    """The error names the cure."""
    (ModelShelf(settings.models).path / versions[0] / "answers.npz").unlink()
    with pytest.raises(NothingToCompareError, match="train anew"):
        compare_models(settings, plain_tickets, version=versions[1])
