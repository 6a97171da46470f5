"""The peer: the same model behind ``mlflow models serve``, in the flavour in which training gives it to MLflow."""

import os
import sys
from pathlib import Path

from benchmarks.service.running import OwnDesk, Running
from classifier import Surroundings
from classifier.flavour import save_flavour
from text import E5_SMALL


def save(desk: OwnDesk, path: Path) -> Path:
    """Write the champion as an MLflow model, which answers without a journal, words, evidence or search."""
    manifest, model = desk.shelf.load(desk.champion)
    surroundings = Surroundings(encoder=E5_SMALL, encoders=str(desk.encoders))
    save_flavour(
        manifest,
        desk.shelf.path / desk.champion,
        path,
        taxonomy=model.taxonomy,
        surroundings=surroundings,
        run_id="benchmark",
    )
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
