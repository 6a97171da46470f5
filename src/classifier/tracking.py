"""Each training as a run in MLflow: plan, metrics, plots, the model's folder, and its place in the registry."""

import logging
import os
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from classifier.evaluation import Report
from classifier.flavour import save_flavour
from classifier.plots import confusion_figure, reliability_figure
from classifier.promotion import Verdict
from classifier.scoring import SCORED_COLUMNS, Surroundings
from classifier.shelf import Manifest
from tickets import Taxonomy

_EXPERIMENT: Final = "stellwerk"
_MODEL_NAME: Final = "stellwerk"
_FOREIGN: Final = re.compile(r"[^\w. -]")
"""Characters that MLflow takes in no name."""
_DIGEST: Final = 36
"""As many characters as MLflow keeps of a dataset's digest."""
_LONGEST_TAG: Final = 5_000
_ENVIRONMENT: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",  # nothing about a desk leaves it unasked
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",  # a server that is away must not hold up a training
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}
"""Unless the environment says otherwise."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training as it is told to MLflow: the model kept, where, and all that was found out about it."""

    manifest: Manifest
    folder: Path
    """The model's folder on the shelf."""
    source: str
    """Where the history came from."""
    taxonomy: Taxonomy
    surroundings: Surroundings
    folds: tuple[Report, ...] = ()
    """The report on each fold; a nested run each."""
    verdict: Verdict | None = None


def track(training: Training, *, uri: str, alias: str) -> str:
    """Write one training into MLflow and give the run's id.

    Parameters
    ----------
    uri : str
        A tracking database (``sqlite:///...``, artefacts beside it) or the URL of an MLflow server.
    alias : {"champion", "challenger"}
        Under which the registered version is found.

    Raises
    ------
    TrackingError
        The database or server refused, or did not answer within a minute or so.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import mlflow  # noqa: PLC0415 - seconds to import
    from mlflow.exceptions import MlflowException  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        return _track(mlflow.MlflowClient(tracking_uri=uri), training, uri=uri, alias=alias)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise TrackingError(uri, type(error).__name__) from error


def aliased(uri: str, alias: str) -> str | None:
    """The shelf's version that has ``alias`` in the registry; None where none has it, or it came from elsewhere.

    Raises
    ------
    UntoldAliasError
        The database or server does not answer.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
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


def _track(client: Any, training: Training, *, uri: str, alias: str) -> str:
    experiment = client.get_experiment_by_name(_EXPERIMENT)
    experiment_id = (
        experiment.experiment_id
        if experiment
        else client.create_experiment(_EXPERIMENT, artifact_location=_artifacts_beside(uri))
    )
    tags = _tags(training) | {"source": training.source, "alias": alias}
    run = client.create_run(experiment_id, run_name=training.manifest.version, tags=tags)
    run_id: str = run.info.run_id
    try:
        _log(client, training, run_id)
        _log_folds(client, training, run_id, experiment_id)
        _register(client, training, run, alias)
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)
    return run_id


def _log(client: Any, training: Training, run_id: str) -> None:
    manifest = training.manifest
    parameters = manifest.plan | {"data_fingerprint": manifest.data_fingerprint, "encoder": manifest.encoder or "none"}
    for name, value in parameters.items():
        client.log_param(run_id, name, value)
    _log_metrics(client, run_id, _metrics(manifest.report) | {"n_tickets": manifest.n_tickets})
    client.log_inputs(run_id, datasets=[_dataset(training)])
    with tempfile.TemporaryDirectory() as drafts:
        flavoured = Path(drafts) / "model"
        save_flavour(
            manifest,
            training.folder,
            flavoured,
            taxonomy=training.taxonomy,
            surroundings=training.surroundings,
            run_id=run_id,
        )
        client.log_artifacts(run_id, str(flavoured), "model")
        for name, target in manifest.report["targets"].items():
            for kind, draw in (("confusion", confusion_figure), ("reliability", reliability_figure)):
                picture = Path(drafts) / f"{kind}-{name}.png"
                draw(name, target).savefig(picture)
                client.log_artifact(run_id, str(picture), "plots")


def _log_folds(client: Any, training: Training, run_id: str, experiment_id: str) -> None:
    """A nested run for each fold, with its own figures."""
    for number, report in enumerate(training.folds, start=1):
        tags = {"mlflow.parentRunId": run_id, "fold": str(number)}
        fold = client.create_run(experiment_id, run_name=f"{training.manifest.version} fold {number}", tags=tags)
        _log_metrics(client, fold.info.run_id, _metrics(asdict(report)) | {"n_tickets": report.decision.n_tickets})
        client.set_terminated(fold.info.run_id)


