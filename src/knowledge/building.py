"""A base built beside the one that serves, which it replaces at once and whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.engine import SearchEngine
from knowledge.generation import Generation, discard, discard_all_but, fresh_folder, point_to
from knowledge.lance import LanceEngine
from knowledge.removal import wiped
from text import Encoder


@contextmanager
def building(path: Path, encoder: Encoder) -> Iterator[SearchEngine]:
    """A new engine beside the one that serves; it takes over when built, or goes where building failed.

    Call with the lock held.
    """
    generation = Generation(folder=fresh_folder(), encoder=encoder.name, dimension=encoder.dimension)
    try:
        engine = LanceEngine.create(path / generation.folder, dimension=generation.dimension)
        yield engine
        engine.maintain()
        point_to(path, generation)
    except BaseException:
        discard(path, generation.folder)
        raise
    discard_all_but(path, generation.folder)
    wiped(path, all_of_it=True)
