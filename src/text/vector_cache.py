"""Vectors kept by content hash and encoder name, so that nothing is encoded twice."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

_CHUNK: Final = 500  # below SQLite's limit of variables in one statement
_BUSY_SECONDS: Final = 30.0


class VectorCacheError(RuntimeError):
    """The file that keeps vectors cannot be used."""

    def __init__(self, path: Path, fault: object) -> None:
        super().__init__(f"vector cache {path} cannot be used ({fault}); delete it, it is made anew from the texts")
        self.path = path


class VectorCache:
    """A SQLite file of vectors; safe to share between threads and processes. It holds hashes, never words."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @staticmethod
    def key(encoder: str, role: str, text: str) -> str:
        """The content hash under which a text's vector is kept."""
        return hashlib.sha256(f"{encoder}\0{role}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()

    def read(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The known vectors among ``keys``."""
        found: dict[str, NDArray[np.float32]] = {}
        with self._open() as connection:
            for start in range(0, len(keys), _CHUNK):
                chunk = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chunk)  # noqa: S608 - only marks
                found.update((key, np.frombuffer(blob, np.float32)) for key, blob in rows)
        return found

    def write(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep ``vectors`` by key."""
        rows = [(key, np.ascontiguousarray(vector, np.float32).tobytes()) for key, vector in vectors.items()]
        with self._open() as connection, connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def clear(self) -> int:
        """Let go of all vectors, also on the disk; how many there were."""
        if not self.path.exists():
            return 0
        with self._open() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with connection:
                n_vectors = connection.execute("DELETE FROM vectors").rowcount
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return n_vectors

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as connection:
                self._let_readers_pass(connection)
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID"
                )
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise VectorCacheError(self.path, error) from error

    def _let_readers_pass(self, connection: sqlite3.Connection) -> None:
        """Switch a new file to write-ahead logging; two that switch at once would not wait for each other."""
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            with FileLock(self.path.with_name(self.path.name + ".lock")):
                connection.execute("PRAGMA journal_mode=WAL")
