"""Each training as a run in MLflow: plan, metrics, plots, the model's folder, and its place in the registry."""

import logging
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from classifier.shelf import Manifest

_EXPERIMENT: Final = "stellwerk"
_MODEL_NAME: Final = "stellwerk"
_FOREIGN: Final = re.compile(r"[^\w. -]")
"""Characters that MLflow takes in no name."""

log = logging.getLogger(__name__)


class TrackingError(RuntimeError):
    """A run could not be tracked; the model itself is saved."""

    def __init__(self, uri: str, fault: object) -> None:
        super().__init__(
            f"MLflow at {uri} did not take the run ({fault}); the model is saved all the same: "
            "check STELLWERK_TRACKING, or set it to an empty value to train without tracking"
        )


class UntoldAliasError(TrackingError):
    """The registry does not say which version has an alias."""

    def __init__(self, uri: str, fault: object) -> None:
        RuntimeError.__init__(
            self,
            f"MLflow at {uri} does not tell which version is its champion ({fault}); what serves here goes on serving: "
            "check STELLWERK_TRACKING, or set STELLWERK_FOLLOW_MLFLOW_SECONDS to 0",
        )


def track(manifest: Manifest, folder: Path, *, uri: str, source: str, alias: str) -> str:
    """Write one training into MLflow and give the run's id.

    Parameters
    ----------
    folder : Path
        The model's folder on the shelf, logged as the run's artefact.
    uri : str
        A tracking database (``sqlite:///...``, artefacts beside it) or the URL of an MLflow server.
    source : str
        Where the history came from.
    alias : {"champion", "candidate"}
        Under which the registered version is found.

    Raises
    ------
    TrackingError
        The database or server refused.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nothing about a desk leaves it unasked
    import mlflow  # noqa: PLC0415 - seconds to import
    from mlflow.exceptions import MlflowException  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        return _track(mlflow.MlflowClient(tracking_uri=uri), manifest, folder, uri=uri, source=source, alias=alias)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise TrackingError(uri, type(error).__name__) from error


def aliased(uri: str, alias: str) -> str | None:
    """The shelf's version that has ``alias`` in the registry; None where none has it, or it came from elsewhere.

    Raises
    ------
    UntoldAliasError
        The database or server does not answer.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    import mlflow  # noqa: PLC0415 - seconds to import
    from mlflow.exceptions import MlflowException  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        client = mlflow.MlflowClient(tracking_uri=uri)
        found = client.search_registered_models(filter_string=f"name='{_MODEL_NAME}'")
        if not found or alias not in found[0].aliases:
            return None
        registered = client.get_model_version(_MODEL_NAME, found[0].aliases[alias])
        version: str | None = registered.tags.get("version")
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise UntoldAliasError(uri, type(error).__name__) from error
    return version


def _track(client: Any, manifest: Manifest, folder: Path, *, uri: str, source: str, alias: str) -> str:
    from mlflow.entities import Metric  # noqa: PLC0415 - seconds to import

    experiment = client.get_experiment_by_name(_EXPERIMENT)
    experiment_id = (
        experiment.experiment_id
        if experiment
        else client.create_experiment(_EXPERIMENT, artifact_location=_artifacts_beside(uri))
    )
    run = client.create_run(experiment_id, run_name=manifest.version, tags={"source": source, "alias": alias})
    run_id: str = run.info.run_id
    for name, value in manifest.plan.items():
        client.log_param(run_id, name, value)
    client.log_param(run_id, "data_fingerprint", manifest.data_fingerprint)
    client.log_param(run_id, "encoder", manifest.encoder or "none")
    now = int(time.time() * 1000)
    client.log_batch(run_id, metrics=[Metric(name, value, now, 0) for name, value in _metrics(manifest).items()])
    client.log_artifacts(run_id, str(folder), "model")
    with tempfile.TemporaryDirectory() as plots:
        for plot in (*_draw_confusions(manifest, Path(plots)), *_draw_reliability(manifest, Path(plots))):
            client.log_artifact(run_id, str(plot), "plots")
    client.set_terminated(run_id)
    _register(client, run.info.artifact_uri, run_id, manifest.version, alias)
    return run_id


