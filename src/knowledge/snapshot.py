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

from knowledge.engine import DamagedKnowledgeError, KnowledgeError
from knowledge.folder_place import FolderPlace
from knowledge.generation import (
    NoKnowledgeError,
    discard_all_but,
    fresh_folder,
    point_to,
    pointer_of,
    read_generation,
)
from knowledge.place import Address, BusyKnowledgeError, Place, place_of
from knowledge.removal import mark_removal

_ROLE, _PREFIX = "snapshot", "snapshot-"


class NoFolderError(KnowledgeError):
    """A knowledge base lies in an object store, whose files are no affair of this machine."""

    def __init__(self, place: object) -> None:
        super().__init__(
            f"the knowledge base in {place} cannot be copied from here; back up the bucket by its own means; "
            "for journal and models alone let STELLWERK_KNOWLEDGE name a folder that is not there"
        )


@contextmanager
def snapshot(address: Address, *, meanwhile: Callable[[], None]) -> Iterator[Path | None]:
    """A folder with the base's files, gone afterwards; None where there is no base.

    ``meanwhile`` is called in the same moment: until it returns nobody writes.

    Raises
    ------
    BusyKnowledgeError, DamagedKnowledgeError, NoFolderError
        Another snapshot is being used or a writer does not let go; the base cannot be read.
    """
    place = folder_of(address)
    path = place.path
    if not path.is_dir():
        meanwhile()
        yield None
        return
    with place.writing(role=_ROLE, patience_seconds=0):
        _discard_leftovers(path)
        folder = path / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        try:
            with place.writing():
                found = _linked(place, folder)
                meanwhile()
            yield folder if found else None
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def discard_leftovers(place: Place) -> None:
    """Delete what snapshots that never ended left behind; nothing while one is being used."""
    if isinstance(place, FolderPlace):
        with suppress(BusyKnowledgeError), place.writing(role=_ROLE, patience_seconds=0):
            _discard_leftovers(place.path)


def put_in_place(address: Address, folder: Path) -> None:
    """Let the base whose files lie in ``folder``, on the same file system, serve at ``address`` from now on; atomic.

    The files are moved. What served before is deleted, and readers follow with their next search.

    Raises
    ------
    BusyKnowledgeError, DamagedKnowledgeError
        A writer does not let go; or the files are no knowledge base.
    """
    place = folder_of(address)
    generation = read_generation(FolderPlace(folder))
    served = replace(generation, folder=fresh_folder())
    with place.writing():
        try:
            (folder / generation.folder).rename(place.path / served.folder)
        except FileNotFoundError as error:
            raise DamagedKnowledgeError(folder, f"{generation.folder} is missing") from error
        mark_removal(place)  # the files may hold what was removed, but not wiped yet
        place.settle()
        point_to(place, served, before=pointer_of(place))
        discard_all_but(place, served.folder)


def folder_of(address: Address) -> FolderPlace:
    """The folder at ``address``; raises NoFolderError where it names none."""
    place = place_of(address)
    if not isinstance(place, FolderPlace):
        raise NoFolderError(place)
    return place


def _linked(place: FolderPlace, folder: Path) -> bool:
    folder.mkdir()
    try:
        generation = read_generation(place)
    except NoKnowledgeError:
        return False
    shutil.copytree(place.path / generation.folder, folder / generation.folder, copy_function=_link)
    point_to(FolderPlace(folder), generation, before=None)
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
