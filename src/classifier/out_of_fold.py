"""What a plan answers to tickets it has not learned from, kept apart from any model: for looking at the labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation import label_indices
from classifier.learnable import Truth, check_learnable
from classifier.material import OnProgress, prepared
from classifier.plan import TrainingPlan
from classifier.primer import primed
from classifier.reading import TicketReader
from classifier.threads import one_thread
from classifier.unseen import Shares, score_unseen
from text import Encoder
from tickets import SolvedTicket, Taxonomy


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """For every ticket the probabilities from folds that saw neither it nor a ticket of its problem."""

    shares: Shares
    """Per target, of shape (n_tickets, n_labels)."""
    truth: Truth
    words: NDArray[np.object_]
    """Each ticket's subject and body as they are read, cleaned, shape (n_tickets,)."""
    groups: NDArray[np.intp]
    """The problem of each ticket, shape (n_tickets,)."""


def out_of_fold(
    solved: Sequence[SolvedTicket],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    encoder: Encoder | None = None,
    progress: OnProgress | None = None,
) -> OutOfFold:
    """The probabilities that training with ``plan`` would measure itself by.

    Raises
    ------
    TrainingError
        Too few tickets, problems or labels; the message names the cure.
    """
    tell = progress or (lambda _what, _done, _total: None)
    with one_thread():
        truth = label_indices(solved, taxonomy)
        check_learnable(solved, taxonomy, truth, plan)
        reader = TicketReader(encoder if plan.meaning else None)
        material = prepared(solved, truth, reader=reader, plan=plan, tell=tell)
        primer = primed(taxonomy, reader=reader, plan=plan, tell=tell)
        unseen = score_unseen(material, primer, taxonomy=taxonomy, plan=plan, encoder=encoder, tell=tell)
        return OutOfFold(unseen.shares(material), truth, material.readings.words, material.groups)
