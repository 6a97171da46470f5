"""The encoder of the search: two encoders side by side, each less what all texts of one language share.

A sentence vector is first of all a vector of its language: without centring, every text of the query's language
lies nearer than the right answer in another. The second encoder was made for pairs across languages and sees
what the first overlooks.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from text.encoder import Encoder, Role, SentenceEncoder, TokenStates, Vectors
from text.language import detect_language

Centres = Mapping[str, Vectors]
"""For each role and language, as in ``query de``, the mean vectors of the first encoder and of the second, joined."""

CENTRED_LANGUAGES: Final = ("de", "en")
_FILE: Final = Path(__file__).with_name("centres.npz")
_REMOVED: Final = 0.85  # of a centre; all of it costs bases in which some pages answer most questions
_SHARE: Final = 0.3  # of the cosine that the second encoder decides: 0.6 of the first's weight, each in its spread


@cache
def read_centres() -> Centres:
    """The centres of the built-in encoders, as learned from the sample."""
    with np.load(_FILE, allow_pickle=False) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}


@dataclass(frozen=True, kw_only=True)
class SearchEncoder:
    """Two encoders' vectors, each centred by language and role: the cosine is the weighted mean of both cosines.

    Whatever keeps or compares vectors needs to know nothing of the pair. A text whose language cannot be told,
    or is another, is centred on the mean of the known languages.

    References
    ----------
    Mu and Viswanath (2018), "All-but-the-Top", for removing the mean; here it is taken by language and role.
    """

    first: Encoder
    second: SentenceEncoder
    centres: Centres = field(default_factory=read_centres, repr=False)

    @property
    def name(self) -> str:
        """Both names and how they are joined: with any other, vectors cannot be compared."""
        return f"{self.first.name}+{self.second.name}/centred-1"

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.first.dimension + self.second.dimension

    def encode(self, texts: Sequence[str], *, role: Role = "query") -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in the order of ``texts``."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        centres = np.stack([self._centre(text, role) for text in texts])
        parts = (self.first.encode(texts, role=role), self.second.encode(texts, role=role))
        border = self.first.dimension
        first, second = parts[0] - _REMOVED * centres[:, :border], parts[1] - _REMOVED * centres[:, border:]
        return np.hstack([math.sqrt(1 - _SHARE) * _unit(first), math.sqrt(_SHARE) * _unit(second)])

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """The first encoder's states of each text, in order."""
        return self.first.read(texts)

    def _centre(self, text: str, role: Role) -> Vectors:
        language = detect_language(text)
        languages = (language,) if language in CENTRED_LANGUAGES else CENTRED_LANGUAGES
        centre: Vectors = np.mean([self.centres[f"{role} {one}"] for one in languages], axis=0)
        return centre


def centre_of(texts: Sequence[str], first: Encoder, second: SentenceEncoder, *, role: Role) -> Vectors:
    """The mean vectors of ``texts``, which are of one language, by both encoders, joined."""
    means = [encoder.encode(texts, role=role).mean(axis=0) for encoder in (first, second)]
    return np.concatenate(means).astype(np.float32)


def write_centres(centres: Centres) -> None:
    """Keep the centres of the built-in encoders in half precision."""
    np.savez_compressed(_FILE, **{name: vector.astype(np.float16) for name, vector in centres.items()})  # type: ignore[arg-type]


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