def _log_metrics(client: Any, run_id: str, metrics: Mapping[str, float]) -> None:
    from mlflow.entities import Metric  # noqa: PLC0415 - seconds to import

    now = int(time.time() * 1000)
    client.log_batch(run_id, metrics=[Metric(name, value, now, 0) for name, value in metrics.items()])


def _dataset(training: Training) -> Any:
    """Which tickets were learned from: their fingerprint, their source and their columns, none of their words."""
    from mlflow.data.code_dataset_source import CodeDatasetSource  # noqa: PLC0415 - seconds to import
    from mlflow.data.dataset_source_registry import resolve_dataset_source  # noqa: PLC0415
    from mlflow.data.meta_dataset import MetaDataset  # noqa: PLC0415
    from mlflow.entities import DatasetInput, InputTag  # noqa: PLC0415
    from mlflow.types import ColSpec, DataType, Schema  # noqa: PLC0415

    file = Path(training.source)
    source = (
        resolve_dataset_source(str(file.resolve()))
        if file.is_file()
        else CodeDatasetSource(tags={"mlflow.source.name": training.source})
    )
    columns = (*SCORED_COLUMNS, *training.taxonomy.names)
    dataset = MetaDataset(  # type: ignore[abstract]  # MLflow's own is meant to be made so
        source=source,
        name="history",
        digest=training.manifest.data_fingerprint[:_DIGEST],
        schema=Schema([ColSpec(DataType.string, name) for name in columns]),
    )
    entity = dataset._to_mlflow_entity()  # noqa: SLF001 - as MLflow's own fluent interface does
    return DatasetInput(dataset=entity, tags=[InputTag("mlflow.data.context", "training")])


def _tags(training: Training) -> dict[str, str]:
    """The verdict and the promise in words, on run and registered version alike."""
    promise = training.manifest.report["decision"]["promise"]
    said = (
        f"at most {promise['max_error']:g} wrong from certainty {promise['threshold']:.4f}, "
        f"with confidence {promise['confidence']:g}"
        if promise["threshold"] is not None
        else "none"
    )
    verdict = training.verdict
    if verdict is None:
        return {"promise": said}
    fate = "earned" if verdict.promoted else "not earned"
    return {"promise": said, "verdict": f"{fate}: {'; '.join(verdict.reasons)}"[:_LONGEST_TAG]}


def _artifacts_beside(uri: str) -> str | None:
    prefix = "sqlite:///"
    if not uri.startswith(prefix):
        return None  # a server keeps them where it was told to
    database = Path(uri.removeprefix(prefix)).resolve()
    database.parent.mkdir(parents=True, exist_ok=True)
    return (database.parent / "mlartifacts").as_uri()


def _metrics(report: Mapping[str, Any]) -> dict[str, float]:
    metrics = {
        f"{name}.{measure}": float(target[measure])
        for name, target in report["targets"].items()
        for measure in ("accuracy", "macro_f1", "log_loss", "ece", "cost_per_100")
    }
    decision = report["decision"]
    metrics["auto_share"] = decision["auto_share"]
    if decision["auto_error"] is not None:
        metrics["auto_error"] = decision["auto_error"]
    metrics["cost_per_100"] = decision["cost_per_100"]
    return metrics | _calibration_metrics(report)


def _calibration_metrics(report: Mapping[str, Any]) -> dict[str, float]:
    """Each slice's figures as ``level.language.de.ece``; those of few tickets too, with their number beside."""
    return {
        f"{name}.{part['kind']}.{_FOREIGN.sub('_', part['name'])}.{measure}": float(part[measure])
        for name, target in report["targets"].items()
        for part in target["calibration"]
        for measure in ("n_tickets", "mean_confidence", "accuracy", "ece")
        if part["kind"] != "all" and part[measure] is not None
    }


def _register(client: Any, training: Training, run: Any, alias: str) -> None:
    from mlflow.exceptions import RestException  # noqa: PLC0415 - seconds to import

    if not client.search_registered_models(filter_string=f"name='{_MODEL_NAME}'"):
        try:
            client.create_registered_model(_MODEL_NAME)
        except RestException:  # another training was quicker
            log.info("registered model exists", extra={"model": _MODEL_NAME})
    registered = client.create_model_version(
        _MODEL_NAME,
        source=f"{run.info.artifact_uri}/model",
        run_id=run.info.run_id,
        tags=_tags(training) | {"version": training.manifest.version},
    )
    client.set_registered_model_alias(_MODEL_NAME, alias, registered.version)
