"""What a history holds, counted: labels, missing fields, lengths and languages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history import PlacedTicket
from inspection.finding import WEIGHTS, Finding, Kind
from text import detect_language
from tickets import Solution, Target

RARE: Final = 10
"""Problems below which a label is rare."""
_FEWEST_WORDS: Final = 3
_MOST_ASKED: Final = 5_000
_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCount:
    """How often one label occurs, and when last."""

    label: str
    n_tickets: int
    n_problems: int
    n_answered: int | None
    """How often the model answers it to tickets not learned from; None where that was not asked."""
    last_used: str | None
    """The date of the newest ticket that has it."""
    state: str
    """``fine``; ``rare`` (fewer than ten problems); ``unused`` (no ticket); ``dead`` (tickets, but never answered)."""


def label_counts(
    target: Target,
    placed: Sequence[PlacedTicket],
    truth: NDArray[np.intp],
    groups: NDArray[np.intp],
    answered: NDArray[np.intp] | None,
) -> list[LabelCount]:
    """The labels of ``target`` in the taxonomy's order."""
    counts = []
    for i, label in enumerate(target.label_names):
        rows = np.flatnonzero(truth == i)
        n_problems = len(np.unique(groups[rows]))
        n_answered = None if answered is None else int((answered == i).sum())
        times = [time for row in rows.tolist() if (time := placed[row].solved.ticket.created_at) is not None]
        rare = "rare" if n_problems < RARE else "fine"
        state = "unused" if not len(rows) else "dead" if n_answered == 0 else rare
        counts.append(
            LabelCount(
                label=label,
                n_tickets=len(rows),
                n_problems=n_problems,
                n_answered=n_answered,
                last_used=f"{max(times):%Y-%m-%d}" if times else None,
                state=state,
            )
        )
    return counts


def missing_fields(placed: Sequence[PlacedTicket], targets: Sequence[str]) -> dict[str, float]:
    """The share of tickets that lack each of our columns, in [0, 1]."""
    tickets = [one.solved.ticket for one in placed]
    closed = [one.solved.solution or Solution() for one in placed]
    lacking = {
        name: sum(not getattr(ticket, name) for ticket in tickets)
        for name in ("subject", "body", "language", "channel", "product", "customer", "created_at")
    }
    lacking |= {name: sum(name not in one.solved.labels for one in placed) for name in targets}
    lacking |= {
        name: sum(not getattr(one, name) for one in closed) for name in ("resolution", "article_id", "closed_at")
    }
    lacking["problem"] = sum(one.solved.problem is None for one in placed)
    return {name: n / len(placed) for name, n in lacking.items()}


def lengths(placed: Sequence[PlacedTicket]) -> dict[str, int]:
    """Quantiles of the characters of subject and body together."""
    sizes = [len(one.solved.ticket.subject) + len(one.solved.ticket.body) for one in placed]
    return {f"{share:.0%}": int(size) for share, size in zip(_QUANTILES, np.quantile(sizes, _QUANTILES), strict=True)}


def languages(placed: Sequence[PlacedTicket], seed: int) -> tuple[dict[str, float], list[Finding]]:
    """The share of each language that the words are in, and the tickets that state another.

    Of more than 5,000 tickets so many are drawn and looked at. What is too short or mixed to tell is ``unknown``.
    """
    rows = np.arange(len(placed))
    if len(rows) > _MOST_ASKED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _MOST_ASKED, replace=False))
    counts: Counter[str] = Counter()
    found = []
    for row in rows.tolist():
        ticket = placed[row].solved.ticket
        told = detect_language(f"{ticket.subject}\n{ticket.body}")
        counts[told or "unknown"] += 1
        if told and ticket.language and told != ticket.language:
            reason = f'states the language "{ticket.language}", but its words are "{told}"'
            found.append(Finding(row=row, kind=Kind.OTHER_LANGUAGE, weight=WEIGHTS[Kind.OTHER_LANGUAGE], reason=reason))
    return {name: n / len(rows) for name, n in counts.most_common()}, found


def plain_faults(placed: Sequence[PlacedTicket], n_words: NDArray[np.intp]) -> list[Finding]:
    """Tickets of hardly any words, and those closed before they came."""
    found = []
    for row, one in enumerate(placed):
        if n_words[row] < _FEWEST_WORDS:
            reason = f"holds {n_words[row]} different words; nobody could label it by them"
            found.append(Finding(row=row, kind=Kind.FEW_WORDS, weight=WEIGHTS[Kind.FEW_WORDS], reason=reason))
        came, solution = one.solved.ticket.created_at, one.solved.solution
        if came and solution and solution.closed_at and solution.closed_at < came:
            reason = f"was closed on {solution.closed_at:%Y-%m-%d %H:%M}, before it came on {came:%Y-%m-%d %H:%M}"
            found.append(Finding(row=row, kind=Kind.BAD_TIMES, weight=WEIGHTS[Kind.BAD_TIMES], reason=reason))
    return found
