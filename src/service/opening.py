"""The desk behind the door: opened at the start, warmed beside the first requests."""

import logging
from collections.abc import Callable
from threading import Lock, Thread
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from desk import USER_ERRORS, Desk, Settings
from service.metrics import Metrics
from steps import carried

_log = logging.getLogger(__name__)
_LOADING = "the encoder, the model and the knowledge base are still being loaded; ask again in a moment"
_ENDING = "the service is being stopped; ask another one"
_UNEXPECTED = "something unexpected went wrong while loading; the log says more"

OpenDesk: TypeAlias = Callable[[Settings], Desk]


class Warming:
    """Whether a desk's parts are loaded, and why not; the first loading runs in a thread of its own."""

    def __init__(self, desk: Desk, *, ends: Callable[[], bool] = lambda: False) -> None:
        self._desk = desk
        self._ends = ends
        self._lock = Lock()
        self._was_warm = False

    def start(self) -> Thread:
        """Load everything beside what else is going on."""
        thread = Thread(target=carried(self.fault), name="stellwerk-warming", daemon=True)
        thread.start()
        return thread

    def fault(self) -> str | None:
        """Why not every part can be used right now, or ``None``; what failed before is tried again."""
        if self._ends():
            return _ENDING
        if self._was_warm:
            return self._tried()
        if not self._lock.acquire(blocking=False):
            return _LOADING
        try:
            return self._tried()
        finally:
            self._lock.release()

    def _tried(self) -> str | None:
        try:
            self._desk.warm()
        except USER_ERRORS as error:
            _log.warning("not ready error=%s", type(error).__name__)
            return str(error)
        except Exception as error:  # noqa: BLE001 - the door: a probe is answered, whatever it was
            _log.error("not ready, unexpected error=%s", type(error).__name__)
            return _UNEXPECTED
        self._was_warm = True
        return None


async def _desk(request: Request) -> Desk:
    desk: Desk = request.state.desk
    return desk


async def _warming(request: Request) -> Warming:
    warming: Warming = request.state.warming
    return warming


async def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.state.metrics
    return metrics


OpenedDesk: TypeAlias = Annotated[Desk, Depends(_desk)]
WarmingDesk: TypeAlias = Annotated[Warming, Depends(_warming)]
Counted: TypeAlias = Annotated[Metrics, Depends(_metrics)]
