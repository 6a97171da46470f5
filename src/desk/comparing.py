"""Two models of one shelf compared on tickets that neither had seen, the verdict, and where it is kept."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from classifier import (
    Answers,
    Basis,
    BoundClassifier,
    Burden,
    Comparison,
    DeskModel,
    Gates,
    KeptAnswers,
    Manifest,
    ModelShelf,
    Verdict,
    compare,
    judge,
    keep_answers,
    kept_answers,
    verdict_page,
)
from desk.answers import VerdictAnswer
from desk.encoder import encoder_of
from desk.errors import DeskError
from desk.privacy import Privacy
from desk.settings import Settings
from masking import Mask
from tickets import SolvedTicket, Taxonomy

_VERDICT: Final = "verdict.json"
_PAGE: Final = "verdict.md"
_ENOUGH_NEWER: Final = (100, 20)
"""Tickets and problems from which those new to the champion are compared on alone."""
_MOST_LIVE: Final = 2_000
_TIMED: Final = 15
_THREADS: Final = 2

log = logging.getLogger(__name__)


class NothingToCompareError(DeskError):
    """No ticket is new to both models."""

    def __init__(self, candidate: str, champion: str) -> None:
        super().__init__(
            f"the history has no ticket that neither {candidate} nor {champion} had seen, or one was trained before "
            "models kept what they learned from: give newer tickets with labels, or train anew"
        )


class ComparisonAnswer(BaseModel):
    """Two models on the same tickets, neither of which had seen them."""

    model_config = ConfigDict(frozen=True)

    candidate: str
    champion: str
    verdict: VerdictAnswer
    comparison: dict[str, object]
    page: str = Field(description="the same for people, in Markdown")


@dataclass(frozen=True, slots=True)
class Compared:
    """A verdict and what it rests on."""

    verdict: Verdict
    comparison: Comparison | None
    page: str


class Known:
    """What a model said in training, and by which hashes it knows tickets and problems."""

    def __init__(self, mask: Mask, folder: Path) -> None:
        self._mask = mask
        self._kept = kept_answers(folder)
        kept = self._kept
        self._rows = {ticket: row for row, ticket in enumerate(kept.tickets)} if kept else {}
        self._problems = frozenset(kept.problems) if kept else frozenset()

    @property
    def is_told(self) -> bool:
        """Whether the model says what it learned from."""
        return self._kept is not None

    def is_new(self, one: SolvedTicket) -> bool:
        """Whether the model learned neither from the ticket nor from another of its problem."""
        return ticket_key(self._mask, one) not in self._rows and problem_key(self._mask, one) not in self._problems

    def row(self, one: SolvedTicket) -> int | None:
        """Where the model's answer from training stands; None where it gave none."""
        return self._rows.get(ticket_key(self._mask, one))

    def kept(self, rows: Sequence[int]) -> Answers:
        """Answers from training."""
        assert self._kept is not None
        return self._kept.answers.at(rows)


def ticket_key(mask: Mask, one: SolvedTicket) -> str:
    """The hash by which a ticket is known again: of its id, or where it has none of its words."""
    ticket = one.ticket
    return mask.digest(f"answer:{ticket.id or f'{ticket.subject} {ticket.body}'}")[:32]


def problem_key(mask: Mask, one: SolvedTicket) -> str:
    """The hash of a ticket's problem; of the ticket, where it has none."""
    return mask.digest(f"problem:{one.problem}")[:32] if one.problem else ticket_key(mask, one)


def keep_unseen(mask: Mask, folder: Path, solved: Sequence[SolvedTicket], answers: Answers) -> None:
    """Keep beside a model what it said of the tickets it learned from, from folds that had not seen them."""
    tickets = tuple(ticket_key(mask, one) for one in solved)
    problems = tuple(problem_key(mask, one) for one in solved)
    keep_answers(folder, KeptAnswers(tickets=tickets, problems=problems, answers=answers))


def judged(
    settings: Settings, mask: Mask, candidate: Manifest, champion: Manifest | None, solved: Sequence[SolvedTicket]
) -> Compared:
    """The verdict on a candidate, compared on ``solved`` where both know how to answer without having seen it."""
    comparison = compared(settings, mask, candidate, champion, solved) if champion is not None else None
    verdict = judge(candidate, champion, comparison, gates_of(candidate))
    return Compared(verdict, comparison, verdict_page(candidate, champion, comparison, verdict))


def compared(
    settings: Settings, mask: Mask, candidate: Manifest, champion: Manifest, solved: Sequence[SolvedTicket]
) -> Comparison | None:
    """Both models on tickets of ``solved`` that neither had seen; None where there are none.

    Each answers a ticket that is new to it with all it has learned, and one it learned from as it did in training,
    from the folds that had not seen it. What is new to the champion, and of a problem new to it, is compared on alone
    where it is enough.
    """
    models = [_Model(settings, mask, one) for one in (champion, candidate)]
    if not all(model.known.is_told for model in models):
        return None
    usable = [one for one in solved if all(model.may_answer(one) for model in models)]
    newer = [one for one in usable if models[0].known.is_new(one)]
    n_problems = len({problem_key(mask, one) for one in newer})
    is_enough = len(newer) >= _ENOUGH_NEWER[0] and n_problems >= _ENOUGH_NEWER[1]
    chosen = _sampled(mask, newer if is_enough else usable)
    taxonomy = models[1].classifier.model.taxonomy
    if not any(one.labels.get(name) in taxonomy[name].label_names for one in chosen for name in taxonomy.names):
        return None
    before, after = (model.answers(chosen) for model in models)
    burdens = models[0].burden(chosen), models[1].burden(chosen)
    basis: Basis = "newer" if is_enough else "shared"
    return compare(chosen, before, after, taxonomy=taxonomy, basis=basis, burdens=burdens)


