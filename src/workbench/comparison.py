"""Two models beside each other on the same tickets, and how much of their difference is chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.estimator import TicketClassifier, tickets_frame
from workbench.questions import labels_of
from workbench.report import EvaluationReport, evaluate, table_html

_N_DRAWS: Final = 2_000
_INTERVAL: Final = (2.5, 97.5)
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a candidate would change beside a champion."""

    table: pd.DataFrame
    """Per target and measure: both models' figures, their difference, and its interval of 95 %."""
    changed: pd.DataFrame
    """The tickets that the two decide differently, with both decisions and the true labels."""
    candidate: EvaluationReport
    champion: EvaluationReport

    @property
    def decisions(self) -> pd.DataFrame:
        """What either would route by itself, and at what cost."""
        return pd.concat({"champion": self.champion.decision, "candidate": self.candidate.decision}, axis=1)

    def _repr_html_(self) -> str:
        parts = [("Candidate beside champion", self.table), ("Decisions", self.decisions)]
        return "".join(table_html(title, table) for title, table in parts)


def compare(
    candidate: TicketClassifier,
    champion: TicketClassifier,
    X: pd.DataFrame,
    y: pd.DataFrame | pd.Series,
    *,
    seed: int = 0,
) -> Comparison:
    """Both models on the same tickets, none of which either learned from.

    Whole problems are drawn anew for the intervals (column ``problem``; without it each ticket is its own), since
    tickets of one problem are right or wrong together.

    References
    ----------
    B. Efron and R. Tibshirani (1993), An Introduction to the Bootstrap, chapter 13: percentile intervals, here of the
    paired difference.
    """
    frame = tickets_frame(X)
    labels = labels_of(y, len(frame))
    problems = frame["problem"] if "problem" in frame.columns else pd.Series(pd.NA, index=frame.index)
    alone = pd.Series([f"#{row}" for row in range(len(frame))], index=frame.index)
    groups = np.unique(problems.astype(object).where(problems.notna(), alone).astype(str), return_inverse=True)[1]
    draws = _draws(int(groups.max()) + 1, seed)
    answers = [model.scorer.predict(frame) for model in (champion, candidate)]
    rows = {}
    for name in labels.columns:
        known = labels[name].notna().to_numpy()
        names = sorted(set(labels[name].dropna()))
        truth = labels[name][known].to_numpy()
        told = [answer[name].to_numpy()[known] for answer in answers]
        counted = [_counts(names, truth, one, groups[known], len(draws[0])) for one in told]
        for measure, of in (("accuracy", _accuracy), ("macro_f1", _macro_f1)):
            rows[name, measure] = _beside(of, counted, draws)
    columns = ["champion", "candidate", "difference", "from", "to"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(table.index, names=["target", "measure"])
    return Comparison(
        table, _changed(candidate, champion, frame, labels), evaluate(candidate, frame, y), evaluate(champion, frame, y)
    )


def _draws(n_groups: int, seed: int) -> Counts:
    """How often each problem is drawn, of shape (n_draws, n_groups)."""
    dice = np.random.default_rng(seed)
    return dice.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=_N_DRAWS).astype(float)


def _counts(
    names: Sequence[str], truth: NDArray[np.object_], told: NDArray[np.object_], groups: NDArray[np.intp], n: int
) -> Counts:
    """Per problem, of shape (n_problems, 3 * n_labels): tickets of each label, answers of it, and right ones."""
    counts = np.zeros((n, 3 * len(names)))
    for i, name in enumerate(names):
        for part, hits in enumerate((truth == name, told == name, (truth == name) & (told == name))):
            counts[:, part * len(names) + i] = np.bincount(groups, hits, minlength=n)
    return counts


def _accuracy(counts: Counts) -> Counts:
    true, _, right = np.split(counts, 3, axis=-1)
    share: Counts = right.sum(-1) / np.maximum(true.sum(-1), 1)
    return share


def _macro_f1(counts: Counts) -> Counts:
    true, told, right = np.split(counts, 3, axis=-1)
    f1 = 2 * right / np.maximum(true + told, 1)
    mean: Counts = np.where(true > 0, f1, 0).sum(-1) / np.maximum((true > 0).sum(-1), 1)
    return mean


def _beside(of: Callable[[Counts], Counts], counted: Sequence[Counts], draws: Counts) -> list[float]:
    before, now = (float(of(one.sum(axis=0))) for one in counted)
    spread = of(draws @ counted[1]) - of(draws @ counted[0])
    return [before, now, now - before, *np.percentile(spread, _INTERVAL).tolist()]


def _changed(
    candidate: TicketClassifier, champion: TicketClassifier, frame: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    after, before = candidate.decide(frame), champion.decide(frame)
    shared = [name for name in labels.columns if name in before.columns and name in after.columns]
    columns = ["action", *shared]
    differs = (before[columns].to_numpy() != after[columns].to_numpy()).any(axis=1)
    truth = labels.set_axis(frame.index)[shared]
    sides = pd.concat({"true": truth, "champion": before[columns], "candidate": after[columns]}, axis=1)
    changed: pd.DataFrame = sides.loc[differs]
    return changed
