"""Whether a ticket unlike anything in the history is known for one: a desk that the history has never heard of."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.classification.plans import bulk_encoder
from benchmarks.classification.split import SEED, Tickets, halves
from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import Classification, TrainingPlan, train
from tickets import Taxonomy

PLAN = TrainingPlan.named("fast")


@dataclass(frozen=True, kw_only=True)
class Novelty:
    """Shares of tickets called new, and how well scores part the tickets of unknown desks from those of known ones.

    An area under the curve is the chance that a ticket of an unknown desk scores lower than one of a known desk; 0.5 is
    a guess.
    """

    n_tickets: int
    called_new_of_unknown_desk: float
    called_new_of_known_desk: float
    auc_best_resemblance: float
    auc_certainty: float


def measure(scope: Scope) -> dict[str, Any]:
    """Each desk is left out in turn, and then known by half of its problems while the other half arrives."""
    solved = scope.limited(solved_tickets())
    desks = sorted({_desk(ticket.ticket.id) for ticket in solved})
    unknown: list[Classification] = []
    known: list[Classification] = []
    each = {}
    with tempfile.TemporaryDirectory() as folder:
        for desk in desks:
            its_own = tuple(ticket for ticket in solved if _desk(ticket.ticket.id) == desk)
            others = tuple(ticket for ticket in solved if _desk(ticket.ticket.id) != desk)
            first, second = halves(its_own, seed=SEED)
            arriving = _classified(others, its_own, Path(folder))
            familiar = [
                *_classified((*others, *first), second, Path(folder)),
                *_classified((*others, *second), first, Path(folder)),
            ]
            each[desk] = asdict(compared(arriving, familiar))
            unknown += arriving
            known += familiar
    return {
        "case": "sample; each desk left out, against the same tickets when half of its problems are known",
        "plan": PLAN.name,
        "all": asdict(compared(unknown, known)),
        "desks": each,
    }


def compared(unknown: Sequence[Classification], known: Sequence[Classification]) -> Novelty:
    """The figures of the same tickets, classified by models that did not know their desk and by models that did."""
    both = [*unknown, *known]
    is_known = [False] * len(unknown) + [True] * len(known)
    return Novelty(
        n_tickets=len(unknown),
        called_new_of_unknown_desk=float(np.mean([_called_new(one) for one in unknown])),
        called_new_of_known_desk=float(np.mean([_called_new(one) for one in known])),
        auc_best_resemblance=float(roc_auc_score(is_known, [_best_resemblance(one) for one in both])),
        auc_certainty=float(roc_auc_score(is_known, [_certainty(one) for one in both])),
    )


def _classified(learn: Tickets, test: Tickets, folder: Path) -> list[Classification]:
    encoder = bulk_encoder(folder)
    trained = train(learn, taxonomy=Taxonomy.builtin(), plan=PLAN, encoder=encoder)
    return trained.model.bind(encoder).classify([ticket.ticket for ticket in test])


def _called_new(one: Classification) -> bool:
    return any(reason.code == "no_similar_history" for reason in one.decision.reasons)


def _best_resemblance(one: Classification) -> float:
    """The best among the solved tickets shown; nought for a ticket without text, which is shown none."""
    return max((resemblance.score for resemblance in one.evidence), default=0.0)


def _certainty(one: Classification) -> float:
    return float(np.prod([prediction.confidence for prediction in one.predictions.values()]))


def _desk(id_: str | None) -> str:
    """The desk that a sample ticket belongs to, by its id: ``amt`` of ``amt-050-2``."""
    return (id_ or "").split("-")[0]
