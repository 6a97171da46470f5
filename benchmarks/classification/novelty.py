"""Whether tickets unlike anything in the history are known for that, and whether they are read worse.

Each desk of the sample is left out in turn. Its tickets stand beside tickets of the other desks whose problems are as
new, and beside issues of GitHub projects, which no desk would get.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.classification import public
from benchmarks.classification.plans import bulk_encoder
from benchmarks.classification.split import Tickets, new_problems
from benchmarks.sample import solved_tickets
from benchmarks.scope import MissingDatasetError, Scope
from classifier import Classification, TrainingPlan, train
from tickets import Taxonomy, Ticket

PLAN = TrainingPlan.named("default")
_FOREIGN_OF_EACH = 40


@dataclass(frozen=True, slots=True)
class Arrived:
    """Tickets of one kind as a model answered them, and the labels they should have got."""

    answers: Sequence[Classification]
    labels: Sequence[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Novelty:
    """The share of tickets of one kind that were called new, and that of right labels, where these are known."""

    n_tickets: int
    called_new: float
    accuracy: dict[str, float]


def measure(scope: Scope) -> dict[str, Any]:
    """All three kinds of tickets, answered by one model a desk left out."""
    solved = scope.limited(solved_tickets())
    try:
        foreign = _foreign(scope.folder(public.NLBSE))
    except MissingDatasetError:
        foreign = []
    kinds: dict[str, list[Arrived]] = {"known_desk": [], "unknown_desk": [], "foreign": []}
    with tempfile.TemporaryDirectory() as folder:
        encoder = bulk_encoder(Path(folder))
        for desk in sorted({_desk(ticket.ticket.id) for ticket in solved}):
            others = tuple(ticket for ticket in solved if _desk(ticket.ticket.id) != desk)
            split = new_problems(others, Taxonomy.builtin())[0]
            model = train(split.learn, taxonomy=split.taxonomy, plan=PLAN, encoder=encoder).model.bind(encoder)
            its_own = [ticket for ticket in solved if _desk(ticket.ticket.id) == desk]
            for kind, tickets in (("known_desk", split.test), ("unknown_desk", its_own)):
                answers = model.classify([one.ticket for one in tickets])
                kinds[kind].append(Arrived(answers, [dict(one.labels) for one in tickets]))
            kinds["foreign"].append(Arrived(model.classify(foreign), [{} for _ in foreign]))
    together = {kind: _together(parts) for kind, parts in kinds.items()}
    figures = {kind: asdict(told(arrived)) for kind, arrived in together.items()}
    return {"case": "sample; each desk left out in turn", "plan": PLAN.name, "kinds": figures}


def told(arrived: Arrived) -> Novelty:
    """The figures of tickets of one kind."""
    right: dict[str, list[bool]] = {}
    for answer, labels in zip(arrived.answers, arrived.labels, strict=True):
        for target, label in labels.items():
            right.setdefault(target, []).append(answer.predictions[target].label == label)
    return Novelty(
        n_tickets=len(arrived.answers),
        called_new=float(np.mean([_called_new(one) for one in arrived.answers])) if arrived.answers else 0.0,
        accuracy={target: float(np.mean(each)) for target, each in right.items()},
    )


def _together(parts: Sequence[Arrived]) -> Arrived:
    return Arrived(
        list(chain.from_iterable(part.answers for part in parts)),
        list(chain.from_iterable(part.labels for part in parts)),
    )


def _foreign(folder: Path) -> list[Ticket]:
    tested: list[Tickets] = [repository.split.test[:_FOREIGN_OF_EACH] for repository in public.repositories(folder)]
    return [solved.ticket for part in tested for solved in part]


def _called_new(one: Classification) -> bool:
    return any(reason.code == "no_similar_history" for reason in one.decision.reasons)


def _desk(id_: str | None) -> str:
    """The desk that a sample ticket belongs to, by its id: ``amt`` of ``amt-050-2``."""
    return (id_ or "").split("-")[0]
