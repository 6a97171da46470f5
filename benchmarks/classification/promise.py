"""What could be routed under a promise, by one procedure for every contestant, and how often promises are broken."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.classification.split import SEED
from classifier.promise import prove  # the one inner module: what a model proves at its end is tried here by itself

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Problems = NDArray[np.intp]

N_SPLITS = 200
_N_PARTS = 5


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """At most ``max_error`` of the automatic answers wrong, with ``confidence``."""

    max_error: float
    confidence: float

    @property
    def name(self) -> str:
        """The share of errors as it is written in results: ``0.05``."""
        return f"{self.max_error:.2f}"


STRICT = Agreement(max_error=0.05, confidence=0.95)
LENIENT = Agreement(max_error=0.10, confidence=0.90)
AGREEMENTS = (STRICT, LENIENT)


@dataclass(frozen=True, kw_only=True)
class Routed:
    """Share of tickets routed by themselves, and the share of wrong ones among these; None where there were none."""

    share: float
    error: float | None

    @classmethod
    def of(cls, automatic: Flags, wrong: Flags) -> "Routed":
        """What came true."""
        return cls(share=float(automatic.mean()), error=float(wrong[automatic].mean()) if automatic.any() else None)


def threshold(certainty: Floats, wrong: Flags, problems: Problems, agreement: Agreement, *, seed: int) -> float:
    """The certainty above which the promise is proven, infinite where it is not."""
    promise = prove(
        certainty, wrong, problems, max_error=agreement.max_error, confidence=agreement.confidence, seed=seed
    )
    return np.inf if promise.threshold is None else promise.threshold


def naive_threshold(certainty: Floats, wrong: Flags, agreement: Agreement) -> float:
    """The lowest certainty above which the tickets at hand happen to keep the error, infinite where none does."""
    order = np.argsort(-certainty, kind="stable")
    rates = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    last_of_equals = np.append(np.diff(certainty[order]) != 0, True)
    kept = np.flatnonzero((rates <= agreement.max_error) & last_of_equals)
    return float(certainty[order[kept[-1]]]) if len(kept) else np.inf


def tried(certainty: Floats, wrong: Flags, problems: Problems, agreement: Agreement) -> Routed:
    """Tickets in five parts by problem: each is routed by the threshold that the four others prove."""
    part = np.random.default_rng(SEED).permutation(problems.max() + 1)[problems] % _N_PARTS
    automatic = np.zeros(len(certainty), bool)
    for number in range(_N_PARTS):
        others = part != number
        proven = threshold(certainty[others], wrong[others], problems[others], agreement, seed=SEED)
        automatic[~others] = certainty[~others] >= proven
    return Routed.of(automatic, wrong)


def study(certainty: Floats, wrong: Flags, problems: Problems, agreement: Agreement) -> dict[str, Any]:
    """How often the promise is broken over random halves, and how much it lets through, beside the naive threshold.

    ``broken`` is the share of splits in which the half that had no say in the threshold has more errors than agreed.
    That half is a sample too: where the true rate is just what was agreed, half of them do.
    """
    proven, naive = [], []
    for seed in range(N_SPLITS):
        chosen_on = np.random.default_rng([SEED, seed]).permutation(problems.max() + 1)[problems] % 2 == 0
        first = certainty[chosen_on], wrong[chosen_on]
        rest, failed = certainty[~chosen_on], wrong[~chosen_on]
        limit = threshold(*first, problems[chosen_on], agreement, seed=seed)
        proven.append(Routed.of(rest >= limit, failed))
        naive.append(Routed.of(rest >= naive_threshold(*first, agreement), failed))
    return {**asdict(agreement), "proven": _summary(proven, agreement), "naive": _summary(naive, agreement)}


def _summary(splits: list[Routed], agreement: Agreement) -> dict[str, float | None]:
    errors = [split.error for split in splits if split.error is not None]
    return {
        "broken": float(np.mean([(split.error or 0.0) > agreement.max_error for split in splits])),
        "mean_auto_share": float(np.mean([split.share for split in splits])),
        "mean_error": float(np.mean(errors)) if errors else None,
        "without_any": float(np.mean([split.error is None for split in splits])),
    }
