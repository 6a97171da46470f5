"""What lets a running service follow its models: threads that look again and again, beside the requests."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from desk import Desk
from steps import carried

_SHELF_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Watch:
    """A thread that looks at one thing again and again; what goes wrong is told once, and tried again."""

    def __init__(self, look: Callable[[], object], *, what: str, seconds: float) -> None:
        self._look, self._what, self._seconds = look, what, seconds
        self._ended = Event()
        self._thread = Thread(target=carried(self._run), name=f"stellwerk-watch-{what}", daemon=True)
        self._told: str | None = None

    def start(self) -> None:
        """Begin beside what else is going on."""
        self._thread.start()

    def stop(self, *, patience_seconds: float) -> None:
        """Begin nothing more, and wait so long for what was begun."""
        self._ended.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - the door: the next look is taken, whatever it was
                self._tell(type(error).__name__)
            else:
                self._told = None

    def _tell(self, fault: str) -> None:
        if fault != self._told:
            _log.error("cannot follow what=%s error=%s", self._what, fault)
            self._told = fault


def watches(desk: Desk) -> list[Watch]:
    """Of the shelf, so that a champion promoted anywhere serves within a second or two; of MLflow where that is set."""
    settings = desk.settings
    found = [Watch(desk.follow, what="shelf", seconds=_SHELF_SECONDS)]
    if settings.follow_mlflow_seconds and settings.tracking:
        found.append(Watch(desk.follow_mlflow, what="mlflow", seconds=settings.follow_mlflow_seconds))
    return found
