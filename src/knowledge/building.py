"""A base built beside the one that serves, which it replaces at once and whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.engine import SearchEngine
from knowledge.generation import Generation, discard_all_but, fresh_folder, point_to, pointer_of
from knowledge.lance import LanceEngine
from knowledge.place import Place
from knowledge.removal import wiped
from text import SentenceEncoder


@contextmanager
def building(place: Place, encoder: SentenceEncoder) -> Iterator[SearchEngine]:
    """A new engine beside the one that serves; it takes over when built, or goes where building failed.

    Call as the writer.
    """
    before = pointer_of(place)
    generation = Generation(folder=fresh_folder(), encoder=encoder.name, dimension=encoder.dimension)
    try:
        engine = LanceEngine.create(place.below(generation.folder), dimension=generation.dimension)
        yield engine
        engine.maintain()
        point_to(place, generation, before=before)
    except BaseException:
        place.discard(generation.folder)
        raise
    discard_all_but(place, generation.folder)
    wiped(place, all_of_it=True)
