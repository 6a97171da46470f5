"""Whether the words said to have counted did count: a word is taken out of the ticket, and the model asked again."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.classification.contestants import Shares
from benchmarks.classification.plans import LearnedPlan
from benchmarks.classification.split import SEED, Split, groups
from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import PLAN_NAMES, Word
from tickets import Taxonomy, Ticket

_N_TICKETS = 300
_WORD = re.compile(r"\w[\w.\-]*\w|\w")


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One word taken out: the ticket's row, the label asked for, and the ticket without it."""

    row: int
    label: int
    ticket: Ticket


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What removals did to the label's log-odds; ``share`` is of those that moved it as was to be expected."""

    n_tickets: int
    share: float | None
    mean_change: float | None


def measure(scope: Scope) -> dict[str, Any]:
    """Some three hundred tickets of whole problems, each plan's model trained on the others."""
    split = sampled(scope)
    models = {}
    for name in scope.chosen(PLAN_NAMES):
        with tempfile.TemporaryDirectory() as folder:
            plan = LearnedPlan.learned(split, Path(folder), name=name)
            models[name] = {target.name: effects(plan, split, target.name) for target in split.taxonomy}
    return {
        "case": "sample; the word said to weigh most is taken out of subject, body and product, or a random one",
        "n_tickets": len(split.test),
        "models": models,
    }


def sampled(scope: Scope) -> Split:
    """Whole problems drawn until there are enough tickets, at most a third of all, and the others to learn from."""
    solved = scope.limited(solved_tickets())
    problems = groups(solved)
    rank = np.random.default_rng(SEED).permutation(problems.max() + 1)[problems]
    n_tickets = np.cumsum(np.bincount(rank))
    drawn = rank <= int(np.searchsorted(n_tickets, min(_N_TICKETS, len(solved) // 3)))
    return Split(
        learn=tuple(ticket for i, ticket in enumerate(solved) if not drawn[i]),
        test=tuple(ticket for i, ticket in enumerate(solved) if drawn[i]),
        taxonomy=Taxonomy.builtin(),
    )


def effects(plan: LearnedPlan, split: Split, target: str) -> dict[str, Any]:
    """For the strongest word in favour and the strongest against, and for random words of the same tickets.

    ``falls`` and ``rises`` of random words are the chance that a word without meaning moves the label that way.
    """
    tickets = [solved.ticket for solved in split.test]
    labels = split.taxonomy[target].label_names
    supporting: list[Removal] = []
    opposing: list[Removal] = []
    random: list[Removal] = []
    chance = np.random.default_rng(SEED)
    for row, classification in enumerate(plan.bulk.classify(tickets)):
        label = labels.index(classification.predictions[target].label)
        words = classification.explanation[target]
        for side, chosen in ((supporting, _strongest(words, 1)), (opposing, _strongest(words, -1))):
            if chosen:
                side.append(Removal(row=row, label=label, ticket=without(tickets[row], chosen)))
        others = sorted({word.casefold() for word in _words(tickets[row])} - {word.text.casefold() for word in words})
        if others:
            drawn = others[int(chance.integers(len(others)))]
            random.append(Removal(row=row, label=label, ticket=without(tickets[row], drawn)))
    before = plan.predict_proba(tickets)
    changes = {
        name: _changes(plan, before, removals, target)
        for name, removals in (("supporting", supporting), ("opposing", opposing), ("random", random))
    }
    return {
        "supporting_falls": asdict(_effect(changes["supporting"], -1)),
        "opposing_rises": asdict(_effect(changes["opposing"], 1)),
        "random_falls": asdict(_effect(changes["random"], -1)),
        "random_rises": asdict(_effect(changes["random"], 1)),
    }


def without(ticket: Ticket, word: str) -> Ticket:
    """The ticket without a word, wherever it stands whole in what is read of it, in capitals or not."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    return replace(
        ticket,
        subject=pattern.sub(" ", ticket.subject),
        body=pattern.sub(" ", ticket.body),
        product=pattern.sub(" ", ticket.product) if ticket.product else ticket.product,
    )


def _strongest(words: Sequence[Word], sign: int) -> str | None:
    """The word that weighs most on one side, None where none is said to."""
    weighty = max(words, key=lambda word: sign * word.weight, default=None)
    return weighty.text if weighty is not None and sign * weighty.weight > 0 else None


def _words(ticket: Ticket) -> list[str]:
    return [word for text in (ticket.subject, ticket.body) for word in _WORD.findall(text)]


def _changes(plan: LearnedPlan, before: Shares, removals: Sequence[Removal], target: str) -> NDArray[np.float64]:
    """How the log-odds of each removal's label changed, of shape (n_removals,)."""
    if not removals:
        return np.empty(0)
    labels = [removal.label for removal in removals]
    then = before[target][[removal.row for removal in removals], labels]
    now = plan.predict_proba([removal.ticket for removal in removals])[target][range(len(removals)), labels]
    return _log_odds(now) - _log_odds(then)


def _log_odds(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = shares.clip(1e-9, 1 - 1e-9)
    odds: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds


def _effect(changes: NDArray[np.float64], sign: int) -> Effect:
    if not len(changes):
        return Effect(n_tickets=0, share=None, mean_change=None)
    return Effect(n_tickets=len(changes), share=float((sign * changes > 0).mean()), mean_change=float(changes.mean()))
