"""The peer: the same model behind ``mlflow models serve``, as a data scientist would put it there by hand."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import mlflow.pyfunc
import pandas as pd

from benchmarks.service.running import OwnDesk, Running
from classifier import BoundClassifier, ModelShelf
from text import E5_SMALL, open_encoder
from tickets import Ticket

_FIELDS = ("subject", "body", "product")


class PyfuncPeer(mlflow.pyfunc.PythonModel):  # type: ignore[name-defined, misc]  # MLflow hides it from mypy
    """Our model as MLflow's ``pyfunc``: it answers what the service answers, but keeps no journal."""

    def __init__(self) -> None:
        self._classifier: BoundClassifier | None = None

    def load_context(self, context: Any) -> None:
        """Load the model's folder with the encoder that it learned with."""
        _, model = ModelShelf(Path()).load(context.artifacts["model"])
        folder = Path(context.artifacts["encoder"])
        precision: Literal["fp32", "int8"] = "fp32" if (model.encoder_name or "").endswith("fp32") else "int8"
        self._classifier = model.bind(open_encoder(str(folder), home=folder.parent, precision=precision))

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        """One row for each ticket: predictions, decision, words and evidence."""
        assert self._classifier is not None
        rows = [{name: str(row.get(name) or "") for name in _FIELDS} for row in model_input.to_dict("records")]
        tickets = [Ticket(subject=row["subject"], body=row["body"], product=row["product"]) for row in rows]
        return pd.DataFrame([asdict(one) for one in self._classifier.classify(tickets)])


def save(desk: OwnDesk, path: Path) -> Path:
    """Write the champion as an MLflow model."""
    encoder = desk.encoders / E5_SMALL
    artifacts = {"model": str(desk.shelf.path / desk.champion), "encoder": str(encoder)}
    mlflow.pyfunc.save_model(str(path), python_model=PyfuncPeer(), artifacts=artifacts, pip_requirements=[])
    return path


def served(model: Path, *, n_workers: int, log: Path) -> Running:
    """``mlflow models serve`` of what `save` wrote, in the environment that runs here."""

    def command(port: int) -> list[str]:
        return [
            sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(model), "--env-manager", "local",
            "--host", "127.0.0.1", "--port", str(port), "--workers", str(n_workers),
        ]  # fmt: skip

    rooms = os.pathsep.join(path for path in sys.path if path)
    environment = os.environ | {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONPATH": rooms,
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": "180",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return Running(command, environment=environment, is_ready="/ping", log=log)
