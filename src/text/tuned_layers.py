"""Upper layers of the encoder that were tuned on a desk's labels, as they serve: without torch."""

import os
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text.encoder import Vectors
from text.session import open_session


@dataclass(frozen=True, slots=True)
class Head:
    """One target's linear answer on the mean of a text's tuned states."""

    weights: Vectors
    """Of shape (n_labels, dimension)."""
    bias: Vectors
    """Of shape (n_labels,)."""


@dataclass
class TunedLayers:
    """Tuned upper layers as a graph that serves without torch; safe to share between threads, pickled as its bytes."""

    graph: bytes
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _session: tuple[int, Any] | None = field(default=None, repr=False)

    def read(self, states: NDArray[np.floating]) -> Vectors:
        """What the layers make of one text's token states; of shape (n_tokens, dimension).

        Parameters
        ----------
        states : ndarray of shape (n_tokens, width)
            As the encoder's `read` gave them; the first depth is where the tuned layers begin.
        """
        session = self._open()
        dimension = session.get_inputs()[0].shape[2]
        tuned: Vectors = session.run(None, {"lower": states[None, :, :dimension].astype(np.float32)})[0][0]
        return tuned

    def _open(self) -> Any:
        opened = self._session
        if opened is None or opened[0] != os.getpid():
            with self._lock:
                opened = self._session = (os.getpid(), open_session(self.graph))
        return opened[1]

    def __getstate__(self) -> dict[str, Any]:
        return {"graph": self.graph}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a fresh lock, nothing opened
