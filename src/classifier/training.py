"""Learning from a desk's solved tickets: one readable function, and the faults of a history it refuses."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from classifier.calibration import Traits
from classifier.doubts import doubts_about
from classifier.evaluation import Report, label_indices, report_on, would_route
from classifier.members import Features, Member, Vocabulary, member_names
from classifier.memory import SolvedMemory
from classifier.model import TargetModel, TicketClassifier
from classifier.plan import TrainingPlan
from classifier.pool import LogarithmicPool
from classifier.prediction import ReasonCode
from classifier.proof import prove_all
from classifier.proposal import propose
from classifier.reading import Readings, TicketReader, language_of
from classifier.recurrence import Neighbours, Recurrence, mixed
from classifier.threads import one_thread
from text import Encoder
from tickets import SolvedTicket, Taxonomy

Shares = dict[str, NDArray[np.float64]]
Truth = Mapping[str, NDArray[np.intp]]
OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done and how many there are."""

_FEWEST_TICKETS: Final = 20
_BATCH: Final = 256
_LANGUAGE_SHARE: Final = 0.01

log = logging.getLogger(__name__)


class TrainingError(ValueError):
    """A history cannot be learned from."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(f"nothing can be learned: {fault}; {cure}")


@dataclass(frozen=True, slots=True)
class Trained:
    """A new classifier, how it did on tickets it had not seen, and what was odd about the history."""

    model: TicketClassifier
    report: Report
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Unseen:
    """Members' scores for every ticket from folds that had not seen it or its problem, and which fold that was."""

    scores: Shares
    fold_of: NDArray[np.intp]
    neighbours: tuple[Neighbours, ...]
    """Nearest tickets of other problems, by their rows among all tickets."""

    @property
    def best_resemblance(self) -> NDArray[np.float64]:
        """How much each ticket's nearest one of another problem resembles it, of shape (n_tickets,)."""
        return np.array([near.resemblance.max(initial=0.0) for near in self.neighbours])


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
    """
    with one_thread():
        return _train(solved, taxonomy, plan, encoder, progress or _silent)


def _train(
    solved: Sequence[SolvedTicket], taxonomy: Taxonomy, plan: TrainingPlan, encoder: Encoder | None, tell: OnProgress
) -> Trained:
    truth = label_indices(solved, taxonomy)
    warnings = check_learnable(solved, taxonomy, truth, plan)
    groups = problem_groups(solved)
    reader = TicketReader(encoder if plan.meaning else None)
    readings = _read(solved, reader, tell)

    unseen = _score_unseen(readings, truth, groups, taxonomy, plan, tell)
    shares = _cross_pooled(unseen, truth)
    memory = SolvedMemory.of(solved, truth, unseen.best_resemblance)
    languages = _languages(solved)
    doubts = _doubts(solved, readings, unseen, languages, memory.novel_below)
    proposals = propose(taxonomy, shares)
    promises = prove_all(taxonomy, proposals, truth, groups, np.array([bool(d) for d in doubts]), plan)
    automatic = would_route(taxonomy, proposals, promises, doubts)
    report = report_on(taxonomy, shares, truth, automatic, promises, Traits.of([one.ticket for one in solved]))

    tell("learning from all tickets", 0, 1)
    vocabulary = Vocabulary(plan)
    features = vocabulary.fit_transform(readings)
    model = TicketClassifier(
        taxonomy=taxonomy,
        plan=plan,
        vocabulary=vocabulary,
        targets=_fit_targets(features, unseen, truth, taxonomy, plan),
        recurrence=Recurrence.learned(features, groups, seed=plan.seed),
        memory=memory,
        promises=promises,
        languages=languages,
        encoder_name=encoder.name if plan.meaning and encoder is not None else None,
        products=reader.product_vectors({ticket.ticket.product or "" for ticket in solved}),
    )
    tell("learning from all tickets", 1, 1)
    return Trained(model, report, warnings)


def check_learnable(
    solved: Sequence[SolvedTicket], taxonomy: Taxonomy, truth: Truth, plan: TrainingPlan
) -> tuple[str, ...]:
    """Refuse what cannot be learned from, and warn of what will be learned badly."""
    if len(solved) < _FEWEST_TICKETS:
        raise TrainingError(
            f"only {len(solved)} usable tickets", f"give at least {_FEWEST_TICKETS}, better some hundred"
        )
    n_problems = len(np.unique(problem_groups(solved)))
    if n_problems < plan.n_folds:
        raise TrainingError(
            f"only {n_problems} different problems",
            f"{plan.n_folds} are needed to test on tickets not learned from",
        )
    warnings = []
    for target in taxonomy:
        counts = Counter(truth[target.name][truth[target.name] >= 0].tolist())
        if len(counts) < 2:
            found = f"only the label {target.label_names[next(iter(counts))]!r}" if counts else "no labels"
            raise TrainingError(
                f"target {target.name} has {found}",
                f"add tickets with other labels, map them with --label {target.name}:theirs=ours, "
                "or choose the targets to learn with --target",
            )
        for i, label in enumerate(target.label_names):
            if counts[i] < plan.n_folds:
                warnings.append(
                    f"{target.name}: label {label!r} has {counts[i]} tickets; it can hardly be learned or tested "
                    f"before it has {plan.n_folds}"
                )
    return tuple(warnings)


def problem_groups(solved: Sequence[SolvedTicket]) -> NDArray[np.intp]:
    """A number per problem for every ticket; tickets without one stand alone."""
    keys = [ticket.problem or f"\0{i}" for i, ticket in enumerate(solved)]
    numbers: NDArray[np.intp] = np.unique(keys, return_inverse=True)[1]
    return numbers


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _read(solved: Sequence[SolvedTicket], reader: TicketReader, tell: OnProgress) -> Readings:
    parts = []
    for start in range(0, len(solved), _BATCH):
        tell("reading tickets", start, len(solved))
        parts.append(reader.read([ticket.ticket for ticket in solved[start : start + _BATCH]]))
    tell("reading tickets", len(solved), len(solved))
    return Readings.joined(parts)


def _score_unseen(
    readings: Readings,
    truth: Truth,
    groups: NDArray[np.intp],
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    tell: OnProgress,
) -> _Unseen:
    n_members = len(member_names(plan))
    scores = {t.name: np.zeros((len(readings), n_members, len(t.labels))) for t in taxonomy}
    fold_of = np.zeros(len(readings), dtype=np.intp)
    neighbours: dict[int, Neighbours] = {}
    for number, (seen, held_out) in enumerate(_folds(truth, groups, taxonomy, plan)):
        tell("testing on tickets not learned from", number, plan.n_folds)
        vocabulary = Vocabulary(plan)
        learned = vocabulary.fit_transform(readings[seen])
        tested = vocabulary.transform(readings[held_out])
        fold_of[held_out] = number
        recurrence = Recurrence.learned(learned, groups[seen], seed=plan.seed)
        for i, near in zip(held_out.tolist(), recurrence.neighbours(tested), strict=True):
            neighbours[i] = near.among(seen)
        for target in taxonomy:
            members = _fit_members(learned, truth[target.name][seen], len(target.labels), plan)
            scores[target.name][held_out] = np.stack([member.scores(tested) for member in members], axis=1)
    tell("testing on tickets not learned from", plan.n_folds, plan.n_folds)
    return _Unseen(scores, fold_of, tuple(neighbours[i] for i in range(len(readings))))


def _folds(
    truth: Truth, groups: NDArray[np.intp], taxonomy: Taxonomy, plan: TrainingPlan
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows to learn from and rows to test on, for each fold: problems whole, the leading target's labels spread."""
    leading = truth[taxonomy.names[0]]
    folds = StratifiedGroupKFold(plan.n_folds, shuffle=True, random_state=plan.seed)
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # of rare labels, which `check_learnable` tells in our words
        return list(folds.split(leading, leading, groups))


