"""A challenger beside the champion, on the same tickets: where they agree, and who is right where people said so."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from desk.answers import ShadowAnswer, ShadowTargetAnswer
from journal import ShadowedDecision

_Z: Final = 1.959963984540054
"""Of a two-sided interval of 95 %."""


def compared(
    version: str, since: datetime, pairs: Sequence[ShadowedDecision], *, n_decided: int, fault: str | None
) -> ShadowAnswer:
    """What is known of a challenger so far."""
    names = dict.fromkeys(name for pair in pairs for name in pair.labels if name in pair.shadow_labels)
    return ShadowAnswer(
        version=version,
        since=since,
        n_scored=len(pairs),
        n_missed=max(0, n_decided - len(pairs)),
        fault=fault,
        auto_share=_share([pair.action == "auto" for pair in pairs]),
        shadow_auto_share=_share([pair.shadow_action == "auto" for pair in pairs]),
        targets={name: _target(name, pairs) for name in names},
    )


def _target(name: str, pairs: Sequence[ShadowedDecision]) -> ShadowTargetAnswer:
    both = [pair for pair in pairs if name in pair.labels and name in pair.shadow_labels]
    told = [pair for pair in both if name in pair.said]
    right = [pair.labels[name] == pair.said[name] for pair in told]
    shadow_right = [pair.shadow_labels[name] == pair.said[name] for pair in told]
    n_won = sum(shadow and not champion for champion, shadow in zip(right, shadow_right, strict=True))
    n_lost = sum(champion and not shadow for champion, shadow in zip(right, shadow_right, strict=True))
    interval = paired_interval(n_won, n_lost, len(told)) if told else (None, None)
    return ShadowTargetAnswer(
        n_tickets=len(both),
        agreement=_share([pair.labels[name] == pair.shadow_labels[name] for pair in both]),
        n_corrected=len(told),
        n_right=sum(right),
        n_shadow_right=sum(shadow_right),
        difference=(n_won - n_lost) / len(told) if told else None,
        lowest_difference=interval[0],
        highest_difference=interval[1],
    )


def paired_interval(n_won: int, n_lost: int, n: int) -> tuple[float, float]:
    """A 95 % interval of the difference of two shares right on the same ``n`` tickets.

    Parameters
    ----------
    n_won, n_lost : int
        Tickets that only the challenger, or only the champion, has right.

    References
    ----------
    A. Agresti and Y. Min (2005), Simple improved confidence intervals for comparing matched proportions,
    Statistics in Medicine 24: Wald's interval after half a ticket was added to each of the four cells.
    """
    total = n + 2
    difference = (n_won - n_lost) / total
    spread = math.sqrt((n_won + n_lost + 1) - (n_won - n_lost) ** 2 / total) / total
    return max(-1.0, difference - _Z * spread), min(1.0, difference + _Z * spread)


def _share(facts: Sequence[bool]) -> float | None:
    return sum(facts) / len(facts) if facts else None
