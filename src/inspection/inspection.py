"""A look at a history before anything is learned from it: all checks, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

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
from inspection.ceiling import ceiling_of
from inspection.conflicts import Groups, conflicts, problems_of, twins_of
from inspection.copies import Copies, copy_findings, find_copies
from inspection.drift import Drift, drift
from inspection.finding import Finding, Kind, ranked
from inspection.leaks import telling_columns, telling_words, text_findings
from inspection.profile import label_counts, languages, lengths, missing_fields, plain_faults
from inspection.report import Inspection, TargetInspection
from inspection.suspects import Suspects, suspects
from text import Encoder
from tickets import Target, Taxonomy

_STEP: Final = "looking for copies, leaks and drift"


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

    Raises
    ------
    ValueError
        There is no ticket.
    """
    plan = plan or TrainingPlan.named("fast")
    tell = progress or (lambda _what, _done, _total: None)
    not_checked: list[str] = []
    if answers is None:
        answers, not_checked = _answered(placed, taxonomy, plan, encoder, tell)
    tell(_STEP, 0, 2)
    seen = _Seen.of(placed, taxonomy, answers)
    changed = _drift(seen, plan.seed)
    not_checked += [] if changed else ["drift: it takes 100 tickets with created_at, on different days"]
    tell(_STEP, 1, 2)
    doubts = {} if answers is None else {target.name: suspects(target, answers) for target in taxonomy}
    spoken, strangers = languages(placed, plan.seed)
    findings = [*(finding for one in doubts.values() for finding in one.findings), *_findings(seen), *strangers]
    tell(_STEP, 2, 2)
    return Inspection(
        n_tickets=len(placed),
        n_problems=len(np.unique(seen.groups)),
        n_duplicates=int((seen.copies.likeness == 1).sum()),
        n_near_duplicates=int(((seen.copies.earlier >= 0) & (seen.copies.likeness < 1)).sum()),
        targets={target.name: _of_target(target, seen, doubts.get(target.name)) for target in taxonomy},
        columns=telling_columns(placed, seen.truth, seen.groups),
        words=telling_words(seen.words, taxonomy, seen.truth, seen.groups),
        drift=changed,
        languages=spoken,
        lengths=lengths(placed),
        missing=missing_fields(placed, taxonomy.names),
        counts={str(kind): n for kind in Kind if (n := sum(finding.kind is kind for finding in findings))},
        rows=ranked(findings, placed),
        not_checked=not_checked,
    )


def _answered(
    placed: Sequence[PlacedTicket], taxonomy: Taxonomy, plan: TrainingPlan, encoder: Encoder | None, tell: OnProgress
) -> tuple[OutOfFold | None, list[str]]:
    """The answers to tickets not learned from, or none and why there are none."""
    try:
        solved = [one.solved for one in placed]
        return out_of_fold(solved, taxonomy=taxonomy, plan=plan, encoder=encoder, progress=tell), []
    except TrainingError as error:
        return None, [f"likely wrong labels and labels never answered: {error}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A history as the checks look at it."""

    placed: Sequence[PlacedTicket]
    taxonomy: Taxonomy
    words: Sequence[str]
    truth: Mapping[str, NDArray[np.intp]]
    groups: NDArray[np.intp]
    copies: Copies
    problems: Groups
    twins: Groups
    shares: Mapping[str, NDArray[np.float64]] | None

    @classmethod
    def of(cls, placed: Sequence[PlacedTicket], taxonomy: Taxonomy, answers: OutOfFold | None) -> Self:
        """The words, labels, problems and copies of ``placed``."""
        if not placed:
            raise ValueError("there is no ticket to inspect; read a history that holds some")
        solved = [one.solved for one in placed]
        words = [ticket_words(one.ticket) for one in solved] if answers is None else list(map(str, answers.words))
        copies = find_copies(words)
        return cls(
            placed=placed,
            taxonomy=taxonomy,
            words=words,
            truth=label_indices(solved, taxonomy),
            groups=problem_groups(solved),
            copies=copies,
            problems=problems_of(placed),
            twins=twins_of(copies),
            shares=None if answers is None else answers.shares,
        )


def _drift(seen: _Seen, seed: int) -> Drift | None:
    return drift(seen.placed, seen.words, seen.taxonomy, seen.truth, seen.groups, seen.shares, seed)


def _findings(seen: _Seen) -> list[Finding]:
    """What speaks against rows by themselves, and beside others of their problem or of almost the same words."""
    return [
        *conflicts(seen.problems, Kind.PROBLEM_CONFLICT, seen.placed, seen.taxonomy),
        *conflicts(seen.twins, Kind.TWIN_CONFLICT, seen.placed, seen.taxonomy),
        *text_findings(seen.placed, seen.taxonomy),
        *copy_findings(seen.copies, seen.placed),
        *plain_faults(seen.placed, seen.copies.n_words),
    ]


def _of_target(target: Target, seen: _Seen, doubts: Suspects | None) -> TargetInspection:
    truth = seen.truth[target.name]
    answered = None if seen.shares is None else seen.shares[target.name].argmax(axis=1)
    noise = None if doubts is None else doubts.noise
    return TargetInspection(
        n_labelled=int((truth >= 0).sum()),
        labels=label_counts(target, seen.placed, truth, seen.groups, answered),
        n_doubtful=None if doubts is None else len(doubts.findings),
        accuracy=None if doubts is None else doubts.accuracy,
        ceiling=ceiling_of(target, seen.problems, seen.twins, seen.placed, noise),
    )
