"""A look at a history before anything is learned from it: all checks, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier import (
    OnProgress,
    OutOfFold,
    TrainingError,
    TrainingPlan,
    label_indices,
    out_of_fold,
    problem_groups,
    ticket_words,
)
from history import PlacedTicket
from inspection.ceiling import Ceiling, ceiling_of
from inspection.conflicts import Groups, conflicts, problems_of, twins_of
from inspection.copies import copy_findings, find_copies
from inspection.drift import Drift, drift
from inspection.finding import DoubtfulRow, Finding, Kind, ranked
from inspection.leaks import TellingColumn, TellingWord, telling_columns, telling_words, text_findings
from inspection.profile import LabelCount, label_counts, languages, lengths, missing_fields, plain_faults
from inspection.suspects import Suspects, suspects
from text import Encoder
from tickets import Target, Taxonomy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInspection:
    """What was found about the labels of one target."""

    n_labelled: int
    labels: Sequence[LabelCount]
    n_doubtful: int | None
    """Labels that confident learning finds wrong; None where that was not asked."""
    accuracy: float | None
    """How often the model, not having learned from a ticket, gives its label."""
    ceiling: Ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in a history; in Jupyter it shows itself as tables."""

    n_tickets: int
    n_problems: int
    n_duplicates: int
    n_near_duplicates: int
    targets: Mapping[str, TargetInspection]
    columns: Sequence[TellingColumn]
    words: Sequence[TellingWord]
    drift: Drift | None
    """None where too few tickets are dated."""
    languages: Mapping[str, float]
    lengths: Mapping[str, int]
    missing: Mapping[str, float]
    counts: Mapping[str, int]
    """Findings by their kind."""
    rows: tuple[DoubtfulRow, ...]
    """The rows to look at, those that deserve most attention first."""
    not_checked: Sequence[str]
    """What could not be looked into, and why."""

    def to_frame(self) -> "pd.DataFrame":
        """The rows to look at, one line each: rank, score, id, file, line, labels, kinds, suggestions and reasons."""
        import pandas as pd  # noqa: PLC0415 - slow to import

        columns = ["score", "id", "file", "line", *self.targets, "kinds", "suggested", "reasons"]
        frame = pd.DataFrame([row_record(row) for row in self.rows], columns=columns)
        return frame.rename_axis("rank").set_axis(range(1, len(frame) + 1))

    def as_record(self) -> dict[str, Any]:
        """The whole as plain values, fit for JSON; no words of a ticket but those that a reason names."""
        record = {
            name: getattr(self, name)
            for name in ("n_tickets", "n_problems", "n_duplicates", "n_near_duplicates", "languages", "lengths")
        }
        record |= {"missing": self.missing, "counts": self.counts, "not_checked": list(self.not_checked)}
        record["targets"] = {name: asdict(one) for name, one in self.targets.items()}
        record["columns"] = [asdict(one) for one in self.columns]
        record["words"] = [asdict(one) for one in self.words]
        record["drift"] = None if self.drift is None else asdict(self.drift)
        record["rows"] = [row_record(row) | {"findings": [_as_plain(f) for f in row.findings]} for row in self.rows]
        return record

    def _repr_html_(self) -> str:
        from inspection.html import to_html  # noqa: PLC0415 - only in a notebook

        return to_html(self)


def row_record(row: DoubtfulRow) -> dict[str, Any]:
    """One row to look at as plain values."""
    return {
        "score": round(row.score, 4),
        "id": row.ticket.solved.ticket.id,
        "file": str(row.ticket.file),
        "line": row.ticket.line,
        **row.ticket.solved.labels,
        "kinds": " ".join(dict.fromkeys(str(one.kind) for one in row.findings)),
        "suggested": " ".join(dict.fromkeys(f"{f.target}={f.suggested}" for f in row.findings if f.suggested)),
        "reasons": "; ".join(one.reason for one in row.findings),
    }


