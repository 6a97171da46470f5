"""A base written anew from its own rows, beside the one that serves, so that nothing removed stays on the disk."""

from collections.abc import Callable, Iterator

from knowledge.engine import KnowledgeError, SearchEngine
from knowledge.generation import Generation, discard_all_but, fresh_folder, point_to, pointer_of, read_generation
from knowledge.lance import LanceEngine
from knowledge.place import Place
from knowledge.removal import take_up, wiped
from knowledge.snapshot import discard_leftovers

_ROWS, _DOCUMENTS = 1_000, 500  # copied at a time
_ROLE = "wiping"


def wipe(place: Place, engine: Callable[[], SearchEngine]) -> bool:
    """Write the base anew and swap; whether it was done, and not overtaken by a rebuild.

    The copy is made while others read and write. Only then writers wait, for what changed meanwhile to be
    carried over.

    Raises
    ------
    BusyKnowledgeError
        Another process is at it, or a writer does not let go.
    """
    with place.writing(role=_ROLE, patience_seconds=0):
        discard_leftovers(place)
        with place.writing():
            before, serving = read_generation(place), engine()
            take_up(place)
        after = Generation(folder=fresh_folder(), encoder=before.encoder, dimension=before.dimension)
        try:
            done = _copied(place, serving, before, after)
        except KnowledgeError:
            if read_generation(place) == before:
                raise
            done = False  # a rebuild cleared the half-made copy away
        finally:
            if read_generation(place) != after:
                place.discard(after.folder)
        return done


def _copied(place: Place, serving: SearchEngine, before: Generation, after: Generation) -> bool:
    copy = LanceEngine.create(place.aside(after.folder), dimension=after.dimension)
    for rows in serving.scan(size=_ROWS):
        copy.append(rows)
    copy.maintain()
    with place.writing():
        if (pointer := pointer_of(place)) is None or read_generation(place) != before:
            return False
        serving.refresh()
        _carry_over(serving, copy)
        point_to(place, after, before=pointer)
        discard_all_but(place, after.folder)
        wiped(place)
    return True


def _carry_over(serving: SearchEngine, copy: SearchEngine) -> None:
    """Bring into the copy what was written to the base while it was made."""
    changed = serving.inventory().items() ^ copy.inventory().items()
    for some in _batches(sorted({document for (_, document), _ in changed})):
        copy.delete(some)
        copy.append(serving.rows_of(some))


def _batches(documents: list[str]) -> Iterator[list[str]]:
    return (documents[start : start + _DOCUMENTS] for start in range(0, len(documents), _DOCUMENTS))
