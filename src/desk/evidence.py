"""Solved tickets beside an answer, less those that have been forgotten since the model learned from them."""

import threading
from collections.abc import Sequence
from pathlib import Path

from classifier import Forgotten, forgotten, forgotten_stamp
from desk.answers import EvidenceAnswer
from desk.privacy import Privacy
from desk.traces import ticket_trace


class Evidence:
    """What of a model's memory may still be shown; a mark made by another process is seen at the next answer."""

    def __init__(self, shelf: Path, privacy: Privacy) -> None:
        self._shelf, self._privacy = shelf, privacy
        self._lock = threading.Lock()
        self._known: tuple[str, int, Forgotten] = ("", 0, Forgotten.nothing())

    def shown(self, version: str, evidence: Sequence[EvidenceAnswer]) -> list[EvidenceAnswer]:
        """Those of a model's solved tickets that have not been forgotten."""
        gone = self._forgotten(version).tickets
        if not gone:
            return list(evidence)
        return [one for one in evidence if ticket_trace(self._privacy.mask, one.id) not in gone]

    def _forgotten(self, version: str) -> Forgotten:
        folder = self._shelf / version
        stamp = forgotten_stamp(folder)
        with self._lock:
            if self._known[:2] != (version, stamp):
                self._known = (version, stamp, forgotten(folder))
            return self._known[2]
