"""Our own sentence encoders: sealed folders, served by ONNX Runtime without torch."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import numpy as np

from text.encoder import Role, TokenStates, Vectors, readable
from text.encoder_folder import EncoderFolderError, verify
from text.session import open_session

Precision = Literal["fp32", "int8"]
_Result = TypeVar("_Result")

_GRAPHS: Final = {"fp32": "onnx/model.onnx", "int8": "onnx/model_int8.onnx"}


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

    @property
    def depths(self) -> tuple[int, ...]:
        """The layers whose states `read` gives."""
        return tuple(self._description["depths"])

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""
        model = self._model()
        prefix = self._description["prompts"][role]
        rows = self._each(model.vector, [prefix + readable(text) for text in texts])
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens' states of each text, in order."""
        return self._each(self._model().token_states, [readable(text) for text in texts])

    def _each(self, run: Callable[[str], _Result], texts: Sequence[str]) -> list[_Result]:
        if self.n_threads == 1 or len(texts) == 1:
            return [run(text) for text in texts]
        with ThreadPoolExecutor(self.n_threads) as pool:
            return list(pool.map(run, texts))

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
        from tokenizers import Tokenizer  # noqa: PLC0415

        verify(folder, only=["encoder.json", "tokenizer.json", _GRAPHS[precision]])
        description = json.loads((folder / "encoder.json").read_text())
        if "depths" not in description:
            raise EncoderFolderError(
                folder, "was built by an older version", f"delete it; the next start builds it anew (rm -r {folder})"
            )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(description["max_tokens"])
        tokenizer.no_padding()
        session = open_session(str(folder / _GRAPHS[precision]))
        return cls(session, tokenizer, description, os.getpid())

    def vector(self, text: str) -> Vectors:
        vector: Vectors = self._run("vectors", self.tokenizer.encode(text))
        return vector

    def token_states(self, text: str) -> TokenStates:
        prefix = self.description["prompts"]["query"]
        encoding = self.tokenizer.encode(prefix + text)
        spans = np.array(encoding.offsets, np.intp) - len(prefix)
        return TokenStates(spans.clip(0), self._run("states", encoding))

    def _run(self, output: str, encoding: Any) -> Any:
        ids = np.array([encoding.ids], np.int64)
        return self.session.run([output], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
