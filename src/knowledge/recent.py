"""What is told by a whole base, and need not be told anew for every search."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from knowledge.engine import SearchEngine

_T = TypeVar("_T")
_REFRESH_SECONDS = 60.0


@dataclass(slots=True)
class Recent(Generic[_T]):
    """What ``read`` tells of an engine: read anew once a minute, of another engine at once, and when told to."""

    read: Callable[[SearchEngine], _T]
    _known: tuple[SearchEngine, _T] | None = None
    _read_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, engine: SearchEngine) -> _T:
        """What it told at most a minute ago."""
        with self._lock:
            due = time.monotonic() - self._read_at > _REFRESH_SECONDS
            if self._known is None or self._known[0] is not engine or due:
                self._known, self._read_at = (engine, self.read(engine)), time.monotonic()
            return self._known[1]

    def forget(self) -> None:
        """Read anew at the next question."""
        with self._lock:
            self._known = None
