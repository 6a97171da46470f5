"""What a model sees of tickets: cleaned words, the product, and sentence vectors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from text import Encoder, clean, detect_language
from tickets import Ticket

Floats = NDArray[np.float32]
_REMEMBERED_PRODUCTS = 4_096
_MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Readings:
    """Tickets as arrays, one row a ticket."""

    words: NDArray[np.object_]
    """Cleaned subject and body, shape (n_tickets,)."""
    words_and_product: NDArray[np.object_]
    """The same with the product's name, shape (n_tickets,)."""
    meaning: Floats
    """Unit vectors of subject and body, shape (n_tickets, 2 * dimension); no columns without an encoder."""
    meaning_and_product: Floats
    """The same with the product's vector, shape (n_tickets, 3 * dimension)."""

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, rows: Any) -> "Readings":
        return Readings(
            self.words[rows], self.words_and_product[rows], self.meaning[rows], self.meaning_and_product[rows]
        )

    @classmethod
    def joined(cls, parts: Sequence["Readings"]) -> Self:
        """The rows of all ``parts`` in order."""
        return cls(
            np.concatenate([part.words for part in parts]),
            np.concatenate([part.words_and_product for part in parts]),
            np.concatenate([part.meaning for part in parts]),
            np.concatenate([part.meaning_and_product for part in parts]),
        )


class TicketReader:
    """Reads tickets for the model; without an encoder it reads words alone.

    Product names come again and again, so their vectors are remembered.

    Parameters
    ----------
    products : mapping of str to ndarray of shape (dimension,), optional
        Vectors of products already known, as `product_vectors` gave them.
    """

    def __init__(self, encoder: Encoder | None, products: Mapping[str, Floats] | None = None) -> None:
        self.encoder = encoder
        self._products = products or {}
        self._new_product_vector = lru_cache(_REMEMBERED_PRODUCTS)(self._encode_product)

    def product_vectors(self, products: Iterable[str]) -> dict[str, Floats]:
        """The sentence vector of each product; none without an encoder."""
        if self.encoder is None:
            return {}
        return {product: self._product_vector(product) for product in products}

    def read(self, tickets: Sequence[Ticket]) -> Readings:
        """The readings of ``tickets`` in order; training and serving read alike."""
        subjects = [clean(ticket.subject[:_MAX_CHARACTERS]) for ticket in tickets]
        bodies = [clean(ticket.body[:_MAX_CHARACTERS]) for ticket in tickets]
        words = [f"{subject}\n{body}".strip() for subject, body in zip(subjects, bodies, strict=True)]
        products = [ticket.product or "" for ticket in tickets]
        with_product = [f"{text}\n{product}".strip() for text, product in zip(words, products, strict=True)]
        meaning = self._meaning(subjects, bodies)
        product_vectors = (
            np.stack([self._product_vector(product) for product in products])
            if self.encoder is not None and products
            else np.empty((len(tickets), 0), np.float32)
        )
        return Readings(_texts(words), _texts(with_product), meaning, np.hstack([meaning, product_vectors]))

    def _meaning(self, subjects: Sequence[str], bodies: Sequence[str]) -> Floats:
        if self.encoder is None or not subjects:
            return np.empty((len(subjects), 0), np.float32)
        vectors = self.encoder.encode([*subjects, *bodies])
        return np.hstack([vectors[: len(subjects)], vectors[len(subjects) :]])

    def _product_vector(self, product: str) -> Floats:
        known = self._products.get(product)
        return self._new_product_vector(product) if known is None else known

    def _encode_product(self, product: str) -> Floats:
        assert self.encoder is not None
        vector: Floats = self.encoder.encode([product])[0]
        return vector


def language_of(ticket: Ticket) -> str | None:
    """The language that a ticket's words are told to be in, whatever halves of characters stand among them."""
    return detect_language(f"{ticket.subject}\n{ticket.body}".encode("utf-8", "replace").decode())


def _texts(texts: Sequence[str]) -> NDArray[np.object_]:
    array = np.empty(len(texts), dtype=np.object_)
    array[:] = texts
    return array
