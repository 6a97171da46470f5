"""Solved tickets beside an answer, less those that have been forgotten since the model learned from them."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from classifier import Forgotten, forgotten, forgotten_stamp
from desk.answers import ClassificationAnswer, EvidenceAnswer
from desk.privacy import Privacy
from desk.traces import ticket_trace

Resolutions: TypeAlias = Callable[[Collection[str]], Mapping[str, str]]


class Evidence:
    """What of a model's memory may still be shown; a mark made by another process is seen at the next answer.

    ``resolutions`` tells how solved tickets were closed; without it, nothing is said about that.
    """

    def __init__(self, shelf: Path, privacy: Privacy, resolutions: Resolutions | None = None) -> None:
        self._shelf, self._privacy, self._resolutions = shelf, privacy, resolutions
        self._lock = threading.Lock()
        self._known: tuple[str, int, Forgotten] = ("", 0, Forgotten.nothing())

    def shown(self, version: str, evidence: Sequence[EvidenceAnswer]) -> list[EvidenceAnswer]:
        """Those of a model's solved tickets that have not been forgotten."""
        gone = self._forgotten(version).tickets
        if not gone:
            return list(evidence)
        return [one for one in evidence if ticket_trace(self._privacy.mask, one.id) not in gone]

    def with_resolutions(self, answers: Sequence[ClassificationAnswer]) -> list[ClassificationAnswer]:
        """The answers, whose solved tickets tell how they were closed."""
        ids = {one.id for answer in answers for one in answer.evidence}
        known = self._resolutions(ids) if self._resolutions is not None else {}
        return [
            answer.model_copy(
                update={
                    "evidence": [one.model_copy(update={"resolution": known.get(one.id)}) for one in answer.evidence]
                }
            )
            for answer in answers
        ]

    def _forgotten(self, version: str) -> Forgotten:
        folder = self._shelf / version
        stamp = forgotten_stamp(folder)
        with self._lock:
            if self._known[:2] != (version, stamp):
                self._known = (version, stamp, forgotten(folder))
            return self._known[2]
