"""The folders of a knowledge base: one serves, the next is built beside it, and a pointer file says which.

The pointer is replaced by one atomic rename, so a reader sees the old base or the new one, whole. Writers, in
this process or another, wait for one lock.
"""

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.engine import DamagedKnowledgeError, KnowledgeError

_POINTER, _LOCK, _PREFIX = "knowledge.json", "writer.lock", "rows-"
_FORMAT = 2
_POLL_SECONDS = 0.02


class NoKnowledgeError(KnowledgeError):
    """There is no knowledge base at this place yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no knowledge base in {path}; run `stellwerk index SOURCE...`")
        self.path = path


class BusyKnowledgeError(KnowledgeError):
    """Another writer holds the knowledge base."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(
            f"another process has been writing to the knowledge base in {path} for {seconds:g} seconds; "
            "try again when it is done"
        )
        self.path = path


@dataclass(frozen=True, slots=True)
class Generation:
    """One building of a knowledge base: its folder's name, and the encoder its vectors come from."""

    folder: str
    encoder: str
    dimension: int


def read_generation(path: Path) -> Generation:
    """The generation that serves in ``path``.

    Raises
    ------
    NoKnowledgeError
        Nothing has been indexed there.
    DamagedKnowledgeError
        The pointer file cannot be understood.
    """
    try:
        facts = json.loads((path / _POINTER).read_text("utf-8"))
        if facts.pop("format") != _FORMAT:
            raise DamagedKnowledgeError(path, f"{_POINTER} was written by another version")
        return Generation(folder=str(facts["folder"]), encoder=str(facts["encoder"]), dimension=int(facts["dimension"]))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoKnowledgeError(path) from error
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise DamagedKnowledgeError(path, f"{_POINTER} cannot be understood") from error


def point_to(path: Path, generation: Generation) -> None:
    """Let ``generation`` serve from now on; atomic, and on disk when this returns."""
    draft = path / f"{_POINTER}.{uuid.uuid4().hex}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": _FORMAT, **asdict(generation)}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / _POINTER)
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def fresh_folder() -> str:
    """A name no generation has had."""
    return f"{_PREFIX}{uuid.uuid4().hex[:12]}"


def discard(path: Path, folder: str) -> None:
    """Delete one generation that does not serve; call with the lock held."""
    shutil.rmtree(path / folder, ignore_errors=True)


def discard_all_but(path: Path, folder: str) -> None:
    """Delete what earlier or broken-off buildings left behind; call with the lock held."""
    for other in path.glob(f"{_PREFIX}*"):
        if other.name != folder:
            discard(path, other.name)


@contextmanager
def writing(path: Path, *, patience_seconds: float = 60.0) -> Iterator[None]:
    """Hold the one writer's lock of ``path``, which is made where it is missing.

    Raises
    ------
    BusyKnowledgeError
        Another writer did not finish within ``patience_seconds``.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise KnowledgeError(
            f"cannot write to {path} ({error.strerror}); choose a folder that can be written to"
        ) from error
    try:
        give_up = time.monotonic() + patience_seconds
        while not _try_lock(lock):
            if time.monotonic() >= give_up:
                raise BusyKnowledgeError(path, patience_seconds)
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
