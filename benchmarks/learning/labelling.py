"""How many labels a desk saves that labels what the queue gives, beside random tickets and the least certain ones.

On each grouped fold of the sample a desk begins with 60 labelled tickets and labels 60 more at a time; the plan
``fast`` is trained on what is labelled and measured on the fold's problems, which nobody has seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from benchmarks.classification.split import Split, new_problems, truths
from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import TrainingPlan, unsure, worth_labelling
from classifier.blend import blended
from classifier.evaluation import label_indices
from classifier.material import Material, prepared
from classifier.primer import primed
from classifier.reading import TicketReader
from classifier.threads import one_thread
from classifier.unseen import score_unseen
from tickets import Taxonomy, Ticket

STEP, N_STEPS = 60, 10
RANDOM_SHARE = 0.2
PLAN = replace(TrainingPlan.named("fast", primer=False), n_folds=2)
"""Two folds instead of five weigh the members: a training of seconds, a hundred times over."""

Shares = dict[str, NDArray[np.float64]]
Rows = list[int]


@dataclass(frozen=True)
class Round:
    """What a strategy may know when it chooses: the open tickets, what the model says of them, and those labelled."""

    tickets: Sequence[Ticket]
    shares: Shares
    told: Sequence[Ticket]
    chance: np.random.Generator


def by_chance(now: Round, n: int) -> Rows:
    """Any tickets."""
    return [int(row) for row in now.chance.permutation(len(now.tickets))[:n]]


def by_uncertainty(now: Round, n: int) -> Rows:
    """The tickets that the model is least sure of."""
    return [int(row) for row in np.argsort(-unsure(now.shares), kind="stable")[:n]]


def by_queue(now: Round, n: int) -> Rows:
    """As the product's queue: a random share, and of the others those that teach most."""
    random = by_chance(now, round(RANDOM_SHARE * n))
    chosen = [
        row for row in worth_labelling(now.tickets, unsure(now.shares), now.told, n_wanted=n) if row not in random
    ]
    return [*random, *chosen][:n]


STRATEGIES: dict[str, Callable[[Round, int], Rows]] = {
    "random": by_chance,
    "uncertainty": by_uncertainty,
    "queue": by_queue,
}


def measure(scope: Scope) -> dict[str, Any]:
    """The curves of the three, means over the folds, and the labels that reach what random labelling reaches."""
    taxonomy = Taxonomy.builtin()
    curves: dict[str, list[list[float]]] = {name: [] for name in STRATEGIES}
    for seed, split in enumerate(new_problems(scope.limited(solved_tickets()), taxonomy)):
        desk = _Simulation(split, seed)
        for name, strategy in STRATEGIES.items():
            curves[name].append(desk.labelled_by(strategy))
    means = {name: np.mean(runs, axis=0) for name, runs in curves.items()}
    labels = [STEP * (step + 1) for step in range(len(means["random"]))]
    goals = {f"at_{labels[at]}": at for at in (len(labels) // 2 - 1, len(labels) - 1)}
    return {
        "case": "sample, five folds grouped by problem, one run of each strategy a fold; macro-F1, mean of the targets",
        "settings": {"plan": PLAN.as_record(), "random_share": RANDOM_SHARE},
        "labels": labels,
        "macro_f1": {name: [round(float(value), 4) for value in mean] for name, mean in means.items()},
        "runs": {name: np.round(runs, 4).tolist() for name, runs in curves.items()},
        "labels_saved": {
            name: {goal: labels_saved(labels, means["random"], means[name], at) for goal, at in goals.items()}
            for name in STRATEGIES
            if name != "random"
        },
    }


def labels_saved(labels: Sequence[int], random: Sequence[float], other: Sequence[float], at: int) -> float | None:
    """The share of labels with which the other way does without to reach what random labelling reaches at a step.

    Between two steps the curve is a line; None where the other way does not get there.
    """
    goal = random[at]
    for step, value in enumerate(other):
        if value >= goal:
            if step == 0:
                return 1 - labels[0] / labels[at]
            before = other[step - 1]
            needed = labels[step - 1] + (goal - before) / (value - before) * (labels[step] - labels[step - 1])
            return round(float(1 - needed / labels[at]), 4)
    return None


class _Simulation:
    """One fold's tickets, read once."""

    def __init__(self, split: Split, seed: int) -> None:
        self._split, self._seed = split, seed
        reader = TicketReader(None)
        truth = label_indices(split.learn, split.taxonomy)
        self._material = prepared(split.learn, truth, reader=reader, plan=PLAN, tell=_silent)
        self._tested = reader.read([one.ticket for one in split.test])
        self._truth = truths(split.test, split.taxonomy)
        self._primer = primed(split.taxonomy, reader=reader, plan=PLAN, tell=_silent)

    def labelled_by(self, strategy: Callable[[Round, int], Rows]) -> list[float]:
        """Macro-F1, mean of the targets, after each round of labelling."""
        chance = np.random.default_rng(self._seed)
        everything = chance.permutation(len(self._material)).tolist()
        labelled, still_open = everything[:STEP], everything[STEP:]
        curve = []
        for step in range(N_STEPS):
            learned = _Learned(self._material.among(np.array(sorted(labelled))), self._primer, self._split.taxonomy)
            curve.append(self._macro_f1(learned.shares(self._tested)))
            if step == N_STEPS - 1:
                break
            tickets = [self._split.learn[row].ticket for row in still_open]
            told = [self._split.learn[row].ticket for row in labelled]
            shares = learned.shares(self._material.readings[np.array(still_open)])
            chosen = {still_open[i] for i in strategy(Round(tickets, shares, told, chance), STEP)}
            labelled += sorted(chosen)
            still_open = [row for row in still_open if row not in chosen]
        return curve

    def _macro_f1(self, shares: Shares) -> float:
        return float(np.mean([f1_score(self._truth[t], p.argmax(axis=1), average="macro") for t, p in shares.items()]))


class _Learned:
    """The members and pools that plan ``fast`` learns, without the promise and the memory, which decide no label."""

    def __init__(self, material: Material, primer: Material | None, taxonomy: Taxonomy) -> None:
        known: dict[str, Any] = {"taxonomy": taxonomy, "plan": PLAN, "encoder": None, "tell": _silent}
        with one_thread():
            self._pools = score_unseen(material, primer, **known).pools(material)
            self._blend, _ = blended(material, primer, **known)

    def shares(self, readings: Any) -> Shares:
        """Probabilities by target."""
        with one_thread():
            features = self._blend.features(readings, [])
            return {name: pool.predict_proba(self._blend.scores(name, features)) for name, pool in self._pools.items()}


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""
