"""Trainings as runs in MLflow."""

import pytest

from classifier import TrackingError, track

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # MLflow's own, of the libraries it uses
]


def test_a_training_is_tracked_whole(champion_shelf, tmp_path) -> None:
    """Plan, figures, the model's folder and its plots stand in the run, and the registry's alias finds it."""
    import mlflow

    manifest = champion_shelf.manifest(champion_shelf.champion)
    uri = f"sqlite:///{tmp_path}/var/mlflow.db"
    folder = champion_shelf.path / manifest.version
    run_id = track(manifest, folder, uri=uri, source="history.jsonl", alias="champion")
    client = mlflow.MlflowClient(tracking_uri=uri)
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["seed"] == str(manifest.plan["seed"])
    assert run.data.params["data_fingerprint"] == manifest.data_fingerprint
    assert set(manifest.plan) <= set(run.data.params)
    assert run.data.metrics["level.macro_f1"] == pytest.approx(manifest.macro_f1["level"])
    assert {"category.ece", "level.cost_per_100", "auto_share", "n_tickets"} <= set(run.data.metrics)
    for part in manifest.report["targets"]["level"]["calibration"]:
        if part["kind"] == "language" and part["n_tickets"]:
            name = f"level.language.{part['name']}"
            assert run.data.metrics[f"{name}.ece"] == pytest.approx(part["ece"])
            assert run.data.metrics[f"{name}.n_tickets"] == part["n_tickets"]
    assert "level.language.other.ece" not in run.data.metrics  # there are none to measure
    assert run.data.tags["source"] == "history.jsonl"
    stored = tmp_path / "var" / "mlartifacts" / run_id / "artifacts"
    assert (stored / "model" / "classifier.joblib").read_bytes() == (folder / "classifier.joblib").read_bytes()
    assert (stored / "plots" / "confusion-level.png").read_bytes().startswith(b"\x89PNG")
    for target in ("level", "category"):
        assert (stored / "plots" / f"reliability-{target}.png").read_bytes().startswith(b"\x89PNG")
    registered = client.get_model_version_by_alias("stellwerk", "champion")
    assert (registered.run_id, registered.tags["version"]) == (run_id, manifest.version)

    second = track(manifest, folder, uri=uri, source="again", alias="candidate")
    assert client.get_model_version_by_alias("stellwerk", "candidate").run_id == second
    assert client.get_model_version_by_alias("stellwerk", "champion").run_id == run_id


def test_a_tracker_that_cannot_be_used_is_told_with_the_cure(champion_shelf, tmp_path) -> None:
    """A database that is none gives an error that says the model is saved and which setting to change."""
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    manifest = champion_shelf.manifest(champion_shelf.champion)
    with pytest.raises(TrackingError, match=r"saved all the same.*STELLWERK_TRACKING"):
        track(
            manifest,
            champion_shelf.path / manifest.version,
            uri=f"sqlite:///{tmp_path}/mlflow.db",
            source="x",
            alias="candidate",
        )
