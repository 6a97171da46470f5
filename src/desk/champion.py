"""The model that answers: the champion, followed when another is promoted, or a model chosen by name."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Final, TypeAlias

from classifier import BoundClassifier, EncoderMismatchError, Manifest, ModelShelf, ShelfError
from desk.rehearsal import RehearsalError, rehearse
from steps import step
from text import Encoder

_RETRY_SECONDS: Final = 30.0
"""When a refused model is looked at again: its folder may have been restored since."""
_CANNOT_SERVE: Final = (ShelfError, EncoderMismatchError, RehearsalError, OSError)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """A loaded model with what is known of it."""

    manifest: Manifest
    classifier: BoundClassifier


MaybeServing: TypeAlias = Serving | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A champion that was not taken up, and why; ``version`` is None where the shelf could not say which it is."""

    version: str | None
    reason: str
    at: float


class Champion:
    """Keeps a loaded model that answers, and takes up another one beside it, whole or not at all.

    `current` loads at first use; after that it never waits: only `follow` looks at the shelf again. Safe to share
    between threads.
    """

    def __init__(self, shelf: ModelShelf, encoder: Encoder, *, chosen: str | None = None) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._chosen = chosen
        self._taking_up = threading.Lock()
        self._looked = False
        self._serving: MaybeServing = None
        self._refusal: Refusal | None = None

    def current(self) -> MaybeServing:
        """The model to answer with; None where none has been promoted.

        Raises
        ------
        ShelfError, EncoderMismatchError, RehearsalError
            The first model cannot serve.
        """
        if not self._looked:
            self.follow()
        return self._serving

    @property
    def loaded(self) -> MaybeServing:
        """The model that is loaded; looks at nothing."""
        return self._serving

    @property
    def refusal(self) -> Refusal | None:
        """Why the shelf's champion does not serve here; None where it does."""
        return self._refusal

    def prepared(self, version: str) -> Serving:
        """A model loaded beside the one that serves, warmed and tried on the rehearsal's tickets.

        Raises
        ------
        ShelfError, EncoderMismatchError, RehearsalError
            It cannot serve.
        """
        with step("load model"):
            manifest, model = self._shelf.load(version)
            classifier = model.bind(self._encoder)
            rehearse(classifier)
        return Serving(manifest, classifier)

    def follow(self, prepared: MaybeServing = None) -> None:
        """Take up what the shelf says, unless it serves already; one that cannot serve leaves the old one in place.

        Parameters
        ----------
        prepared : Serving, optional
            The model, where it was `prepared` already.

        Raises
        ------
        ShelfError, EncoderMismatchError, RehearsalError, OSError
            It cannot serve, and none is loaded that could stand in for it.
        """
        with self._taking_up:
            wanted: str | None = None
            try:
                wanted = self._chosen or self._shelf.champion
                if wanted is not None and not self._is_settled(wanted):
                    ready = prepared if prepared and prepared.manifest.version == wanted else self.prepared(wanted)
                    self._serving = ready  # one assignment: a request has either the old model or the new one
                    log.info("model loaded version=%s", ready.manifest.version)
                if not self._is_refused(wanted):
                    self._refusal = None
                self._looked = True
            except _CANNOT_SERVE as error:
                if self._serving is None:
                    raise
                self._refuse(wanted, error)

    def _is_settled(self, wanted: str) -> bool:
        """Whether nothing needs to be loaded: it serves already, or was refused a moment ago."""
        if self._serving is not None and (self._chosen or self._serving.manifest.version == wanted):
            return True
        refusal = self._refusal
        return self._is_refused(wanted) and refusal is not None and time.monotonic() - refusal.at < _RETRY_SECONDS

    def _is_refused(self, wanted: str | None) -> bool:
        serves = self._serving.manifest.version if self._serving else None
        return self._refusal is not None and self._refusal.version == wanted != serves

    def _refuse(self, wanted: str | None, error: Exception) -> None:
        assert self._serving is not None
        before, self._refusal = self._refusal, Refusal(wanted, str(error), time.monotonic())
        if before is None or (before.version, before.reason) != (wanted, self._refusal.reason):
            log.error(
                "new champion refused version=%s error=%s serving=%s",
                wanted or "unreadable",
                type(error).__name__,
                self._serving.manifest.version,
            )
