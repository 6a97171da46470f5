"""A folder as the place of a knowledge base: atomic renames, one lock file, every commit flushed to disk."""

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from knowledge.durability import flush, heal
from knowledge.engine import KnowledgeError
from knowledge.place import BusyKnowledgeError

_POLL_SECONDS = 0.02


class FolderPlace:
    """One folder; writers in all processes of this machine share its lock, which ends with its holder."""

    options: Mapping[str, str] = {}

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.path)

    def below(self, name: str) -> "FolderPlace":
        """The folder of this name in here."""
        return FolderPlace(self.path / name)

    def read(self, name: str, *, max_age_seconds: float = 0.0) -> bytes | None:  # noqa: ARG002 - reading is cheap here
        """The content of a file; None where there is none."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def swap(self, name: str, *, old: bytes | None, new: bytes) -> None:
        """Replace a file's content by one atomic rename that is on disk when this returns; call with the lock held."""
        if self.read(name) != old:
            raise BusyKnowledgeError(self, 0)
        draft = self.path / f"{name}.{uuid.uuid4().hex}"
        with draft.open("wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def aside(self, name: str) -> "FolderPlace":
        """The folder of this name in here; the lock is its writer's own affair."""
        return self.below(name)

    def folders(self, prefix: str) -> list[str]:
        """The names in here that begin so."""
        return sorted(one.name for one in self.path.glob(f"{prefix}*"))

    def discard(self, name: str) -> None:
        """Delete a folder in here, where there is one."""
        shutil.rmtree(self.path / name, ignore_errors=True)

    @contextmanager
    def writing(self, *, patience_seconds: float = 60.0, role: str = "writer") -> Iterator[None]:
        """Hold the one writer's lock, or that of another role; the folder is made where it is missing.

        Raises
        ------
        BusyKnowledgeError
            Another one did not finish within ``patience_seconds``.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / f"{role}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise KnowledgeError(
                f"cannot write to {self.path} ({error.strerror}); choose a folder that can be written to"
            ) from error
        try:
            give_up = time.monotonic() + patience_seconds
            while not _try_lock(lock):
                if time.monotonic() >= give_up:
                    raise BusyKnowledgeError(self, patience_seconds)
                time.sleep(_POLL_SECONDS)
            yield
        finally:
            os.close(lock)

    def settle(self) -> None:
        """Flush the folder's file system, which LanceDB never does."""
        flush(self.path)

    def heal(self, table: str) -> None:
        """Move away a table's newest commits that a power cut left torn."""
        heal(self.path / table)


def _try_lock(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
