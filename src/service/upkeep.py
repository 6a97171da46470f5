"""What a running service does for its knowledge base by itself, beside the requests."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from desk import USER_ERRORS, Desk

_log = logging.getLogger(__name__)


class Upkeep:
    """A thread that catches up with the journal once, and looks after the index again and again."""

    def __init__(self, desk: Desk, *, seconds: float) -> None:
        self._desk, self._seconds = desk, seconds
        self._ended = Event()
        self._thread = Thread(target=self._run, name="stellwerk-upkeep", daemon=True)
        self._caught_up = False

    def start(self) -> None:
        """Begin beside what else is going on."""
        self._thread.start()

    def stop(self, *, patience_seconds: float) -> None:
        """Begin nothing more, and wait so long for what was begun."""
        self._ended.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        while not self._ended.is_set():
            if not self._caught_up:
                self._caught_up = _done(self._desk.documents.catch_up)
            _done(self._desk.forgettery.resume)
            _done(self._desk.documents.maintain)
            _done(self._desk.keeping.enforce_daily)
            self._ended.wait(self._seconds)


def _done(act: Callable[[], object]) -> bool:
    """Whether it could be done; why not is told."""
    try:
        act()
    except USER_ERRORS as error:
        _log.warning("upkeep failed, will be tried again error=%s", type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the door: the next round is tried, whatever it was
        _log.error("upkeep failed, unexpected error=%s", type(error).__name__)
    else:
        return True
    return False
