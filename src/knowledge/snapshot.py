"""The files of a knowledge base as they are at one moment, and a base put in place from such files.

LanceDB never changes a file once it is written, so links to all of them are a copy, made in a moment.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from knowledge.durability import flush
from knowledge.engine import DamagedKnowledgeError
from knowledge.generation import (
    BusyKnowledgeError,
    NoKnowledgeError,
    discard_all_but,
    fresh_folder,
    point_to,
    read_generation,
    writing,
)
from knowledge.removal import mark_removal

_LOCK, _PREFIX = "snapshot.lock", "snapshot-"


@contextmanager
def snapshot(path: Path, *, meanwhile: Callable[[], None]) -> Iterator[Path | None]:
    """A folder with the base's files, gone afterwards; None where there is no base.

    ``meanwhile`` is called in the same moment: until it returns nobody writes.

    Raises
    ------
    BusyKnowledgeError, DamagedKnowledgeError
        Another snapshot is being used or a writer does not let go; the base cannot be read.
    """
    if not path.is_dir():
        meanwhile()
        yield None
        return
    with writing(path, lock=_LOCK, patience_seconds=0):
        _discard_leftovers(path)
        folder = path / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        try:
            with writing(path):
                found = _linked(path, folder)
                meanwhile()
            yield folder if found else None
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def discard_leftovers(path: Path) -> None:
    """Delete what snapshots that never ended left behind; nothing while one is being used."""
    with suppress(BusyKnowledgeError), writing(path, lock=_LOCK, patience_seconds=0):
        _discard_leftovers(path)


def put_in_place(path: Path, folder: Path) -> None:
    """Let the base whose files lie in ``folder``, on the same file system, serve in ``path`` from now on; atomic.

    The files are moved. What served before is deleted, and readers follow with their next search.

    Raises
    ------
    BusyKnowledgeError, DamagedKnowledgeError
        A writer does not let go; or the files are no knowledge base.
    """
    generation = read_generation(folder)
    served = replace(generation, folder=fresh_folder())
    with writing(path):
        try:
            (folder / generation.folder).rename(path / served.folder)
        except FileNotFoundError as error:
            raise DamagedKnowledgeError(folder, f"{generation.folder} is missing") from error
        mark_removal(path)  # the files may hold what was removed, but not wiped yet
        flush(path)
        point_to(path, served)
        discard_all_but(path, served.folder)


def _linked(path: Path, folder: Path) -> bool:
    folder.mkdir()
    try:
        generation = read_generation(path)
    except NoKnowledgeError:
        return False
    shutil.copytree(path / generation.folder, folder / generation.folder, copy_function=_link)
    point_to(folder, generation)
    return True


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copy2(source, target)


def _discard_leftovers(path: Path) -> None:
    for leftover in path.glob(f"{_PREFIX}*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