def _fit_targets(
    features: Features, unseen: _Unseen, truth: Truth, taxonomy: Taxonomy, plan: TrainingPlan
) -> dict[str, TargetModel]:
    """Each target's members, learned from all tickets, and the pool that weighs them."""
    return {
        target.name: TargetModel(
            members=_fit_members(features, truth[target.name], len(target.labels), plan),
            pool=_fit_pool(unseen.scores[target.name], truth[target.name], truth[target.name] >= 0),
        )
        for target in taxonomy
    }


def _fit_members(features: Features, y: NDArray[np.intp], n_labels: int, plan: TrainingPlan) -> tuple[Member, ...]:
    known = np.flatnonzero(y >= 0)
    if len(np.unique(y[known])) < 2:
        raise TrainingError(
            "in one part of the history a target has a single label",
            "add tickets of other problems with other labels",
        )
    part = Features({name: matrix[known] for name, matrix in features.matrices.items()})
    return tuple(Member(name, plan, n_labels).fit(part, y[known]) for name in member_names(plan))


def _fit_pool(scores: NDArray[np.float64], y: NDArray[np.intp], rows: NDArray[np.bool_]) -> LogarithmicPool:
    return LogarithmicPool().fit(scores[rows], y[rows])


def _cross_pooled(unseen: _Unseen, truth: Truth) -> Shares:
    """Probabilities for every ticket from a pool fitted on the other folds, mixed with what its neighbours say."""
    shares = {name: np.zeros((len(scores), scores.shape[2])) for name, scores in unseen.scores.items()}
    for fold in np.unique(unseen.fold_of):
        held_out = unseen.fold_of == fold
        for name, scores in unseen.scores.items():
            pool = _fit_pool(scores, truth[name], ~held_out & (truth[name] >= 0))
            shares[name][held_out] = pool.predict_proba(scores[held_out])
    return mixed(shares, truth, unseen.neighbours)


def _doubts(
    solved: Sequence[SolvedTicket],
    readings: Readings,
    unseen: _Unseen,
    languages: frozenset[str],
    novel_below: float,
) -> list[tuple[ReasonCode, ...]]:
    """For each ticket what would send it to review, had it come as a new problem."""
    return [
        doubts_about(one.ticket, str(words), resemblance, languages=languages, novel_below=novel_below)
        for one, words, resemblance in zip(solved, readings.words, unseen.best_resemblance.tolist(), strict=True)
    ]


def _languages(solved: Sequence[SolvedTicket]) -> frozenset[str]:
    told = Counter(ticket.ticket.language or language_of(ticket.ticket) for ticket in solved)
    return frozenset(language for language, n in told.items() if language and n >= _LANGUAGE_SHARE * len(solved))
