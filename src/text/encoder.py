"""What a sentence encoder is: texts in, vectors of them and of their tokens out, the same ones every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["query", "passage"]
Vectors = NDArray[np.float32]

_MAX_CHARACTERS: Final = 8_000  # far more than the tokens an encoder reads; keeps tokenising a megabyte cheap


@dataclass(frozen=True, slots=True)
class TokenStates:
    """What an encoder made of one text, token by token."""

    spans: NDArray[np.intp]
    """Where each token stands in the text as it was read, of shape (n_tokens, 2); empty for tokens of its own."""
    states: Vectors
    """The tokens' vectors in their context, of shape (n_tokens, width): several depths of the encoder side by side."""


class SentenceEncoder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """What was encoded with another name cannot be compared with this encoder's vectors."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""


class Encoder(SentenceEncoder, Protocol):
    """A sentence encoder that also shows what it made of each token."""

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens' states of each text, in order; the last ``dimension`` columns are the deepest layer's."""


def readable(text: str) -> str:
    """As much of ``text`` as is read, with halves of characters, which tokenizers refuse, as question marks."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode()
