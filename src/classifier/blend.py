"""The members of all targets, learned together from one part of a history: what they share, and how they score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.learnable import TrainingError
from classifier.material import Material, OnProgress
from classifier.members import (
    CLOSING,
    TUNED,
    Blocks,
    Examples,
    Features,
    Member,
    Vocabulary,
    member_blocks,
    texts_and_products,
)
from classifier.plan import TrainingPlan
from classifier.pool import Scores
from classifier.reading import Readings
from classifier.terms import CountedTexts
from text import Encoder, Head, TunedLayers, TuningTexts, Vectors, tune
from tickets import Taxonomy

_TUNING_THREADS = 2


@dataclass(frozen=True)
class Blend:
    """Every target's members, the vocabulary they share, and the tuned layers where the plan has them."""

    vocabulary: Vocabulary
    layers: TunedLayers | None
    members: Mapping[str, tuple[Member, ...]]

    def tuned_states(self, states: Sequence[NDArray[np.floating]]) -> list[Vectors]:
        """What the tuned layers make of each text's token states; nothing where none were tuned."""
        return [] if self.layers is None else [self.layers.read(one) for one in states]

    def features(self, readings: Readings, tuned: Sequence[NDArray[np.floating]]) -> Features:
        """The features of ``readings`` and of what the tuned layers, where there are any, made of them."""
        features = self.vocabulary.transform(readings)
        if self.layers is None:
            return features
        return features.including(TUNED, np.stack([one.mean(axis=0, dtype=np.float32) for one in tuned]))

    def scores(self, target: str, features: Features) -> Scores:
        """All members' scores for one target, of shape (n_tickets, n_members, n_labels)."""
        return np.stack([member.scores(features) for member in self.members[target]], axis=1)


def blended(
    material: Material,
    primer: Material | None,
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    encoder: Encoder | None,
    tell: OnProgress,
    counted: CountedTexts | None = None,
) -> tuple[Blend, Features]:
    """Members of all targets learned from ``material`` and ``primer``, and the words and meaning of ``material``.

    ``counted``, where given, are the texts of both and of others, as `counted_texts` gives them. Layers are tuned on
    ``material`` alone, and so differ more from the other members than layers that saw the primer as well.

    Raises
    ------
    TrainingError
        A target has a single label here.
    """
    beside = material.beside(primer)
    vocabulary = Vocabulary()
    features, lessons = vocabulary.fit_transform(beside.readings, beside.lessons, counted)
    layers, heads = None, dict[str, Head]()
    if plan.tuned:
        assert encoder is not None
        layers, heads = tune(
            encoder,
            TuningTexts(material.states, material.truth, material.weight),
            {target.name: len(target.labels) for target in taxonomy},
            epochs=plan.tuning_epochs,
            most_steps=plan.most_tuning_steps,
            seed=plan.seed,
            n_threads=_TUNING_THREADS,
            progress=lambda done, total: tell("tuning the encoder", done, total),
        )
    blocks = member_blocks(plan, products=vocabulary.names_products)
    members = {
        target.name: _members(
            blocks, features, lessons, beside, target.name, plan, len(target.labels), heads.get(target.name)
        )
        for target in taxonomy
    }
    own = features.at(slice(len(material))).including(CLOSING, vocabulary.closing(material.lessons, len(material)))
    return Blend(vocabulary, layers, members), own


def counted_texts(material: Material, primer: Material | None) -> CountedTexts:
    """All texts of both, counted: for members that are learned from parts of ``material`` again and again."""
    beside = material.beside(primer)
    return CountedTexts.of(np.concatenate(texts_and_products(beside.readings, beside.lessons)))


def _members(
    blocks: tuple[Blocks, ...],
    features: Features,
    lessons: Features,
    material: Material,
    target: str,
    plan: TrainingPlan,
    n_labels: int,
    head: Head | None,
) -> tuple[Member, ...]:
    y = material.truth[target]
    known = np.flatnonzero(y >= 0)
    if len(np.unique(y[known])) < 2:
        raise TrainingError(
            "in one part of the history a target has a single label",
            "add tickets of other problems with other labels",
        )
    told = np.flatnonzero(y[material.lessons.ticket] >= 0)
    of_ticket = material.lessons.ticket[told]
    tickets = Examples(features.at(known), y[known], material.weight[known])
    taught = Examples(lessons.at(told), y[of_ticket], plan.lesson_weight * material.weight[of_ticket])
    members = []
    for one in blocks:
        if one == (TUNED,):
            assert head is not None
            members.append(_of_head(head, np.unique(y[known]), n_labels))
        else:
            members.append(Member.learned(one, tickets, taught, plan=plan, n_labels=n_labels))
    return tuple(members)


def _of_head(head: Head, seen: NDArray[np.intp], n_labels: int) -> Member:
    """The tuned layers' own head as a member, for the labels that it was tuned on."""
    return Member({TUNED: head.weights[seen]}, head.bias[seen].astype(np.float64), seen, n_labels)
