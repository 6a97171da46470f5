"""How far tickets and answers have moved away from those of training."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from classifier.reading import language_of
from tickets import Ticket

OTHER: Final = "other"
NONE: Final = "none"
_MOST_BINS: Final = 20
_QUANTILES: Final = 10
_HALF: Final = 0.5

Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """How the tickets of a history part by what can be said of each without reading it.

    Names are parted by themselves, the most frequent twenty of them; numbers at the tenths of the history.
    """

    shares: Mapping[str, Shares] = field(default_factory=dict)
    """By trait (``language``, ``channel``, ``product``, ``words``, ``known_words``), the share of each part."""
    bounds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Of a trait that is a number, where its parts border on each other."""

    @classmethod
    def of(cls, tickets: Sequence[Ticket], *, known_shares: Sequence[float], words: Sequence[str]) -> "Reference":
        """The parts of a history.

        Parameters
        ----------
        known_shares : sequence of float
            The share of each ticket's words that other tickets use.
        words : sequence of str
            Each ticket's text as it is read.
        """
        traits = [
            traits_of(ticket, known_share=known, words=text)
            for ticket, known, text in zip(tickets, known_shares, words, strict=True)
        ]
        bounds = {name: _tenths([one.numbers[name] for one in traits]) for name in traits[0].numbers} if traits else {}
        unparted = cls(bounds=bounds)
        counts = {name: Counter(unparted.part(name, one) for one in traits) for name in _NAMES} if traits else {}
        return cls(shares={name: _frequent(count) for name, count in counts.items()}, bounds=bounds)

    def part(self, name: str, traits: "Traits") -> str:
        """The part that a ticket belongs to by one trait, of those the history has."""
        if name in traits.numbers:
            return str(bisect_right(list(self.bounds.get(name, ())), traits.numbers[name]))
        said = traits.names[name]
        known = self.shares.get(name)
        return said if known is None or said in known else OTHER

    def drift(self, traits: Sequence["Traits"]) -> dict[str, float]:
        """By trait, the population stability index of these tickets against the history."""
        return {
            name: stability_index(shares, Counter(self.part(name, one) for one in traits))
            for name, shares in self.shares.items()
        }


@dataclass(frozen=True, slots=True)
class Traits:
    """What is said of one ticket: names of the desk's own, and numbers."""

    names: Mapping[str, str]
    numbers: Mapping[str, float]


_NAMES: Final = ("language", "channel", "product", "words", "known_words")


def traits_of(ticket: Ticket, *, known_share: float, words: str) -> Traits:
    """The traits of one ticket."""
    return Traits(
        names={
            "language": ticket.language or language_of(ticket) or NONE,
            "channel": ticket.channel or NONE,
            "product": ticket.product or NONE,
        },
        numbers={"words": float(len(words.split())), "known_words": known_share},
    )


def stability_index(expected: Shares, observed: Mapping[str, int]) -> float:
    """The population stability index: 0 where nothing moved, above 0.25 where the tickets are others.

    Half a ticket is added to each part on both sides, so that a part that is empty on one side counts as rare.

    Parameters
    ----------
    expected : mapping of str to float
        The share of each part before.
    observed : mapping of str to int
        How many are in each part now.

    References
    ----------
    Siddiqi (2006), "Credit Risk Scorecards"; Yurdakul & Naranjo (2020), "Statistical properties of the population
    stability index", which shows that few tickets raise it by about (n_parts - 1) / n_tickets.
    """
    parts = sorted({*expected, *observed})
    n_tickets = sum(observed.values())
    if not n_tickets or len(parts) < 2:
        return 0.0
    whole = n_tickets + _HALF * len(parts)
    now = np.array([(observed.get(part, 0) + _HALF) / whole for part in parts])
    before = np.array([(expected.get(part, 0.0) * n_tickets + _HALF) / whole for part in parts])
    return float(((now - before) * np.log(now / before)).sum())


def _tenths(numbers: Iterable[float]) -> list[float]:
    quantiles = np.quantile(list(numbers), np.linspace(0, 1, _QUANTILES + 1)[1:-1])
    return sorted({float(one) for one in quantiles})


def _frequent(count: Counter[str]) -> dict[str, float]:
    n_tickets = sum(count.values())
    kept = dict(count.most_common(_MOST_BINS))
    shares = {name: n / n_tickets for name, n in kept.items()}
    if left := n_tickets - sum(kept.values()):
        shares[OTHER] = shares.get(OTHER, 0.0) + left / n_tickets
    return shares
