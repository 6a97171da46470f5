"""The model that answers: the champion, taken up anew when another is promoted, or a model chosen by name."""

import logging
import threading
from dataclasses import dataclass
from typing import TypeAlias

from classifier import BoundClassifier, EncoderMismatchError, Manifest, ModelShelf, ShelfError
from text import Encoder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """A loaded model with what is known of it."""

    manifest: Manifest
    classifier: BoundClassifier


MaybeServing: TypeAlias = Serving | None


class Champion:
    """Keeps the loaded model in step with the shelf; a new champion that cannot serve leaves the old one in place."""

    def __init__(self, shelf: ModelShelf, encoder: Encoder, *, chosen: str | None = None) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._chosen = chosen
        self._lock = threading.Lock()
        self._serving: Serving | None = None
        self._refused: str | None = None

    def current(self) -> MaybeServing:
        """The model to answer with; None where none has been promoted.

        Raises
        ------
        ShelfError, EncoderMismatchError
            The model cannot serve and none is loaded that could stand in for it.
        """
        if self._chosen is not None and self._serving is not None:
            return self._serving
        wanted = self._chosen or self._shelf.champion
        if wanted is None:
            return None
        if self._serving is None or wanted not in {
            self._serving.manifest.version,
            self._chosen,
            self._refused,
        }:
            with self._lock:
                self._take_up(wanted)
        return self._serving

    def _take_up(self, wanted: str) -> None:
        if self._serving is not None and self._serving.manifest.version == wanted:
            return  # another thread was quicker
        try:
            manifest, model = self._shelf.load(wanted)
            self._serving = Serving(manifest, model.bind(self._encoder))
            self._refused = None
            log.info("model loaded version=%s", manifest.version)
        except (ShelfError, EncoderMismatchError) as error:
            if self._serving is None:
                raise
            self._refused = wanted
            log.error(  # noqa: TRY400 - the message says it all
                "new champion refused version=%s error=%s serving=%s",
                wanted,
                type(error).__name__,
                self._serving.manifest.version,
            )
