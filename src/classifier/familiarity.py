"""What all tickets of a desk have in common, by which one that no desk would get is known."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.reading import Readings
from classifier.terms import Terms

Floats = NDArray[np.float64]

_DIRECTIONS: Final = 150
_ALARMS: Final = 0.02
"""Share of the desk's own tickets that may be taken for strange."""
_LEAST: Final = 1e-6


@dataclass(frozen=True)
class Familiarity:
    """The words that a history uses, and the subspace in which the encoder puts its tickets.

    References
    ----------
    Jackson & Mudholkar (1979), "Control procedures for residuals associated with principal component analysis".
    """

    terms: Terms
    mean: Floats
    """Mean state of the history's tickets, of shape (width,); empty without an encoder."""
    scale: Floats
    axes: Floats
    """Main axes of the standardised states, of shape (width, n_directions)."""

    @classmethod
    def learned(cls, terms: Terms, readings: Readings) -> Self:
        """Learned from the ``readings`` of a history and its ``terms``."""
        states = readings.meaning.astype(np.float64)
        mean, scale = states.mean(axis=0), states.std(axis=0) + _LEAST
        standard = (states - mean) / scale
        n_directions = min(_DIRECTIONS, *states.shape)
        axes = np.linalg.eigh(standard.T @ standard)[1][:, states.shape[1] - n_directions :]
        return cls(terms, mean, scale, axes)

    def signs(self, readings: Readings) -> Floats:
        """How familiar each ticket is, of shape (n_tickets, n_signs): the less, the stranger.

        The share of its words that the history uses; with an encoder also what of its state lies outside the
        history's main axes, negative.
        """
        known = np.array([[self.known_share(text)] for text in readings.words.tolist()]).reshape(-1, 1)
        if not self.mean.size:
            return known
        standard = (readings.meaning - self.mean) / self.scale
        outside = (standard**2).sum(axis=1) - ((standard @ self.axes) ** 2).sum(axis=1)
        return np.column_stack([known, -outside])

    def known_share(self, text: str) -> float:
        """The share of a text's words that the history uses."""
        words = self.terms.words.build_tokenizer()(text.lower())
        return float(np.mean([word in self.terms.words.vocabulary_ for word in words])) if words else 0.0


@dataclass(frozen=True)
class Usual:
    """How familiar a desk's own new tickets are, against which one is strange."""

    mean: Floats
    """Mean of each sign, of shape (n_signs,)."""
    spread: Floats
    below: float
    """Below which the sum of a ticket's standardised signs is strange."""

    @classmethod
    def learned(cls, signs: Floats) -> Self:
        """Learned from the signs of tickets by a familiarity that had not learned from them."""
        mean, spread = signs.mean(axis=0), signs.std(axis=0) + _LEAST
        totals = ((signs - mean) / spread).sum(axis=1)
        return cls(mean, spread, float(np.quantile(totals, _ALARMS)))

    def strange(self, signs: Floats) -> NDArray[np.bool_]:
        """Whether a ticket is less familiar than all but a few of the desk's own, of shape (n_tickets,)."""
        flags: NDArray[np.bool_] = ((signs - self.mean) / self.spread).sum(axis=1) < self.below
        return flags
