"""What speaks against one row of a history, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Final

from history import PlacedTicket


class Kind(StrEnum):
    """What may be wrong with a row."""

    WRONG_LABEL = "wrong_label"
    PROBLEM_CONFLICT = "problem_conflict"
    TWIN_CONFLICT = "twin_conflict"
    NAMES_LABEL = "names_label"
    QUOTES_RESOLUTION = "quotes_resolution"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    BAD_TIMES = "bad_times"
    OTHER_LANGUAGE = "other_language"
    FEW_WORDS = "few_words"


WEIGHTS: Final = {
    Kind.NAMES_LABEL: 0.5,
    Kind.QUOTES_RESOLUTION: 0.5,
    Kind.DUPLICATE: 0.3,
    Kind.NEAR_DUPLICATE: 0.2,
    Kind.BAD_TIMES: 0.2,
    Kind.OTHER_LANGUAGE: 0.1,
    Kind.FEW_WORDS: 0.1,
}
"""How much attention what is no doubt about a label deserves beside such doubts, which carry weights of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that speaks against one row."""

    row: int
    """The place of the ticket among those inspected, from 0."""
    kind: Kind
    weight: float
    """How much attention it deserves, in [0, 1]."""
    reason: str
    target: str | None = None
    suggested: str | None = None
    """The label that is likelier to be right, where the doubt is about a label."""


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """A row to look at, with all that speaks against it, the weightiest first."""

    row: int
    ticket: PlacedTicket
    score: float
    """How much attention the row deserves, in [0, 1]: ``1 - prod(1 - weight)`` over its findings."""
    findings: tuple[Finding, ...]


def ranked(findings: Iterable[Finding], placed: Sequence[PlacedTicket]) -> tuple[DoubtfulRow, ...]:
    """The rows with findings, those that deserve most attention first."""
    of_row: dict[int, list[Finding]] = {}
    for finding in findings:
        of_row.setdefault(finding.row, []).append(finding)
    rows = [
        DoubtfulRow(
            row,
            placed[row],
            1 - prod(1 - finding.weight for finding in found),
            tuple(sorted(found, key=lambda one: -one.weight)),
        )
        for row, found in of_row.items()
    ]
    return tuple(sorted(rows, key=lambda one: (-one.score, one.row)))
