"""What a model sees of tickets: cleaned words, the product, and what the encoder makes of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from steps import step
from text import Encoder, TokenStates, clean, detect_language
from tickets import Ticket

Floats = NDArray[np.float32]
_REMEMBERED_PRODUCTS = 4_096
_MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Readings:
    """Tickets as arrays, one row a ticket."""

    words: NDArray[np.object_]
    """Cleaned subject and body, shape (n_tickets,)."""
    product: NDArray[np.object_]
    """The product's name, empty where there is none, shape (n_tickets,)."""
    meaning: Floats
    """Mean state of the text's tokens, shape (n_tickets, width); no columns without an encoder."""
    product_meaning: Floats
    """Mean state of the product's tokens, likewise."""

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, rows: Any) -> "Readings":
        return Readings(*(getattr(self, field.name)[rows] for field in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence["Readings"]) -> Self:
        """The rows of all ``parts`` in order."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


class TicketReader:
    """Reads tickets for the model; without an encoder it reads words alone.

    Product names come again and again, so what the encoder makes of them is remembered.

    Parameters
    ----------
    products : mapping of str to ndarray of shape (width,), optional
        Mean states of products already known, as `product_states` gave them.
    """

    def __init__(self, encoder: Encoder | None, products: Mapping[str, Floats] | None = None) -> None:
        self.encoder = encoder
        self._products = products or {}
        self._new_product = lru_cache(_REMEMBERED_PRODUCTS)(self._read_product)

    def __reduce__(self) -> tuple[type["TicketReader"], tuple[Encoder | None, Mapping[str, Floats]]]:
        """A copy begins without what was remembered."""
        return TicketReader, (self.encoder, self._products)

    def product_states(self, products: Iterable[str]) -> dict[str, Floats]:
        """The mean state of each product's tokens; none without an encoder."""
        if self.encoder is None:
            return {}
        return {product: self._product(product) for product in products}

    def read(self, tickets: Sequence[Ticket]) -> Readings:
        """The readings of ``tickets`` in order; training and serving read alike."""
        return self.read_tokens(tickets)[0]

    def read_tokens(self, tickets: Sequence[Ticket]) -> tuple[Readings, list[TokenStates]]:
        """The same, and the tokens' states of each ticket's `Readings.words`; none without an encoder."""
        words = [ticket_words(ticket) for ticket in tickets]
        products = [ticket.product or "" for ticket in tickets]
        meaning = product_meaning = np.empty((len(tickets), 0), np.float32)
        tokens: list[TokenStates] = []
        if self.encoder is not None and tickets:
            with step("encode", n_texts=len(words)):
                tokens = self.encoder.read(words)
            meaning = np.stack([mean_state(one) for one in tokens])
            product_meaning = np.stack([self._product(product) for product in products])
        return Readings(texts(words), texts(products), meaning, product_meaning), tokens

    def _product(self, product: str) -> Floats:
        known = self._products.get(product)
        return self._new_product(product) if known is None else known

    def _read_product(self, product: str) -> Floats:
        assert self.encoder is not None
        return mean_state(self.encoder.read([product])[0])


def ticket_words(ticket: Ticket) -> str:
    """The ticket's subject and body as they are read: without quotes, courtesies and signatures."""
    return f"{clean(ticket.subject[:_MAX_CHARACTERS])}\n{clean(ticket.body[:_MAX_CHARACTERS])}".strip()


def mean_state(tokens: TokenStates) -> Floats:
    """The mean of a text's token states, of shape (width,)."""
    mean: Floats = tokens.states.mean(axis=0, dtype=np.float32)
    return mean


def texts(strings: Sequence[str]) -> NDArray[np.object_]:
    """Strings as an array of shape (n_texts,)."""
    array = np.empty(len(strings), dtype=np.object_)
    array[:] = strings
    return array


def language_of(ticket: Ticket) -> str | None:
    """The language that a ticket's words are told to be in, whatever halves of characters stand among them."""
    return detect_language(f"{ticket.subject}\n{ticket.body}".encode("utf-8", "replace").decode())
