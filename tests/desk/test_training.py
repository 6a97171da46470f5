"""Train, keep, judge, promote and measure through the desk."""

import json

import pytest

from classifier import ModelShelf, TrainingPlan
from desk import DeskError, Settings, TrainingAnswer, evaluate, train
from tickets import SolvedTicket, Taxonomy


def learn(settings: Settings, solved: list[SolvedTicket], taxonomy: Taxonomy, *, promote: bool) -> TrainingAnswer:
    """Train the fast plan."""
    plan = TrainingPlan.named("fast")
    return train(settings, solved, taxonomy=taxonomy, plan=plan, promote=promote, source="history.jsonl")


@pytest.mark.slow
def test_a_trained_model_is_kept_promoted_and_measured(settings, small_history, taxonomy) -> None:
    """The first sound model becomes champion when that is asked; its report and measure have the contract's shape."""
    solved = small_history[:120]
    told = learn(settings, solved, taxonomy, promote=True)
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
    told = learn(settings, plain_tickets, taxonomy, promote=False)
    assert not told.promoted
    assert shelf.champion == before
    assert {manifest.version for manifest in shelf.manifests()} == {before, told.version}


def test_a_champion_that_cannot_serve_stands_in_nobodys_way(settings, shelf, plain_tickets, taxonomy, caplog) -> None:
    """A model of another format is not compared with; the new one takes its place, and the log says why."""
    path = shelf.path / shelf.champion / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    told = learn(settings, plain_tickets, taxonomy, promote=True)
    assert told.promoted
    assert told.verdict == ["there is no champion to compare with"]
    assert "model format 1" in caplog.text


def test_a_champion_with_a_damaged_model_stands_in_nobodys_way(
    settings, shelf, plain_tickets, taxonomy, caplog
) -> None:
    """Its manifest is whole, but it could not serve, so the new one takes its place."""
    (shelf.path / shelf.champion / "classifier.joblib").write_bytes(b"cut")
    told = learn(settings, plain_tickets, taxonomy, promote=True)
    assert told.promoted
    assert "differs from its digest" in caplog.text


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # MLflow's own, of the libraries it uses
def test_a_tracker_that_is_away_harms_no_training(settings, plain_tickets, taxonomy, tmp_path) -> None:
    """The model is kept and promoted all the same; the answer has no run, and a warning with the cure."""
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    away = settings.model_copy(update={"tracking": f"sqlite:///{tmp_path}/mlflow.db"})
    told = learn(away, plain_tickets, taxonomy, promote=True)
    assert told.run_id is None
    assert "check STELLWERK_TRACKING" in told.warnings[-1]
    assert ModelShelf(settings.models).champion == (told.version if told.promoted else None)
    assert ModelShelf(settings.models).load(told.version)
