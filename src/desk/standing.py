"""How the model that serves stands, for whoever watches the service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.champion import Champion
from desk.drift import Drift, DriftAnswer
from desk.shadow import Shadow
from journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingFacts:
    """The model that serves here."""

    version: str
    trained_at: datetime
    max_error: float | None
    """What its promise allows; None where it has proven none."""
    refused: bool
    """Whether the shelf names another one, which cannot serve."""
    n_shadow_dropped: int
    """Tickets that a challenger did not score in this process."""


class DeskStanding:
    """The facts of the model that serves, and how far its tickets have drifted."""

    def __init__(self, champion: Callable[[], Champion], shadow: Shadow, journal: Callable[[], Journal] | None) -> None:
        self._champion, self._shadow = champion, shadow
        self._drift = Drift(journal) if journal is not None else None

    def serving(self) -> ServingFacts | None:
        """The model that serves; None where none has been promoted. Raises as `Champion.current` does."""
        champion = self._champion()
        if (serving := champion.current()) is None:
            return None
        promise = serving.classifier.model.promises.joint
        return ServingFacts(
            version=serving.manifest.version,
            trained_at=serving.manifest.trained_at,
            max_error=promise.max_error if promise.threshold is not None else None,
            refused=champion.refusal is not None,
            n_shadow_dropped=self._shadow.n_dropped,
        )

    def drift(self) -> DriftAnswer | None:
        """How far the latest tickets and answers are from those of training; None where that cannot be told."""
        return self._drift.told(self._champion().loaded) if self._drift is not None else None
