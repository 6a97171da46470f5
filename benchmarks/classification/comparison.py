"""The contestants side by side: new and recurring problems of the sample, public sets, and ever longer histories."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.classification import promise, public
from benchmarks.classification.contestants import NAMES, PRIMER_APART, missing
from benchmarks.classification.figures import cost, quality, routing
from benchmarks.classification.split import Split, growing, new_problems, recurring_problems
from benchmarks.classification.trial import Trial, TrialError, conducted
from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import PLAN_NAMES
from tickets import Taxonomy

Figures = dict[str, Any]

_SIZES = (100, 200, 400, 800)
_AT_EVERY_SIZE = ("fast", "default", "linear_svc", "fasttext")
_LARGE = ("fast", "linear_svc", "fasttext")

log = logging.getLogger(__name__)


def on_new_problems(scope: Scope) -> Figures:
    """Five folds of the sample grouped by problem."""
    splits = new_problems(scope.limited(solved_tickets()), Taxonomy.builtin())

    def figures(name: str) -> Figures:
        return _figures(_trials(name, splits, own=True))

    return {
        "case": "sample, 5 folds grouped by problem: accuracy and F1 are means over folds, the rest is of all tickets",
        "models": side_by_side(scope, (*NAMES, *PRIMER_APART), figures),
    }


def on_recurring_problems(scope: Scope) -> Figures:
    """Each problem's last ticket arrives."""
    split = recurring_problems(scope.limited(solved_tickets()), Taxonomy.builtin())

    def figures(name: str) -> Figures:
        return _figures(_trials(name, [split], own=True))

    return {
        "case": "sample, each problem's last ticket arrives, the others are history",
        "models": side_by_side(scope, (*NAMES, *PRIMER_APART), figures),
    }


def on_nlbse(scope: Scope) -> Figures:
    """Issues of five projects, one model for each: the protocol of the NLBSE'24 tool competition."""
    repositories = public.repositories(scope.folder(public.NLBSE))
    splits = [_limited(scope, repository.split) for repository in repositories]
    twins = [public.near_twins(split) for split in splits]

    def figures(name: str) -> Figures:
        trials = _trials(name, splits)
        apart = [trial.at(np.flatnonzero(~twin)) for trial, twin in zip(trials, twins, strict=True)]
        return _figures(trials) | {
            "without_twins": quality(apart),
            "repositories": {
                repository.name: quality([trial])["category_macro_f1"]
                for repository, trial in zip(repositories, trials, strict=True)
            },
            "halves": _promised_on_halves(trials),
        }

    return {
        "case": "NLBSE'24, one model per repository, trained on its own issues alone; mean over repositories",
        "halves": f"tested issues pooled, {promise.N_SPLITS} random halves: one proves a promise, the other tells",
        "n_twins": int(sum(twin.sum() for twin in twins)),
        "models": side_by_side(scope, NAMES, figures),
    }


def on_endava(scope: Scope) -> Figures:
    """Many short tickets with eight topics, in the published split."""
    split = _limited(scope, public.topics(scope.folder(public.ENDAVA)))

    def figures(name: str) -> Figures:
        return _figures(_trials(name, [split]))

    return {
        "case": "endava-topics, published split",
        "n_tickets": {"learn": len(split.learn), "test": len(split.test)},
        "models": side_by_side(scope, _LARGE, figures),
    }


def learning_curve(scope: Scope) -> Figures:
    """The five folds of new problems again, with ever more problems to learn from."""
    folds = [
        list(growing(split, _SIZES)) for split in new_problems(scope.limited(solved_tickets()), Taxonomy.builtin())
    ]

    def figures(name: str) -> Figures:
        curve = {}
        for number in range(len(folds[0])):
            size, last = folds[0][number][0], number == len(folds[0]) - 1
            if last or name in _AT_EVERY_SIZE:
                trials = [conducted(name, fold[number][1]) for fold in folds]
                curve["all" if last else str(size)] = quality(trials) | {
                    "training_seconds": cost(trials)["training_seconds"]
                }
        return {"tickets": curve}

    names = tuple(name for name in NAMES if name in PLAN_NAMES or name in _AT_EVERY_SIZE)
    return {
        "case": "sample, 5 folds grouped by problem, whole problems drawn until the history has about so many tickets",
        "n_tickets_all": float(np.mean([len(fold[-1][1].learn) for fold in folds])),
        "models": side_by_side(scope, names, figures),
    }


def side_by_side(scope: Scope, names: Sequence[str], figures: Callable[[str], Figures]) -> dict[str, Figures]:
    """Each chosen contestant's figures, or why it has none: one that fails does not cost the others theirs."""
    found: dict[str, Figures] = {}
    for name in scope.chosen(names):
        if reason := missing(name):
            log.warning("%s", reason)
            found[name] = {"not_measured": reason}
            continue
        try:
            found[name] = figures(name)
            log.info("%s: measured", name)
        except TrialError as error:
            log.error("%s", error)  # noqa: TRY400 - the child has shown its own traceback
            found[name] = {"not_measured": str(error)}
    return found


def _trials(name: str, splits: Sequence[Split], *, own: bool = False) -> list[Trial]:
    """One trial a split; the first one is timed."""
    return [conducted(name, split, timed=not number, own=own) for number, split in enumerate(splits)]


def _figures(trials: Sequence[Trial]) -> Figures:
    return quality(trials) | routing(trials) | cost(trials) | {"settings": trials[0].settings}


def _promised_on_halves(trials: Sequence[Trial]) -> Figures:
    """How often a promise made on one half of all answers breaks on the other, each issue a problem of its own."""
    certainty = np.concatenate([trial.certainty for trial in trials])
    wrong = np.concatenate([trial.wrong for trial in trials])
    return {one.name: promise.study(certainty, wrong, np.arange(len(wrong)), one) for one in promise.AGREEMENTS}


def _limited(scope: Scope, split: Split) -> Split:
    return Split(learn=scope.limited(split.learn), test=scope.limited(split.test), taxonomy=split.taxonomy)