def compare_models(
    settings: Settings, solved: Sequence[SolvedTicket], *, version: str, other: str | None = None
) -> ComparisonAnswer:
    """A version beside another, or the champion, on tickets of a history.

    Raises
    ------
    NothingToCompareError
        The history has no ticket that neither had seen.
    """
    shelf = ModelShelf(settings.models)
    champion, _ = shelf.load(other)
    candidate = shelf.manifest(version)
    privacy = Privacy(settings)
    found = judged(settings, privacy.mask, candidate, champion, privacy.solved(solved))
    if found.comparison is None:
        raise NothingToCompareError(candidate.version, champion.version)
    return ComparisonAnswer(
        candidate=candidate.version,
        champion=champion.version,
        verdict=verdict_answer(found, champion),
        comparison=asdict(found.comparison),
        page=found.page,
    )


def keep_verdict(folder: Path, found: Compared, champion: Manifest | None) -> None:
    """Keep a verdict beside the model it is about, for programs and for people."""
    (folder / _PAGE).write_text(found.page, "utf-8")
    (folder / _VERDICT).write_text(verdict_answer(found, champion).model_dump_json(indent=1), "utf-8")


def kept_verdict(folder: Path) -> VerdictAnswer | None:
    """The verdict beside a model; None where none was kept, or it cannot be read."""
    try:
        return VerdictAnswer.model_validate(json.loads((folder / _VERDICT).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("verdict unreadable model=%s error=%s", folder.name, type(error).__name__)
        return None


def verdict_answer(found: Compared, champion: Manifest | None) -> VerdictAnswer:
    """A verdict as the doors show it."""
    return VerdictAnswer(
        earned=found.verdict.promoted,
        champion=champion.version if champion else None,
        reasons=list(found.verdict.reasons),
        n_tickets=found.comparison.n_tickets if found.comparison else None,
    )


def gates_of(candidate: Manifest) -> Gates:
    """The gates in the plan that a model was trained by; the usual ones for a plan that has none."""
    return Gates(**candidate.plan.get("gates", {}))


class _Model:
    """One of the two, loaded, with what it knows."""

    def __init__(self, settings: Settings, mask: Mask, manifest: Manifest) -> None:
        self._folder = settings.models / manifest.version
        self.known = Known(mask, self._folder)
        _, model = ModelShelf(settings.models).load(manifest.version)
        self.classifier = _bound(settings, model)

    def may_answer(self, one: SolvedTicket) -> bool:
        """Whether it can answer without having seen the ticket or its problem."""
        return self.known.is_new(one) or self.known.row(one) is not None

    def answers(self, solved: Sequence[SolvedTicket]) -> Answers:
        """To each ticket, in order."""
        live = [i for i, one in enumerate(solved) if self.known.is_new(one)]
        rows = [row for one in solved if (row := self.known.row(one)) is not None]
        kept = [i for i, one in enumerate(solved) if self.known.row(one) is not None]
        together = self.known.kept(rows).followed_by(self.classifier.answers([solved[i].ticket for i in live]))
        return together.at(np.argsort([*kept, *live]).tolist())

    def burden(self, solved: Sequence[SolvedTicket]) -> Burden:
        """What it costs to have."""
        seconds = []
        for one in solved[: _TIMED + 1]:
            started = time.perf_counter()
            self.classifier.classify([one.ticket])
            seconds.append(time.perf_counter() - started)
        n_bytes = sum(file.stat().st_size for file in self._folder.iterdir() if file.is_file())
        return Burden(
            milliseconds=1_000 * median(seconds[1:] or seconds),  # the first also warms
            megabytes=n_bytes / 1e6,
            promises=self.classifier.model.promises.joint.threshold is not None,
        )


def _bound(settings: Settings, model: DeskModel) -> BoundClassifier:
    return model.bind(None if model.encoder_name is None else encoder_of(settings, n_threads=_THREADS))


def _sampled(mask: Mask, solved: Sequence[SolvedTicket]) -> list[SolvedTicket]:
    """The tickets of as many problems as can be answered in minutes, chosen by the hash of their names."""
    if len(solved) <= _MOST_LIVE:
        return list(solved)
    ranked = sorted(solved, key=lambda one: problem_key(mask, one))
    last = problem_key(mask, ranked[_MOST_LIVE - 1])
    return [one for one in ranked if problem_key(mask, one) <= last]


def taxonomy_of(settings: Settings, version: str) -> Taxonomy:
    """The questions that a version answers."""
    return ModelShelf(settings.models).load(version)[1].taxonomy
