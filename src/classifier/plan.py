"""All choices that make a model, in one frozen object: same plan and data, same model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Self

PlanName = Literal["fast", "default", "best"]
_PRIMER_WEIGHT: Final = 0.5
PLAN_NAMES: tuple[PlanName, ...] = ("fast", "default", "best")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What a candidate must keep to replace a champion, compared on tickets that neither had seen."""

    macro_f1_loss: float = 0.02
    """How far a target's macro-F1 may fall: about one standard error on a few hundred tickets."""
    part_loss: float = 0.1
    """How far the share right of one language or product may fall for certain, so that none pays for the others."""
    ece_rise: float = 0.05
    """How far a target's calibration error may rise, where that it rises is certain."""
    cost_rise: float = 0.05
    """By which share the cost of decisions may rise for certain."""
    keep_promise: bool = True
    """Whether a champion that has proven a promise is replaced only by a model that has proven one."""
    most_milliseconds: float = 1_000
    """Longest median time for one ticket."""
    most_megabytes: float = 1_000
    """Largest model on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """What is learned from, how strongly it is smoothed, and what is promised.

    ``fast`` reads words alone and trains in seconds; ``default`` adds the sentence encoder; ``best`` adds a copy of the
    encoder's upper layers tuned on the desk's own tickets, in minutes.
    """

    name: PlanName = "default"
    seed: int = 0
    n_folds: int = 5
    """Grouped folds on which members are weighed, probabilities calibrated and the promise proven."""
    meaning: bool = True
    """Whether members of the blend read what the sentence encoder makes of a ticket."""
    tuned: bool = False
    """Whether one member reads what upper layers of the encoder make of it that were tuned on the history."""
    tuning_epochs: int = 12
    """How often the tuned layers see each ticket, as far as ``most_tuning_steps`` go."""
    most_tuning_steps: int = 300
    """On how many batches of 32 tickets layers are tuned at most, so that a long history does not take hours."""
    word_strength: float = 0.6
    """Inverse regularisation of the linear support vector machines on words and characters."""
    lesson_weight: float = 0.4
    """How much a resolution counts beside a ticket where members learn from words."""
    primer_weight: float = _PRIMER_WEIGHT
    """How much a ticket of the built-in primer counts beside one of the desk's own; with 0 it is left out."""
    meaning_strength: float = 0.002
    """Inverse regularisation of the logistic regressions on the encoder's states."""
    max_error: float = 0.05
    """Largest share of wrong answers among the tickets routed by themselves."""
    confidence: float = 0.95
    """How sure the promise must be."""
    gates: Gates = Gates()
    """What a candidate must keep to be promoted."""

    def __post_init__(self) -> None:
        if not 0 < self.max_error < 1:
            raise ValueError(f"max_error is {self.max_error}; give a share between 0 and 1, such as 0.05")
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence is {self.confidence}; give a share between 0 and 1, such as 0.95")
        if self.primer_weight < 0:
            raise ValueError(f"primer_weight is {self.primer_weight}; give 0 to leave the primer out, or more")
        if self.n_folds < 2:
            raise ValueError(f"n_folds is {self.n_folds}; at least 2 are needed to learn on one and test on the other")

    @classmethod
    def named(
        cls,
        name: PlanName,
        *,
        max_error: float = 0.05,
        confidence: float = 0.95,
        seed: int = 0,
        primer: bool = True,
    ) -> Self:
        """The plan of that name with a desk's own promise; without ``primer`` the desk's tickets alone teach."""
        return cls(
            name=name,
            meaning=name != "fast",
            tuned=name == "best",
            max_error=max_error,
            confidence=confidence,
            seed=seed,
            primer_weight=_PRIMER_WEIGHT if primer else 0.0,
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The plan that `as_record` wrote; what it lacks, as one written before there were gates, is as usual."""
        return cls(**{**record, "gates": Gates(**record.get("gates", {}))})

    def as_record(self) -> dict[str, Any]:
        """The plan as plain values, for manifests and experiment tracking."""
        return asdict(self)
