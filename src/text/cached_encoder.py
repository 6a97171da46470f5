"""An encoder with a memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text.encoder import Encoder, Role, TokenStates, Vectors
from text.vector_cache import VectorCache


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

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens' states of each text, in order; too many to be remembered."""
        return self.encoder.read(texts)
