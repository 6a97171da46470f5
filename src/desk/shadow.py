"""Shadow mode: a challenger scores the same tickets beside the champion, and never answers."""

import json
import logging
import os
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from classifier import Classification, EncoderMismatchError, ShelfError
from desk.answers import ClassificationAnswer, ShadowAnswer
from desk.champion import Champion, MaybeServing
from desk.comparison import compared
from desk.errors import DeskError
from desk.rehearsal import RehearsalError
from journal import Journal, ShadowRecord
from tickets import Ticket

_POINTER: Final = "shadow.json"
_MOST_WAITING: Final = 64
_PATIENCE_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class ShadowPointerError(DeskError):
    """Which model is the challenger cannot be told or changed."""

    def __init__(self, pointer: Path, fault: str) -> None:
        super().__init__(f"{pointer} {fault}; delete it, free space if the disk is full, and name the challenger again")


class Shadow:
    """The challenger that the shelf names, scored in a thread of its own behind a bounded queue.

    What comes while the queue is full is dropped and counted. Safe to share between threads; other processes learn
    of a challenger from the shelf.
    """

    def __init__(self, models: Path, journal: Callable[[], Journal], champion: Callable[[], Champion]) -> None:
        self._pointer = models / _POINTER
        self._journal, self._champion = journal, champion
        self._lock = threading.Lock()
        self._named: tuple[str, datetime] | None = None
        self._fault: str | None = None
        self._serving: MaybeServing = None
        self._waiting: queue.Queue[tuple[list[Ticket], list[str]] | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self.n_dropped = 0
        """Tickets this process did not score, because it was behind."""

    def begin(self, version: str) -> None:
        """Let a version be the challenger from now on; raises what says that it cannot serve."""
        prepared = self._champion().prepared(version)
        self._write({"version": version, "since": datetime.now(UTC).isoformat()})
        self.follow(prepared)

    def end(self) -> None:
        """Let nobody be the challenger; what was compared stays in the journal."""
        try:
            self._pointer.unlink(missing_ok=True)
        except OSError as error:
            raise ShadowPointerError(self._pointer, f"cannot be deleted ({error.strerror})") from error
        self.follow()

    def follow(self, prepared: MaybeServing = None) -> None:
        """Take up the challenger that the shelf names, where it is another one; it may be `prepared` already."""
        with self._lock:
            named = self._read()
            if named == self._named:
                return
            self._named, self._serving, self._fault = named, None, None
            if named is None:
                return
            try:
                ready = prepared if prepared and prepared.manifest.version == named[0] else None
                self._serving = ready or self._champion().prepared(named[0])
            except (ShelfError, EncoderMismatchError, RehearsalError, OSError) as error:
                self._fault = str(error)
                _log.error("challenger refused version=%s error=%s", named[0], type(error).__name__)
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="stellwerk-shadow", daemon=True)
                self._thread.start()
            _log.info("challenger loaded version=%s", named[0])

    def observe(self, tickets: Sequence[Ticket], answers: Sequence[ClassificationAnswer]) -> None:
        """Let the challenger score what was just decided; returns at once."""
        serving = self._serving
        if serving is None or any(one.model and one.model.version == serving.manifest.version for one in answers):
            return  # none, or it was promoted meanwhile and answers itself
        try:
            self._waiting.put_nowait((list(tickets), [answer.id for answer in answers]))
        except queue.Full:
            self.n_dropped += len(tickets)

    def told(self) -> ShadowAnswer | None:
        """How the challenger does; None where there is none."""
        if (named := self._read()) is None:
            return None
        version, since = named
        shadows = self._journal().shadows
        n_decided = shadows.n_decided(version, since=since)
        fault = self._fault if named == self._named else None
        return compared(version, since, shadows.compared(version, since=since), n_decided=n_decided, fault=fault)

    def close(self) -> None:
        """End the thread; what still waits is not scored."""
        with self._lock:
            self._serving = None
        if self._thread is not None:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put(None)
            self._thread.join(_PATIENCE_SECONDS)

    def _run(self) -> None:
        while (observed := self._waiting.get()) is not None:
            tickets, ids = observed
            if (serving := self._serving) is None:
                continue
            try:
                self._score(serving.manifest.version, serving.classifier.classify(tickets), ids)
            except Exception as error:  # noqa: BLE001 - a challenger may fail in any way; nobody waits for it
                self.n_dropped += len(tickets)
                _log.warning("challenger failed error=%s n_dropped=%d", type(error).__name__, self.n_dropped)

    def _score(self, version: str, found: Sequence[Classification], ids: Sequence[str]) -> None:
        records = [
            ShadowRecord(classification_id=id_, model=version, action=one.decision.action, labels=one.decision.labels)
            for id_, one in zip(ids, found, strict=True)
        ]
        self._journal().shadows.record(records)

    def _read(self) -> tuple[str, datetime] | None:
        try:
            told = json.loads(self._pointer.read_text("utf-8"))
            return str(told["version"]), datetime.fromisoformat(told["since"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ShadowPointerError(self._pointer, "cannot be read") from error

    def _write(self, told: dict[str, str]) -> None:
        staged = self._pointer.with_name(f".{_POINTER}-{os.getpid()}")
        try:
            staged.write_text(json.dumps(told), "utf-8")
            staged.replace(self._pointer)
        except OSError as error:
            staged.unlink(missing_ok=True)
            raise ShadowPointerError(self._pointer, f"cannot be written ({error.strerror})") from error
