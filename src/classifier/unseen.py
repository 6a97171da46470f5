"""How members answer tickets of problems they have not seen: the honest scores on which everything else is fitted."""

from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from classifier.blend import blended, counted_texts
from classifier.familiarity import Familiarity
from classifier.material import Material, OnProgress
from classifier.plan import TrainingPlan
from classifier.pool import LogarithmicPool
from classifier.recurrence import Neighbours, Recurrence, mixed
from classifier.terms import CountedTexts
from text import Encoder
from tickets import Taxonomy

Shares = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Unseen:
    """Members' scores for every ticket from folds that had not seen it or its problem, and which fold that was."""

    scores: Shares
    fold_of: NDArray[np.intp]
    neighbours: tuple[Neighbours, ...]
    """Nearest tickets of other problems, by their rows among all tickets; nobody where recurrence is not judged."""
    familiarity: NDArray[np.float64]
    """Signs of familiarity, of shape (n_tickets, n_signs)."""

    def pools(self, material: Material) -> dict[str, LogarithmicPool]:
        """For each target the pool that weighs its members best on all these scores."""
        return {
            name: LogarithmicPool().fit(scores[known], material.truth[name][known])
            for name, scores in self.scores.items()
            for known in [material.truth[name] >= 0]
        }

    def shares(self, material: Material) -> Shares:
        """Probabilities for every ticket from a pool fitted on the other folds, mixed with what its neighbours say."""
        shares = {name: np.zeros((len(scores), scores.shape[2])) for name, scores in self.scores.items()}
        for fold in np.unique(self.fold_of):
            held_out = self.fold_of == fold
            for name, scores in self.scores.items():
                seen = ~held_out & (material.truth[name] >= 0)
                pool = LogarithmicPool().fit(scores[seen], material.truth[name][seen])
                shares[name][held_out] = pool.predict_proba(scores[held_out])
        return mixed(shares, material.truth, self.neighbours)


def score_unseen(
    material: Material,
    primer: Material | None,
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    encoder: Encoder | None,
    tell: OnProgress,
    counted: CountedTexts | None = None,
) -> Unseen:
    """Every ticket of ``material`` scored by members that learned from the other folds and from ``primer``.

    ``counted``, where they are at hand, are the texts of both, as `counted_texts` gives them.
    """
    counted = counted or counted_texts(material, primer)
    scores: Shares = {}
    fold_of = np.zeros(len(material), dtype=np.intp)
    neighbours = [Neighbours.nobody()] * len(material)
    familiarity: NDArray[np.float64] | None = None
    for number, (seen, held_out) in enumerate(_folds(material, taxonomy, plan)):
        tell("testing on tickets not learned from", number, plan.n_folds)
        learned = material.among(seen)
        told = _fold_told(tell, number, plan)
        blend, features = blended(
            learned, primer, taxonomy=taxonomy, plan=plan, encoder=encoder, tell=told, counted=counted
        )
        tested = material.among(held_out)
        unseen = blend.features(tested.readings, blend.tuned_states(tested.states))
        fold_of[held_out] = number
        signs = Familiarity.learned(blend.vocabulary.terms, learned.readings).signs(tested.readings)
        familiarity = np.zeros((len(material), signs.shape[1])) if familiarity is None else familiarity
        familiarity[held_out] = signs
        recurrence = Recurrence.learned(features, learned.groups, seed=plan.seed)
        if recurrence.judge is not None:
            for i, near in zip(held_out.tolist(), recurrence.neighbours(unseen), strict=True):
                neighbours[i] = near.among(seen)
        for target in taxonomy:
            of_target = blend.scores(target.name, unseen)
            scores.setdefault(target.name, np.zeros((len(material), *of_target.shape[1:])))[held_out] = of_target
    tell("testing on tickets not learned from", plan.n_folds, plan.n_folds)
    assert familiarity is not None
    return Unseen(scores, fold_of, tuple(neighbours), familiarity)


def _fold_told(tell: OnProgress, number: int, plan: TrainingPlan) -> OnProgress:
    """Progress within one fold, told as a step of its own."""
    return lambda what, done, total: tell(f"{what}, fold {number + 1} of {plan.n_folds}", done, total)


def _folds(
    material: Material, taxonomy: Taxonomy, plan: TrainingPlan
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows to learn from and rows to test on, for each fold: problems whole, the leading target's labels spread."""
    leading = material.truth[taxonomy.names[0]]
    folds = StratifiedGroupKFold(plan.n_folds, shuffle=True, random_state=plan.seed)
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # of rare labels, which `check_learnable` tells in our words
        return list(folds.split(leading, leading, material.groups))
