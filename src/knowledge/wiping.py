"""A base written anew from its own rows, beside the one that serves, so that nothing removed stays on the disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.engine import KnowledgeError, SearchEngine
from knowledge.generation import Generation, discard, discard_all_but, fresh_folder, point_to, read_generation, writing
from knowledge.lance import LanceEngine
from knowledge.removal import take_up, wiped
from knowledge.snapshot import discard_leftovers

_ROWS, _DOCUMENTS = 1_000, 500  # copied at a time
_LOCK = "wiping.lock"


def wipe(path: Path, engine: Callable[[], SearchEngine]) -> bool:
    """Write the base anew and swap; whether it was done, and not overtaken by a rebuild.

    The copy is made while others read and write. Only then writers wait, for what changed meanwhile to be
    carried over.

    Raises
    ------
    BusyKnowledgeError
        Another process is at it, or a writer does not let go.
    """
    with writing(path, lock=_LOCK, patience_seconds=0):
        discard_leftovers(path)
        with writing(path):
            before, serving = read_generation(path), engine()
            take_up(path)
        after = Generation(folder=fresh_folder(), encoder=before.encoder, dimension=before.dimension)
        try:
            done = _copied(path, serving, before, after)
        except KnowledgeError:
            if read_generation(path) == before:
                raise
            done = False  # a rebuild cleared the half-made copy away
        finally:
            if read_generation(path) != after:
                discard(path, after.folder)
        return done


def _copied(path: Path, serving: SearchEngine, before: Generation, after: Generation) -> bool:
    copy = LanceEngine.create(path / after.folder, dimension=after.dimension)
    for rows in serving.scan(size=_ROWS):
        copy.append(rows)
    copy.maintain()
    with writing(path):
        if read_generation(path) != before:
            return False
        serving.refresh()
        _carry_over(serving, copy)
        point_to(path, after)
        discard_all_but(path, after.folder)
        wiped(path)
    return True


def _carry_over(serving: SearchEngine, copy: SearchEngine) -> None:
    """Bring into the copy what was written to the base while it was made."""
    changed = serving.inventory().items() ^ copy.inventory().items()
    for some in _batches(sorted({document for (_, document), _ in changed})):
        copy.delete(some)
        copy.append(serving.rows_of(some))


def _batches(documents: list[str]) -> Iterator[list[str]]:
    return (documents[start : start + _DOCUMENTS] for start in range(0, len(documents), _DOCUMENTS))
