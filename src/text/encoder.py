"""Sentence encoders: texts in, unit vectors out; the same text always gives the same vector."""

import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from text.e5 import E5_SMALL, ensure_e5_small
from text.encoder_folder import EncoderFolderError, verify
from text.vector_cache import VectorCache

Role = Literal["query", "passage"]
Precision = Literal["fp32", "int8"]
Vectors = NDArray[np.float32]

_GRAPHS: Final = {"fp32": "onnx/model.onnx", "int8": "onnx/model_int8.onnx"}
_MAX_CHARACTERS: Final = 8_000  # far more than the tokens an encoder reads; keeps tokenising a megabyte cheap


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """What was encoded with another name cannot be compared with this encoder's vectors."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""


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


@dataclass
class OnnxEncoder:
    """A sealed encoder folder served by ONNX Runtime, without torch; its graph loads at first use.

    Texts are run one by one, because 8-bit graphs scale activations over a whole batch: a vector must not depend on
    its neighbours. Threads share one session; a forked process opens its own.
    """

    folder: Path
    precision: Precision = "fp32"
    n_threads: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _loaded: "_Loaded | None" = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The folder's own name for its weights, with the precision."""
        return f"{self._description['name']}/{self.precision}"

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._model().session.get_outputs()[0].shape[1])

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""
        model = self._model()
        prefix = self._description["prompts"][role]
        prefixed = [prefix + _readable(text) for text in texts]
        if self.n_threads == 1 or len(prefixed) == 1:
            rows = [model.vector(text) for text in prefixed]
        else:
            with ThreadPoolExecutor(self.n_threads) as pool:
                rows = list(pool.map(model.vector, prefixed))
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    @property
    def _description(self) -> dict[str, Any]:
        return self._model().description

    def _model(self) -> "_Loaded":
        loaded = self._loaded
        if loaded is None or loaded.process_id != os.getpid():
            with self._lock:
                loaded = self._loaded
                if loaded is None or loaded.process_id != os.getpid():
                    loaded = self._loaded = _Loaded.read(self.folder, self.precision)
        return loaded

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": self.folder, "precision": self.precision, "n_threads": self.n_threads}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a fresh lock, nothing loaded


@dataclass(frozen=True)
class _Loaded:
    """An open graph with its tokenizer, and the process that opened it."""

    session: Any
    tokenizer: Any
    description: dict[str, Any]
    process_id: int

    @classmethod
    def read(cls, folder: Path, precision: Precision) -> "_Loaded":
        import onnxruntime  # noqa: PLC0415 - slow to import
        from tokenizers import Tokenizer  # noqa: PLC0415

        verify(folder, only=["encoder.json", "tokenizer.json", _GRAPHS[precision]])
        description = json.loads((folder / "encoder.json").read_text())
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(description["max_tokens"])
        tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(folder / _GRAPHS[precision]), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, tokenizer, description, os.getpid())

    def vector(self, text: str) -> Vectors:
        ids = np.array([self.tokenizer.encode(text).ids], np.int64)
        vectors: Vectors = self.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        vector: Vectors = vectors[0]
        return vector


def _readable(text: str) -> str:
    """As much of ``text`` as is read, with halves of characters, which tokenizers refuse, as question marks."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode()


@dataclass
class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder; torch and the weights load at first use."""

    name: str
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _model: Any = field(default=None, repr=False)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._loaded().get_embedding_dimension())

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        model = self._loaded()
        prompt = role if role in (model.prompts or {}) else None
        vectors: Vectors = model.encode(
            [_readable(text) for text in texts],
            prompt_name=prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False).reshape(len(texts), -1)

    def _loaded(self) -> Any:
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = self._read()
        return self._model

    def _read(self) -> Any:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow to import

        try:
            return SentenceTransformer(self.name, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            raise EncoderFolderError(
                Path(self.name),
                f"cannot be loaded by sentence-transformers ({type(error).__name__})",
                f"set STELLWERK_ENCODER to a model folder, a reachable hub name, or {E5_SMALL}",
            ) from error

    def __getstate__(self) -> dict[str, str]:
        return {"name": self.name}

    def __setstate__(self, state: dict[str, str]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a fresh lock, nothing loaded


@dataclass(frozen=True)
class CachedEncoder:
    """An encoder that remembers the vectors of texts it has seen."""

    encoder: Encoder
    cache: VectorCache

    @property
    def name(self) -> str:
        """The name of the encoder behind the cache."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension); only texts never seen before are encoded."""
        keys = [VectorCache.key(self.name, role, text) for text in texts]
        known = self.cache.read(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            vectors = self.encoder.encode(list(fresh.values()), role=role)
            written = dict(zip(fresh, vectors, strict=True))
            self.cache.write(written)
            known |= written
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, self.dimension), np.float32)
