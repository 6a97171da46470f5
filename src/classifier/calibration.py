"""Whether answers are right as often as they say: over all tickets, and by label, language and length of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from classifier.reading import language_of
from tickets import Ticket

SliceKind = Literal["all", "label", "language", "length"]
Names = NDArray[np.object_]

_BINS: Final = 10
_FEWEST: Final = 100
"""Tickets below which a slice's error is mostly chance: ten bins of ten tickets each."""
_LANGUAGES: Final = ("de", "en", "other")
_LENGTHS: Final = (("short", 200), ("medium", 600), ("long", None))
"""Names of the lengths of a text, and the number of characters that each stays below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSlice:
    """How well confidence and accuracy agree on one part of the tickets.

    A label's part are the tickets that were answered with it. With ``too_few`` tickets the figures are mostly chance;
    without any they are None.
    """

    kind: SliceKind
    name: str
    n_tickets: int
    mean_confidence: float | None
    accuracy: float | None
    ece: float | None
    too_few: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Answers of about the same confidence, and how many of them were right: one point of a reliability diagram."""

    n_tickets: int
    mean_confidence: float
    accuracy: float


@dataclass(frozen=True)
class Traits:
    """What tickets are sliced by: language (``de``, ``en``, ``other``) and length, of shape (n_tickets,) each."""

    language: Names
    length: Names

    @classmethod
    def of(cls, tickets: Sequence[Ticket]) -> Self:
        """The traits of ``tickets`` in order."""
        languages = [(ticket.language or language_of(ticket) or "").lower().partition("-")[0] for ticket in tickets]
        return cls(
            np.array([name if name in _LANGUAGES else "other" for name in languages], dtype=object),
            np.array([_length(len(ticket.subject) + len(ticket.body)) for ticket in tickets], dtype=object),
        )

    def at(self, rows: NDArray[np.bool_]) -> "Traits":
        """The traits of some tickets."""
        return Traits(self.language[rows], self.length[rows])


def slices(
    confidence: NDArray[np.float64],
    correct: NDArray[np.bool_],
    answered: NDArray[np.intp],
    labels: Sequence[str],
    traits: Traits,
) -> list[CalibrationSlice]:
    """The slice of all tickets, then those by answered label, language and length; empty ones included.

    Parameters
    ----------
    confidence, correct, answered : ndarrays of shape (n_tickets,)
        Probability of the most probable label, whether it was the true one, and its index among ``labels``.
    """
    parts: list[tuple[SliceKind, str, NDArray[np.bool_]]] = [("all", "all", np.ones(len(correct), dtype=bool))]
    parts += [("label", name, answered == i) for i, name in enumerate(labels)]
    parts += [("language", name, traits.language == name) for name in _LANGUAGES]
    parts += [("length", name, traits.length == name) for name, _ in _LENGTHS]
    return [_slice(kind, name, confidence[rows], correct[rows]) for kind, name, rows in parts]


def reliability(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], *, bins: int = _BINS
) -> tuple[ReliabilityBin, ...]:
    """The bins of equal width that hold tickets, from unsure to sure.

    Parameters
    ----------
    confidence, correct : ndarrays of shape (n_tickets,)
        Probability of the most probable label, and whether that label was the true one.
    """
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return tuple(
        ReliabilityBin(
            n_tickets=int((bin_of == b).sum()),
            mean_confidence=float(confidence[bin_of == b].mean()),
            accuracy=float(correct[bin_of == b].mean()),
        )
        for b in np.unique(bin_of)
    )


def expected_calibration_error(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], *, bins: int = _BINS
) -> float:
    """Mean gap between confidence and accuracy, weighted by bin size; in [0, 1], 0 is perfect.

    Parameters
    ----------
    confidence, correct : ndarrays of shape (n_tickets,)
        Probability of the most probable label, and whether that label was the true one.

    References
    ----------
    Guo et al. (2017), "On Calibration of Modern Neural Networks", section 2.
    """
    found = reliability(confidence, correct, bins=bins)
    return sum(one.n_tickets * abs(one.mean_confidence - one.accuracy) for one in found) / len(confidence)


def _slice(kind: SliceKind, name: str, confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> CalibrationSlice:
    n_tickets = len(confidence)
    return CalibrationSlice(
        kind=kind,
        name=name,
        n_tickets=n_tickets,
        mean_confidence=float(confidence.mean()) if n_tickets else None,
        accuracy=float(correct.mean()) if n_tickets else None,
        ece=expected_calibration_error(confidence, correct) if n_tickets else None,
        too_few=n_tickets < _FEWEST,
    )


def _length(n_characters: int) -> str:
    return next(name for name, below in _LENGTHS if below is None or n_characters < below)
