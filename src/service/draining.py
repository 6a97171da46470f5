"""An orderly end: first no longer ready, then no new connections, then what is in work is finished."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final, TypeAlias

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_Handling: TypeAlias = Callable[[int, FrameType | None], object]
_log = logging.getLogger(__name__)


class Draining:
    """Puts a pause between the signal that ends a server and its end, in which it is not ready but answers."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._before: dict[int, _Handling] = {}
        self.begun = False

    def listen(self) -> None:
        """Take the signals, and pass them to the server after the pause; a second one is passed on at once."""
        if threading.current_thread() is not threading.main_thread():
            return  # a server within a program, which ends it in its own way
        self._loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            if callable(before := signal.getsignal(number)):
                self._before[number] = before
                signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        hurried, self.begun = self.begun, True
        before = self._before[number]
        if hurried or not self._seconds:
            before(number, frame)
            return
        _log.info("draining seconds=%s", self._seconds)
        self._loop.call_soon_threadsafe(self._loop.call_later, self._seconds, before, number, None)
