"""Large tables scored and encoded: in this process, by Ray's workers, and by Spark's."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from classifier import ModelShelf, Scorer, Surroundings, Training, TrainingPlan, fingerprint, track
from desk import BatchWork, Desk, Settings, encoder_of, learned, surroundings_of, worked_out
from history import to_frame, to_tickets
from knowledge import NoRayError

with_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed; `make test-scale` installs it and runs this"
)
with_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="PySpark or Java is not installed; `make test-scale` installs PySpark and runs this where Java 17 is",
)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Ray's and Spark's own


@pytest.fixture(scope="module")
def home(tmp_path_factory, encoder_home) -> Settings:
    """A desk with a masking key and the built-in encoder."""
    folder = tmp_path_factory.mktemp("batches")
    return Settings(
        models=folder / "models",
        encoders=encoder_home,
        vector_cache=folder / "vectors.db",
        masking_key=folder / "masking.key",
        tracking="",
    )


@pytest.fixture(scope="module")
def work(home, small_history, taxonomy) -> BatchWork:
    """A model of words and meaning on the shelf, and what is to be worked out with it."""
    new = learned(home, small_history[:120], taxonomy=taxonomy, plan=TrainingPlan.named("default", primer=False))
    manifest = ModelShelf(home.models).save(
        new.trained, n_tickets=len(new.solved), data_fingerprint=fingerprint(new.solved)
    )
    return BatchWork(folder=home.models / manifest.version, surroundings=surroundings_of(home), vectors=True)


@pytest.fixture(scope="module")
def tickets(small_history) -> pd.DataFrame:
    """Tickets, one of which holds personal data."""
    frame = to_frame(small_history[120:200])
    frame.loc[3, "body"] = "Bitte antworten Sie an max.mustermann@example.org, der Drucker druckt nicht"
    return frame


@pytest.fixture(scope="module")
def alone(work, tickets) -> pd.DataFrame:
    """The answers of this process."""
    return pd.concat(worked_out([tickets[:50], tickets[50:]], work), ignore_index=True)


def test_a_table_is_scored_as_the_desk_answers(home, work, tickets, alone) -> None:
    """Every probability is the desk's own to 1e-6, and the vectors are the encoder's."""
    desk = Desk.open(home, model=work.folder.name, journal=False)
    answers = desk.classify_many(to_tickets(tickets))
    desk.close()
    for target in ("level", "category"):
        for label in answers[0].predictions[target].probabilities:
            theirs = [answer.predictions[target].probabilities[label] for answer in answers]
            np.testing.assert_allclose(alone[f"{target}_{label}"], theirs, atol=1e-6)
    assert alone["action"].tolist() == [answer.decision.action for answer in answers]
    assert alone["level_decided"].tolist() == [answer.decision.labels["level"] for answer in answers]
    assert alone["id"].tolist() == tickets["id"].tolist()
    tenth = to_tickets(tickets)[10]
    text = work.surroundings.mask().text(f"{tenth.subject}\n{tenth.body}".strip())
    encoder = encoder_of(home, n_threads=1)
    np.testing.assert_allclose(alone["vector"][10], encoder.encode([text], role="passage")[0], atol=1e-6)


@with_ray
def test_two_workers_answer_as_one_process(work, tickets, alone) -> None:
    """Ray Data's two workers give the same rows in the same order, to 1e-6."""
    spread = pd.concat(worked_out([tickets], work, n_workers=2), ignore_index=True)
    same_answers(spread, alone)
    np.testing.assert_allclose(np.stack(spread["vector"]), np.stack(alone["vector"]), atol=1e-6)


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_the_cure_is_named(work, tickets) -> None:
    """Where the extra is missing, the error says how to install it."""
    with pytest.raises(NoRayError, match=r"stellwerk\[scale\]"):
        list(worked_out([tickets], work, n_workers=2))


@pytest.fixture
def spark(monkeypatch) -> Iterator[object]:
    """A Spark of this machine with two workers."""
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield session
    session.stop()


@with_spark
def test_spark_scores_through_mlflows_function(spark, work, home, taxonomy, tickets, alone, tmp_path) -> None:
    """The registered model as a Spark function answers as this process does, to 1e-6."""
    import mlflow
    from pyspark.sql.functions import struct

    manifest = ModelShelf(home.models).manifest(work.folder.name)
    training = Training(
        manifest=manifest,
        folder=work.folder,
        source="test",
        taxonomy=taxonomy,
        surroundings=Surroundings(encoders=str(home.encoders), masking_key=str(home.masking_key)),
    )
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    run_id = track(training, uri=uri, alias="champion")
    model = str(tmp_path / "mlartifacts" / run_id / "artifacts" / "model")
    columns = ["subject", "body", "product", "language"]
    score = mlflow.pyfunc.spark_udf(spark, model, env_manager="local")
    frame = tickets[["id", *columns]].astype(object).where(tickets[["id", *columns]].notna(), None)
    table = spark.createDataFrame(
        frame.to_dict("records"), schema=", ".join(f"{name} string" for name in frame.columns)
    )
    scored = table.repartition(2).select("id", score(struct(*columns)).alias("answer")).select("id", "answer.*")
    same_answers(scored.toPandas().set_index("id").loc[alone["id"]].reset_index(), alone)


def test_a_model_without_the_desks_key_still_hides_personal_data(work, tickets, alone) -> None:
    """Without the key tickets that name nobody are answered the same, and no key is made."""
    elsewhere = replace(work.surroundings, masking_key="/nowhere/masking.key")
    scorer = Scorer.load(work.folder, elsewhere)
    assert "max.mustermann" not in scorer.mask.text(tickets.loc[3, "body"])
    words = [f"{ticket.subject}\n{ticket.body}" for ticket in to_tickets(tickets[:20])]
    plain = [row for row, text in enumerate(words) if scorer.mask.text(text) == text]
    assert 10 < len(plain) < 20
    np.testing.assert_allclose(
        scorer.predict(tickets[:20])["level_1"].iloc[plain], alone["level_1"].iloc[plain], atol=1e-6
    )


def same_answers(theirs: pd.DataFrame, ours: pd.DataFrame) -> None:
    """Words are equal and numbers within 1e-6."""
    columns = [name for name in ours.columns if name != "vector"]
    for name in columns:
        if ours[name].dtype == float:
            np.testing.assert_allclose(theirs[name].astype(float), ours[name], atol=1e-6, err_msg=name)
        else:
            assert theirs[name].astype(str).tolist() == ours[name].astype(str).tolist(), name
