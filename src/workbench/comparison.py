"""Two models beside each other on the same tickets, and how much of their difference is chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier import Change, Resampling, macro_f1, ratio
from workbench.estimator import TicketClassifier, tickets_frame
from workbench.questions import labels_of
from workbench.report import EvaluationReport, evaluate, table_html


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
    """
    frame = tickets_frame(X)
    labels = labels_of(y, len(frame))
    problems = frame["problem"] if "problem" in frame.columns else pd.Series(pd.NA, index=frame.index)
    alone = pd.Series([f"#{row}" for row in range(len(frame))], index=frame.index)
    groups = np.unique(problems.astype(object).where(problems.notna(), alone).astype(str), return_inverse=True)[1]
    answers = [model.scorer.predict(frame) for model in (champion, candidate)]
    rows = {}
    for name in labels.columns:
        known = labels[name].notna().to_numpy()
        names = sorted(set(labels[name].dropna()))
        truth = labels[name][known].to_numpy()
        told = [answer[name].to_numpy()[known] for answer in answers]
        resampling = Resampling.of(groups[known], seed=seed)
        for measure, change in _changes(names, truth, told, resampling).items():
            rows[name, measure] = [change.before, change.after, change.difference, change.low, change.high]
    columns = ["champion", "candidate", "difference", "from", "to"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(table.index, names=["target", "measure"])
    return Comparison(
        table, _changed(candidate, champion, frame, labels), evaluate(candidate, frame, y), evaluate(champion, frame, y)
    )


def _changes(
    names: Sequence[str], truth: NDArray[np.object_], told: Sequence[NDArray[np.object_]], resampling: Resampling
) -> dict[str, Change]:
    """Accuracy and macro-F1 of both models' answers, the champion's first."""
    there = truth[:, None] == np.array(names, dtype=object)
    answered = [one[:, None] == np.array(names, dtype=object) for one in told]
    right = [np.column_stack([one == truth, np.ones(len(truth))]).astype(float) for one in told]
    counts = [np.hstack([one & there, one, there]).astype(float) for one in answered]
    return {"accuracy": resampling.change(right, ratio), "macro_f1": resampling.change(counts, macro_f1)}


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
