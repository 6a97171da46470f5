"""What lets a running service follow its models: a thread that looks at the shelf, beside the requests."""

import logging
from threading import Event, Thread
from typing import Final

from desk import Desk

_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class ModelWatch:
    """A thread that lets the desk take up a champion that anybody promoted, within a second or two."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ended = Event()
        self._thread = Thread(target=self._run, name="stellwerk-model-watch", daemon=True)
        self._told: str | None = None

    def start(self) -> None:
        """Begin beside what else is going on."""
        self._thread.start()

    def stop(self, *, patience_seconds: float) -> None:
        """Begin nothing more, and wait so long for what was begun."""
        self._ended.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        while not self._ended.wait(_SECONDS):
            try:
                self._desk.follow()
            except Exception as error:  # noqa: BLE001 - the door: the next look is taken, whatever it was
                self._tell(type(error).__name__)
            else:
                self._told = None

    def _tell(self, fault: str) -> None:
        if fault != self._told:
            _log.error("no model can be taken up error=%s", fault)
            self._told = fault
