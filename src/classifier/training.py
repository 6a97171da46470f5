"""Learning from a desk's solved tickets: one readable function."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.answers import Answers
from classifier.blend import blended, counted_texts
from classifier.calibration import Traits
from classifier.decision import would_route
from classifier.doubts import doubts_about
from classifier.drift import Reference
from classifier.evaluation import Report, label_indices, report_on, report_on_folds
from classifier.familiarity import Familiarity, Usual
from classifier.learnable import check_learnable
from classifier.material import Material, OnProgress, prepared
from classifier.memory import SolvedMemory
from classifier.model import DeskModel
from classifier.plan import TrainingPlan
from classifier.prediction import ReasonCode
from classifier.primer import primed
from classifier.proof import prove_all
from classifier.proposal import propose
from classifier.reading import TicketReader, language_of
from classifier.recurrence import Recurrence
from classifier.threads import one_thread
from classifier.unseen import score_unseen
from text import Encoder, check_tunable
from tickets import SolvedTicket, Taxonomy

_LANGUAGE_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Trained:
    """A new classifier, how it did on tickets it had not seen, and what was odd about the history."""

    model: DeskModel
    report: Report
    warnings: tuple[str, ...]
    answers: Answers
    """To each ticket that it learned from, from folds that had seen neither it nor its problem."""
    reference: Reference = field(default_factory=Reference)
    """How the history's tickets part, against which later ones are held."""
    folds: tuple[Report, ...] = ()
    """The report on each fold's tickets alone, in order."""


def train(
    solved: Sequence[SolvedTicket],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    encoder: Encoder | None = None,
    progress: OnProgress | None = None,
) -> Trained:
    """A classifier learned from ``solved``.

    On grouped folds every ticket is scored by members that saw neither it nor a sibling. On those scores the members
    are weighed, the probabilities calibrated, the report written and the promise proven, each fold judged by a pool
    fitted on the others; at last all members learn from all tickets, and so does the judge of recurring problems.

    Raises
    ------
    TrainingError
        Too few tickets, problems or labels; the message names the cure.
    NotTunableError
        The plan tunes layers, and those of ``encoder`` cannot be tuned.
    """
    with one_thread():
        return _train(solved, taxonomy, plan, encoder, progress or _silent)


def _train(
    solved: Sequence[SolvedTicket], taxonomy: Taxonomy, plan: TrainingPlan, encoder: Encoder | None, tell: OnProgress
) -> Trained:
    truth = label_indices(solved, taxonomy)
    warnings = check_learnable(solved, taxonomy, truth, plan)
    if plan.tuned and encoder is not None:
        check_tunable(encoder)
    reader = TicketReader(encoder if plan.meaning else None)
    material = prepared(solved, truth, reader=reader, plan=plan, tell=tell)
    primer = primed(taxonomy, reader=reader, plan=plan, tell=tell)
    counted = counted_texts(material, primer)

    unseen = score_unseen(material, primer, taxonomy=taxonomy, plan=plan, encoder=encoder, tell=tell, counted=counted)
    shares = unseen.shares(material)
    languages = _languages(solved)
    usual = Usual.learned(unseen.familiarity)
    doubts = _doubts(solved, material, usual.strange(unseen.familiarity), languages)
    proposals = propose(taxonomy, shares)
    promises = prove_all(taxonomy, proposals, truth, material.groups, np.array([bool(d) for d in doubts]), plan)
    automatic = would_route(taxonomy, proposals, promises, doubts)
    traits = Traits.of([one.ticket for one in solved])
    report = report_on(taxonomy, shares, truth, automatic, promises, traits)
    folds = report_on_folds(taxonomy, shares, truth, automatic, promises, traits, fold_of=unseen.fold_of)

    tell("learning from all tickets", 0, 1)
    blend, features = blended(
        material, primer, taxonomy=taxonomy, plan=plan, encoder=encoder, tell=tell, counted=counted
    )
    model = DeskModel(
        taxonomy=taxonomy,
        plan=plan,
        blend=blend,
        pools=unseen.pools(material),
        recurrence=Recurrence.learned(features, material.groups, seed=plan.seed),
        memory=SolvedMemory.of(solved, truth),
        familiarity=Familiarity.learned(blend.vocabulary.terms, material.readings),
        usual=usual,
        promises=promises,
        languages=languages,
        encoder_name=encoder.name if plan.meaning and encoder is not None else None,
        products=reader.product_states({ticket.ticket.product or "" for ticket in solved}),
    )
    tell("learning from all tickets", 1, 1)
    reference = Reference.of(
        [one.ticket for one in solved],
        known_shares=unseen.familiarity[:, 0].tolist(),
        words=material.readings.words.tolist(),
    )
    answers = Answers.of(taxonomy, shares, automatic)
    return Trained(model, report, warnings, answers, reference, folds)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _doubts(
    solved: Sequence[SolvedTicket], material: Material, flags: NDArray[np.bool_], languages: frozenset[str]
) -> list[tuple[ReasonCode, ...]]:
    """For each ticket what would send it to review, had it come as a new problem."""
    return [
        doubts_about(one.ticket, str(words), is_strange=bool(is_strange), languages=languages)
        for one, words, is_strange in zip(solved, material.readings.words, flags, strict=True)
    ]


def _languages(solved: Sequence[SolvedTicket]) -> frozenset[str]:
    told = Counter(ticket.ticket.language or language_of(ticket.ticket) for ticket in solved)
    return frozenset(language for language, n in told.items() if language and n >= _LANGUAGE_SHARE * len(solved))
