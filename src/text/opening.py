"""Which sentence encoder the settings name."""

from pathlib import Path

from text.cached_encoder import CachedEncoder
from text.e5 import E5_SMALL, ensure_e5_small
from text.encoder import Encoder
from text.onnx_encoder import OnnxEncoder, Precision
from text.sentence_transformer import SentenceTransformerEncoder
from text.vector_cache import VectorCache


def open_encoder(
    name: str, *, home: Path, precision: Precision = "fp32", n_threads: int = 1, cache: Path | None = None
) -> Encoder:
    """The encoder that the settings name: the built-in one, a folder, or a sentence-transformers model by hub name.

    Parameters
    ----------
    name : str
        ``multilingual-e5-small`` (built under ``home`` the first time), a model folder, or a hub name.
    precision : {"fp32", "int8"}
        Which of the built-in encoder's graphs serves; 8-bit weights more than halve the time and cost some accuracy.
    n_threads : int
        How many texts are encoded at a time; one for serving, where requests run beside each other.
    cache : Path, optional
        SQLite file that keeps vectors by encoder name and content hash.

    Raises
    ------
    EncoderFolderError
        The model is missing, damaged or cannot be loaded; the message names the cure.
    """
    encoder: Encoder
    if name == E5_SMALL:
        encoder = OnnxEncoder(ensure_e5_small(home / E5_SMALL), precision=precision, n_threads=n_threads)
    elif (Path(name) / "encoder.json").is_file():
        encoder = OnnxEncoder(Path(name), precision=precision, n_threads=n_threads)
    else:
        encoder = SentenceTransformerEncoder(name)
    return CachedEncoder(encoder, VectorCache(cache)) if cache else encoder
