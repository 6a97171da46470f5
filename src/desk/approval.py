"""What people said of documents, as the journal keeps it, at hand for every search."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from journal import Journal, JournalError

_REFRESH_SECONDS: Final = 30.0
log = logging.getLogger(__name__)


class Approval:
    """The balance of votes by document, read from the journal at most twice a minute."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._known: Mapping[str, int] = {}
        self._read_at: float | None = None

    def now(self) -> Mapping[str, int]:
        """By document id, how many more people confirmed it than rejected it.

        A search is answered also while the journal cannot be read: then by what was known before, and the log
        says so.
        """
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > _REFRESH_SECONDS:
                self._read_at = time.monotonic()
                try:
                    self._known = self._journal().approval()
                except JournalError as error:
                    log.warning("votes not read error=%s n_known=%d", type(error).__name__, len(self._known))
            return self._known

    def forget(self) -> None:
        """Read anew at the next search, for somebody has just said something."""
        with self._lock:
            self._read_at = None