def inspect(
    placed: Sequence[PlacedTicket],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan | None = None,
    answers: OutOfFold | None = None,
    encoder: Encoder | None = None,
    progress: OnProgress | None = None,
) -> Inspection:
    """What is wrong, doubtful or unusual in a history, with the rows to look at first.

    Labels are doubted by what a model that has not learned from a ticket or its problem answers to it, with ``plan``
    (by default ``fast``), or by ``answers`` where they are there already. Where nothing can be learned, everything
    else is looked into all the same.
    """
    plan = plan or TrainingPlan.named("fast")
    tell = progress or (lambda _what, _done, _total: None)
    solved = [one.solved for one in placed]
    truth, groups = label_indices(solved, taxonomy), problem_groups(solved)
    not_checked: list[str] = []
    if answers is None:
        try:
            answers = out_of_fold(solved, taxonomy=taxonomy, plan=plan, encoder=encoder, progress=tell)
        except TrainingError as error:
            not_checked.append(f"likely wrong labels and labels never answered: {error}")
    words = [ticket_words(one.ticket) for one in solved] if answers is None else [str(one) for one in answers.words]

    tell("looking for copies", 0, 1)
    copies = find_copies(words)
    problems, twins = problems_of(placed), twins_of(copies)
    tell("looking for copies", 1, 1)
    doubts = {} if answers is None else {target.name: suspects(target, answers) for target in taxonomy}
    spoken, language_findings = languages(placed, plan.seed)
    findings = [
        *(finding for one in doubts.values() for finding in one.findings),
        *conflicts(problems, Kind.PROBLEM_CONFLICT, placed, taxonomy),
        *conflicts(twins, Kind.TWIN_CONFLICT, placed, taxonomy),
        *text_findings(placed, taxonomy),
        *copy_findings(copies, placed),
        *plain_faults(placed, copies.n_words),
        *language_findings,
    ]
    tell("looking for leaks and drift", 0, 1)
    changed = drift(placed, words, taxonomy, truth, groups, None if answers is None else answers.shares, plan.seed)
    if changed is None:
        not_checked.append("drift: it takes 100 tickets with created_at, on different days")
    columns, telling = telling_columns(placed, truth, groups), telling_words(words, taxonomy, truth, groups)
    tell("looking for leaks and drift", 1, 1)
    return Inspection(
        n_tickets=len(placed),
        n_problems=len(np.unique(groups)),
        n_duplicates=int((copies.likeness == 1).sum()),
        n_near_duplicates=int(((copies.earlier >= 0) & (copies.likeness < 1)).sum()),
        targets={
            target.name: _of_target(target, placed, groups, answers, doubts.get(target.name), problems, twins)
            for target in taxonomy
        },
        columns=columns,
        words=telling,
        drift=changed,
        languages=spoken,
        lengths=lengths(placed),
        missing=missing_fields(placed, taxonomy.names),
        counts=_counted(findings),
        rows=ranked(findings, placed),
        not_checked=not_checked,
    )


def _of_target(
    target: Target,
    placed: Sequence[PlacedTicket],
    groups: NDArray[np.intp],
    answers: OutOfFold | None,
    doubts: Suspects | None,
    problems: Groups,
    twins: Groups,
) -> TargetInspection:
    [truth] = label_indices([one.solved for one in placed], Taxonomy((target,))).values()
    answered = None if answers is None else answers.shares[target.name].argmax(axis=1)
    return TargetInspection(
        n_labelled=int((truth >= 0).sum()),
        labels=label_counts(target, placed, truth, groups, answered),
        n_doubtful=None if doubts is None else len(doubts.findings),
        accuracy=None if doubts is None else doubts.accuracy,
        ceiling=ceiling_of(target, problems, twins, placed, None if doubts is None else doubts.noise),
    )


def _counted(findings: Sequence[Finding]) -> dict[str, int]:
    return {str(kind): n for kind in Kind if (n := sum(finding.kind is kind for finding in findings))}


def _as_plain(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"kind": str(finding.kind)}
