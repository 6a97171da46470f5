"""Who takes part: our plans, and what one would have used instead, all asked in the same way."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.classification.split import Split
from classifier import PLAN_NAMES, primer_tickets
from tickets import Ticket

Shares = dict[str, NDArray[np.float64]]
"""Per target probabilities of shape (n_tickets, n_labels), labels in the taxonomy's order."""

PEERS = ("linear_svc", "tfidf_lr", "fasttext", "setfit")
NAMES: tuple[str, ...] = (*PLAN_NAMES, *PEERS)
PRIMER_APART = ("default_unprimed", "linear_svc_primed")
"""Who tells what the primer gives, to us and to a peer; they take part where the built-in labels are asked for."""
_LIBRARIES = {"fasttext": "fasttext", "setfit": "setfit"}


class Contestant(Protocol):
    """Something that has learned and can be asked."""

    @property
    def settings(self) -> dict[str, Any]:
        """What it was trained with, as plain values."""

    def predict_proba(self, tickets: Sequence[Ticket]) -> Shares:
        """Probabilities for many tickets at once, with as many threads as the machine has."""

    def answer(self, ticket: Ticket) -> None:
        """Answer one ticket as a service would: explanations and evidence included where it has any."""


Learner = Callable[[Split, Path], Contestant]
"""Learns from a split's history, with an empty folder for what it has to write."""


def missing(name: str) -> str | None:
    """Why the contestant cannot run here, None where it can."""
    library = _LIBRARIES.get(name)
    if library is None or importlib.util.find_spec(library) is not None:
        return None
    return f"{library} is not installed; pip install --constraint constraints.txt --editable '.[bench]'"


def learner(name: str) -> Learner:
    """How the contestant called ``name`` learns; only its own libraries are loaded, so that its memory can be told."""
    if name == "fasttext":
        from benchmarks.classification.fasttext_peer import FastText  # noqa: PLC0415

        return FastText.learned
    if name == "setfit":
        from benchmarks.classification.setfit_peer import SetFit  # noqa: PLC0415

        return SetFit.learned
    if name in PLAN_NAMES or name == "default_unprimed":
        from benchmarks.classification.plans import LearnedPlan  # noqa: PLC0415

        return partial(LearnedPlan.learned, name=name.removesuffix("_unprimed"), primer=name in PLAN_NAMES)
    if name == "linear_svc_primed":
        return _primed(learner("linear_svc"))
    from benchmarks.classification.tfidf import Tfidf  # noqa: PLC0415

    return partial(Tfidf.learned, head=name)


def _primed(learn: Learner) -> Learner:
    """Learns from the built-in primer beside the split's history."""

    def learned(split: Split, folder: Path) -> Contestant:
        return learn(replace(split, learn=(*split.learn, *primer_tickets())), folder)

    return learned
