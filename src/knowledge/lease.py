"""The one writer's role on an object store: a lease that its holder renews and that expires when it does not.

No clock is compared with another machine's. Whoever waits takes over when the lease object has not changed for as long
as it says, measured by the waiting one's own clock; every change is a conditional put, so only one can win.

References
----------
Gray and Cheriton (1989), "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency".
"""

import json
import logging
import random
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from knowledge.engine import KnowledgeError

_log = logging.getLogger(__name__)

LIFETIME_SECONDS = 15.0
"""How long a lease is respected after its holder was last heard of."""

_POLL_SECONDS = 0.1

Read = Callable[[], tuple[bytes | None, str | None]]
Put = Callable[[bytes, str | None], str | None]


class LostLeaseError(KnowledgeError):
    """Writing was given up: this process was silent for so long that another one may have taken over writing."""

    def __init__(self) -> None:
        super().__init__(
            "this process is no longer the one that may write to the knowledge base, for the object store did not hear "
            "of it in time; what it wrote last may not be there: run it again"
        )


class Lease:
    """One attempt to be the writer; renewed in a thread of its own from `acquire` to `release`.

    Parameters
    ----------
    read : callable
        The lease object's content and tag, both None where there is none.
    put : callable
        Replaces the object that still has this tag (None: that is missing), and gives its new one or None.
    """

    def __init__(self, *, place: object, read: Read, put: Put, lifetime_seconds: float = LIFETIME_SECONDS) -> None:
        self._place, self._read, self._put = place, read, put
        self._lifetime = lifetime_seconds
        self._holder = uuid.uuid4().hex
        self._tag: str | None = None
        self._renewed = -float("inf")
        self._ended = threading.Event()
        self._renewing: threading.Thread | None = None

    @property
    def is_held(self) -> bool:
        """Whether nobody can have taken over yet."""
        return time.monotonic() - self._renewed < self._lifetime

    def acquire(self, *, patience_seconds: float) -> bool:
        """Whether the lease became this process's; an expired one is taken over."""
        give_up = time.monotonic() + patience_seconds
        seen, since = None, time.monotonic()
        while True:
            asked = time.monotonic()
            content, tag = self._read()
            if tag != seen:
                seen, since = tag, asked
            if self._is_free(content, asked - since) and self._write(tag, held=True):
                self._renewing = threading.Thread(target=self._renew, name="knowledge-lease", daemon=True)
                self._renewing.start()
                return True
            if time.monotonic() >= give_up:
                return False
            time.sleep(_POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - so that waiting ones part

    def release(self) -> None:
        """Let the next one write at once."""
        self._ended.set()
        if self._renewing is not None:
            self._renewing.join()
        try:
            if self.is_held:
                self._write(self._tag, held=False)
        except KnowledgeError as error:  # it expires by itself
            _log.warning("the writer's lease was not released", extra={"error": type(error).__name__})
        self._renewed = -float("inf")

    def _is_free(self, content: bytes | None, unchanged_seconds: float) -> bool:
        """Whether no one holds the lease, or its holder has been silent for its lifetime."""
        if content is None:
            return True
        try:
            facts = json.loads(content)
            held, lifetime = bool(facts["held"]), float(facts["lifetime_seconds"])
        except (ValueError, KeyError, TypeError):
            held, lifetime = True, self._lifetime
        if held and unchanged_seconds >= lifetime:
            _log.warning("took over from a writer that fell silent", extra={"place": str(self._place)})
            return True
        return not held

    def _write(self, tag: str | None, *, held: bool) -> bool:
        """Put the lease, its content never the same twice, so that its tag tells every change."""
        asked = time.monotonic()
        facts: dict[str, Any] = {"holder": self._holder, "held": held, "lifetime_seconds": self._lifetime}
        content = json.dumps(facts | {"nonce": uuid.uuid4().hex}).encode()
        if (put := self._put(content, tag)) is None:
            return False
        self._tag, self._renewed = put, asked
        return True

    def _renew(self) -> None:
        while not self._ended.wait(self._lifetime / 4):
            try:
                if not self._write(self._tag, held=True):
                    self._renewed = -float("inf")
                    return
            except KnowledgeError as error:  # the store may answer again before the lease expires
                _log.warning("the writer's lease was not renewed", extra={"error": type(error).__name__})
                if not self.is_held:
                    return
