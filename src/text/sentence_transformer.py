"""Any other sentence encoder, as sentence-transformers loads it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from text.e5 import E5_SMALL
from text.encoder import Role, TokenStates, Vectors, readable
from text.encoder_folder import EncoderFolderError


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
            [readable(text) for text in texts],
            prompt_name=prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False).reshape(len(texts), -1)

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens' states of each text, in order, at the last layer."""
        model = self._loaded()
        prompt = (model.prompts or {}).get("query", "")
        return [_token_states(model, prompt, readable(text)) for text in texts]

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


def _token_states(model: Any, prompt: str, text: str) -> TokenStates:
    features = model.tokenizer(
        prompt + text, truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
    )
    spans = np.array(features["offset_mapping"], np.intp) - len(prompt)
    states = model.encode([prompt + text], output_value="token_embeddings", prompt="", show_progress_bar=False)[0]
    return TokenStates(spans.clip(0), states.float().numpy())