def _artifacts_beside(uri: str) -> str | None:
    prefix = "sqlite:///"
    if not uri.startswith(prefix):
        return None  # a server keeps them where it was told to
    database = Path(uri.removeprefix(prefix)).resolve()
    database.parent.mkdir(parents=True, exist_ok=True)
    return (database.parent / "mlartifacts").as_uri()


def _metrics(manifest: Manifest) -> dict[str, float]:
    metrics = {
        f"{name}.{measure}": float(target[measure])
        for name, target in manifest.report["targets"].items()
        for measure in ("accuracy", "macro_f1", "log_loss", "ece", "cost_per_100")
    }
    decision = manifest.report["decision"]
    metrics["auto_share"] = decision["auto_share"]
    if decision["auto_error"] is not None:
        metrics["auto_error"] = decision["auto_error"]
    metrics["n_tickets"] = manifest.n_tickets
    metrics["cost_per_100"] = decision["cost_per_100"]
    return metrics | _calibration_metrics(manifest)


def _calibration_metrics(manifest: Manifest) -> dict[str, float]:
    """Each slice's figures as ``level.language.de.ece``; those of few tickets too, with their number beside."""
    return {
        f"{name}.{part['kind']}.{_FOREIGN.sub('_', part['name'])}.{measure}": float(part[measure])
        for name, target in manifest.report["targets"].items()
        for part in target["calibration"]
        for measure in ("n_tickets", "mean_confidence", "accuracy", "ece")
        if part["kind"] != "all" and part[measure] is not None
    }


def _draw_confusions(manifest: Manifest, folder: Path) -> list[Path]:
    """A confusion matrix per target, shares of each true label by row."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    plots = []
    for name, target in manifest.report["targets"].items():
        labels = list(target["confusion"])
        figure = Figure(figsize=(1.5 + 0.8 * len(labels), 1.2 + 0.8 * len(labels)), layout="constrained")
        axes = figure.subplots()
        counts = [[target["confusion"][true][answered] for answered in labels] for true in labels]
        shares = [[n / max(1, sum(row)) for n in row] for row in counts]
        axes.imshow(shares, cmap="cividis", vmin=0, vmax=1)
        for i, row in enumerate(counts):
            for j, n in enumerate(row):
                axes.text(j, i, str(n), ha="center", va="center", color="black" if shares[i][j] > 0.5 else "white")
        axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
        axes.set_yticks(range(len(labels)), labels)
        axes.set(xlabel="answered", ylabel="true", title=f"{name}: macro-F1 {target['macro_f1']:.3f}")
        plots.append(folder / f"confusion-{name}.png")
        figure.savefig(plots[-1])
    return plots


def _draw_reliability(manifest: Manifest, folder: Path) -> list[Path]:
    """A reliability diagram per target: how often answers of a confidence are right, the more tickets the larger."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    plots = []
    for name, target in manifest.report["targets"].items():
        points = target["reliability"]
        most = max(point["n_tickets"] for point in points)
        figure = Figure(figsize=(4, 4), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
        said, right = [p["mean_confidence"] for p in points], [p["accuracy"] for p in points]
        axes.plot(said, right, color="tab:blue", linewidth=1)
        axes.scatter(said, right, s=[10 + 150 * p["n_tickets"] / most for p in points], color="tab:blue", alpha=0.6)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right", aspect="equal")
        axes.set_title(f"{name}: calibration error {target['ece']:.3f} on {target['n_tickets']:,} tickets")
        plots.append(folder / f"reliability-{name}.png")
        figure.savefig(plots[-1])
    return plots


def _register(client: Any, artifact_uri: str, run_id: str, version: str, alias: str) -> None:
    from mlflow.exceptions import RestException  # noqa: PLC0415 - seconds to import

    if not client.search_registered_models(filter_string=f"name='{_MODEL_NAME}'"):
        try:
            client.create_registered_model(_MODEL_NAME)
        except RestException:  # another training was quicker
            log.info("registered model exists", extra={"model": _MODEL_NAME})
    registered = client.create_model_version(
        _MODEL_NAME, source=f"{artifact_uri}/model", run_id=run_id, tags={"version": version}
    )
    client.set_registered_model_alias(_MODEL_NAME, alias, registered.version)
