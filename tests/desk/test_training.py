"""Train, keep, judge, promote and measure through the desk."""

import pytest

from classifier import ModelShelf, TrainingPlan
from desk import DeskError, evaluate, train


@pytest.mark.slow
def test_a_trained_model_is_kept_promoted_and_measured(settings, small_history, taxonomy) -> None:
    """The first sound model becomes champion when that is asked; its report and measure have the contract's shape."""
    solved = small_history[:120]
    told = train(
        settings,
        solved,
        taxonomy=taxonomy,
        plan=TrainingPlan.named("fast"),
        promote=True,
        source="history.jsonl",
    )
    shelf = ModelShelf(settings.models)
    assert shelf.manifest(told.version).n_tickets == 120
    assert told.promoted == (shelf.champion == told.version)
    assert told.verdict
    assert told.run_id is None
    assert told.report.decision.promise.n_missing > 0
    measured = evaluate(settings, solved, model=told.version)
    assert measured.targets["level"].n_tickets == 120
    assert measured.targets["level"].accuracy > told.report.targets["level"].accuracy  # it has seen these
    assert set(measured.targets["level"].confusion) == {"1", "2", "3"}
    with pytest.raises(DeskError, match="give a history with labels"):
        evaluate(settings, [], model=told.version)


def test_a_candidate_is_kept_but_does_not_serve_unasked(settings, shelf, plain_tickets, taxonomy) -> None:
    """Without the wish to promote, a better model stands on the shelf and the champion stays."""
    before = shelf.champion
    told = train(
        settings,
        plain_tickets,
        taxonomy=taxonomy,
        plan=TrainingPlan.named("fast"),
        promote=False,
        source="x",
    )
    assert not told.promoted
    assert shelf.champion == before
    assert {manifest.version for manifest in shelf.manifests()} == {before, told.version}
