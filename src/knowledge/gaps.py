"""What the articles do not answer: solved tickets without a good article, by theme, with what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from knowledge.coverage import Case, Coverage, Library, covered
from knowledge.engine import Row
from knowledge.themes import telling_words, themes_of, vector_of

_MOST: Final = 5_000
"""Tickets that are put together at a time, the newest: comparing each with each takes memory."""
_N_WORDS: Final = 5
_FEWEST_OF_A_THEME: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A theme that no article answers: a candidate for a new one.

    ``handling_seconds`` is the time between opening and closing, over the tickets that say both; None where
    none does.
    """

    words: tuple[str, ...]
    products: tuple[str, ...]
    tickets: tuple[str, ...]
    handling_seconds: float | None
    median_handling_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """How many tickets lack a good article, and the themes they tell of, the costliest first.

    ``recall`` and ``false_alarms`` are those of `Coverage`. ``n_single`` tickets lack an article and share their
    theme with no other.
    """

    n_tickets: int
    n_without_answer: int
    n_single: int
    n_known: int
    bound: float
    recall: float
    false_alarms: float
    gaps: tuple[Gap, ...]


def gaps_in(library: Library) -> GapReport:
    """The gaps in a library's articles; what a good answer is, tickets tell that name an article.

    Raises
    ------
    UnknownAnswersError
        Too few right answers are known to learn what a good one is.
    """
    cases = list(library.cases.values())
    links = {case.row.document: case.row.article_id for case in cases if case.row.article_id}
    coverage = covered(cases, library.passages, links)
    without = unanswered(cases, library.passages, links, coverage)
    newest = sorted((cases[place] for place in without), key=_closed, reverse=True)[:_MOST]
    centre = np.mean([vector_of(case) for case in cases], axis=0)
    themes = themes_of(newest, centre)
    shared = [theme for theme in themes if len(theme) >= _FEWEST_OF_A_THEME]
    words = telling_words(newest, shared, n_words=_N_WORDS)
    gaps = [_gap([newest[place] for place in theme], theirs) for theme, theirs in zip(shared, words, strict=True)]
    return GapReport(
        n_tickets=len(cases),
        n_without_answer=len(without),
        n_single=len(themes) - len(shared),
        n_known=coverage.n_known,
        bound=coverage.bound,
        recall=coverage.recall,
        false_alarms=coverage.false_alarms,
        gaps=tuple(sorted(gaps, key=lambda gap: (-(gap.handling_seconds or 0), -len(gap.tickets), gap.tickets))),
    )


def unanswered(
    cases: Sequence[Case], passages: Sequence[Row], links: Mapping[str, str], coverage: Coverage
) -> list[int]:
    """The places of tickets below the bound; one whose article is known and here has an answer."""
    here = {row.document for row in passages}
    return [
        place
        for place, case in enumerate(cases)
        if coverage.probabilities[place] < coverage.bound and links.get(case.row.document) not in here
    ]


def _gap(cases: Sequence[Case], words: tuple[str, ...]) -> Gap:
    rows = [case.row for case in cases]
    seconds = [(row.closed_at - row.created_at).total_seconds() for row in rows if row.closed_at and row.created_at]
    products: dict[str, int] = {}
    for row in rows:
        if row.product:
            products[row.product] = products.get(row.product, 0) + 1
    return Gap(
        words=words,
        products=tuple(sorted(products, key=lambda product: (-products[product], product))),
        tickets=tuple(row.document for row in rows),
        handling_seconds=sum(seconds) if seconds else None,
        median_handling_seconds=median(seconds) if seconds else None,
    )


def _closed(case: Case) -> tuple[float, str]:
    return case.row.closed_at.timestamp() if case.row.closed_at else 0.0, case.row.document
