"""Trainings as runs in MLflow."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest
from tests.journal.postgres import PostgresServer, free_port, programs

from classifier import ModelShelf, Scorer, Surroundings, TrackingError, Training, judge, scores_frame, track
from history import to_frame

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # MLflow's own, of the libraries it uses
]


LOADING = """
import sys, mlflow, pandas as pd
mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/stellwerk@champion")
import classifier
assert not classifier.__file__.startswith(sys.argv[2]), classifier.__file__
assert model.metadata.signature.outputs.input_names()[-1] == "reasons"
assert len(model.predict(model.input_example)) == 1
model.predict(pd.read_json("tickets.json", dtype=False)).to_json("answers.json", orient="records")
"""


@pytest.fixture
def training(champion_shelf, trained_fast, taxonomy) -> Training:
    manifest = champion_shelf.manifest(champion_shelf.champion)
    return Training(
        manifest=manifest,
        folder=champion_shelf.path / manifest.version,
        source="history.jsonl",
        taxonomy=taxonomy,
        surroundings=Surroundings(masking=False),
        folds=trained_fast.folds,
        verdict=judge(manifest, None),
    )


@contextmanager
def running(arguments: list[str], port: int, path: str, cwd) -> str:
    """A program of MLflow's that answers at a port while the block runs."""
    environment = os.environ | {
        "PYTHONPATH": "",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_NUM_THREADS": "1",
    }
    with (cwd / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlflow", *arguments], env=environment, cwd=cwd, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 240
        while True:
            assert server.poll() is None, (cwd / "server.log").read_text()[-3000:]
            assert time.monotonic() < deadline, (cwd / "server.log").read_text()[-3000:]
            try:
                if httpx.get(f"http://127.0.0.1:{port}{path}", timeout=5).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_a_training_is_tracked_whole(training, tmp_path) -> None:
    """Plan, figures, the model's folder and its plots stand in the run, and the registry's alias finds it."""
    import mlflow

    manifest = training.manifest
    uri = f"sqlite:///{tmp_path}/var/mlflow.db"
    run_id = track(training, uri=uri, alias="champion")
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
    assert run.data.tags["verdict"] == "earned: there is no champion to compare with"
    stored = tmp_path / "var" / "mlartifacts" / run_id / "artifacts"
    kept = stored / "model" / "data" / training.folder.name / "classifier.joblib"
    assert kept.read_bytes() == (training.folder / "classifier.joblib").read_bytes()
    assert (stored / "plots" / "confusion-level.png").read_bytes().startswith(b"\x89PNG")
    for target in ("level", "category"):
        assert (stored / "plots" / f"reliability-{target}.png").read_bytes().startswith(b"\x89PNG")
    registered = client.get_model_version_by_alias("stellwerk", "champion")
    assert (registered.run_id, registered.tags["version"]) == (run_id, manifest.version)
    assert {"verdict", "promise"} <= set(registered.tags)

    second = track(training, uri=uri, alias="challenger")
    assert client.get_model_version_by_alias("stellwerk", "challenger").run_id == second
    assert client.get_model_version_by_alias("stellwerk", "champion").run_id == run_id


def test_folds_are_nested_and_the_data_is_named(training, tmp_path) -> None:
    """Each fold is a run below the training's, whose tickets add up; the dataset has fingerprint, source and schema."""
    import mlflow

    history = tmp_path / "history.jsonl"
    history.write_text("{}\n")
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    run_id = track(replace(training, source=str(history)), uri=uri, alias="challenger")
    client = mlflow.MlflowClient(tracking_uri=uri)
    run = client.get_run(run_id)
    nested = client.search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run_id}'")
    assert len(nested) == training.manifest.plan["n_folds"]
    assert sum(one.data.metrics["n_tickets"] for one in nested) == training.manifest.n_tickets
    assert len({one.data.metrics["level.macro_f1"] for one in nested}) > 1
    (used,) = run.inputs.dataset_inputs
    assert used.dataset.digest == training.manifest.data_fingerprint[:36]
    assert str(history) in used.dataset.source
    assert "category" in used.dataset.schema
    assert used.tags[0].value == "training"


def test_the_flavour_loads_where_stellwerk_is_not(training, small_history, tmp_path) -> None:
    """In a folder and an interpreter without Stellwerk the model answers as it does here, to 1e-6."""
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    track(training, uri=uri, alias="champion")
    frame = to_frame(small_history[:60])
    frame[["subject", "body", "product", "language"]].to_json(tmp_path / "tickets.json", orient="records")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            LOADING,
            uri,
            str(Path(__file__).parents[2]),
        ],
        check=False,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    theirs = json.loads((tmp_path / "answers.json").read_text())
    _, model = ModelShelf(training.folder.parent).load(training.manifest.version)
    bound = model.bind(None)
    ours = scores_frame(bound, bound.classify([one.ticket for one in small_history[:60]]))
    assert [one["level"] for one in theirs] == ours["level"].tolist()
    assert [one["action"] for one in theirs] == ours["action"].tolist()
    for column in ("level_1", "level_3", "category_bug", "certainty"):
        np.testing.assert_allclose([one[column] for one in theirs], ours[column], atol=1e-6)


def test_mlflow_serves_the_model(training, tmp_path) -> None:
    """``mlflow models serve`` answers a ticket over HTTP as the model itself does."""
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    run_id = track(training, uri=uri, alias="champion")
    stored = tmp_path / "mlartifacts" / run_id / "artifacts" / "model"
    port = free_port()
    arguments = ["models", "serve", "-m", str(stored), "-p", str(port), "--env-manager", "local", "--workers", "1"]
    records = [{"subject": "Drucker", "body": "druckt nicht mehr"}, {"subject": "", "body": ""}]
    with running(arguments, port, "/ping", tmp_path) as address:
        answer = httpx.post(f"{address}/invocations", json={"dataframe_records": records}, timeout=60)
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["predictions"]
    ours = Scorer.load(training.folder, training.surroundings).predict(pd.DataFrame(records))
    assert first["level_1"] == pytest.approx(ours["level_1"][0], abs=1e-6)
    assert first["category"] == ours["category"][0]
    assert (second["action"], second["reasons"]) == ("review", "no_text")


def test_a_server_with_postgresql_takes_a_training(training, tmp_path) -> None:
    """Through a real MLflow server on PostgreSQL a training is tracked, registered and loaded again."""
    import mlflow

    server = PostgresServer(programs())
    server.start()
    try:
        port = free_port()
        database = server.new_database()
        arguments = ["server", "--backend-store-uri", database, "--artifacts-destination", str(tmp_path / "files")]
        arguments += ["--serve-artifacts", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        with running(arguments, port, "/health", tmp_path) as uri:
            run_id = track(training, uri=uri, alias="challenger")
            client = mlflow.MlflowClient(tracking_uri=uri)
            assert client.get_model_version_by_alias("stellwerk", "challenger").run_id == run_id
            before = mlflow.get_tracking_uri()
            try:
                mlflow.set_tracking_uri(uri)
                model = mlflow.pyfunc.load_model("models:/stellwerk@challenger")
            finally:
                mlflow.set_tracking_uri(before)
            assert len(model.predict(model.input_example)) == 1
    finally:
        server.remove()


def test_a_tracker_that_cannot_be_used_is_told_with_the_cure(training, tmp_path) -> None:
    """A database that is none gives an error that says the model is saved and which setting to change."""
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    with pytest.raises(TrackingError, match=r"saved all the same.*STELLWERK_TRACKING"):
        track(training, uri=f"sqlite:///{tmp_path}/mlflow.db", alias="challenger")
