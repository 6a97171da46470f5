"""Whether a desk is ready: every part has really worked once, and can be used now."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from desk.answers import SearchAnswer
from desk.collection import Collection
from desk.duplicates import Duplicates
from desk.errors import USER_ERRORS, DeskError
from journal import Journal
from knowledge import Query
from steps import carried
from text import Encoder


class NotReadyError(DeskError):
    """A part of the desk cannot be used; it says which one, and its own words name the cure."""

    def __init__(self, part: str, fault: Exception) -> None:
        super().__init__(f"{part}: {fault}")
        self.part = part


class Readiness:
    """Tries the parts of a desk: at first by real work, which warms them, afterwards by a look.

    Parameters
    ----------
    work : mapping of str to callable
        By part, what it does for every request; may take seconds at first. Parts work beside each other.
    look : mapping of str to callable
        By part, what tells in a millisecond that it can still be used.
    """

    def __init__(self, *, work: Mapping[str, Callable[[], object]], look: Mapping[str, Callable[[], object]]) -> None:
        self._work, self._look = work, look
        self._warm = False

    def check(self) -> None:
        """Nothing, when every part can be used.

        Raises
        ------
        NotReadyError
            One cannot.
        """
        if not self._warm:
            with ThreadPoolExecutor(len(self._work)) as beside:  # much of it is reading and hashing
                for trial in [beside.submit(carried(_try), part, work) for part, work in self._work.items()]:
                    trial.result()
            self._warm = True
        for part, look in self._look.items():
            _try(part, look)


class Parts(Protocol):
    """What of a desk must be ready."""

    documents: Collection

    @property
    def search_encoder(self) -> Encoder:
        """What reads queries; its weights load at first use."""

    def must_serve(self) -> None:
        """Raise where no model serves; a model that is loaded classifies tickets of a rehearsal."""

    def search(self, query: Query) -> SearchAnswer:
        """Search as for a request."""


def readiness_of(
    desk: Parts, journal: Callable[[], Journal] | None = None, open_tickets: Duplicates | None = None
) -> Readiness:
    """The readiness of a desk: a model has classified, a search was made, the journal answers."""
    work: dict[str, Callable[[], object]] = {
        "model": desk.must_serve,
        "search": lambda: desk.search(Query(text="warm")),
    }
    look: dict[str, Callable[[], object]] = {"model": desk.must_serve, "knowledge base": desk.documents.count}
    if journal is not None:
        work["journal"] = look["journal"] = lambda: journal().ping()
    if open_tickets is not None:
        work["open tickets"] = open_tickets.refresh
    # Before the search asks for it: weights are read while the search engine is still being imported.
    work["search encoder"] = lambda: desk.search_encoder.encode(["warm"])
    return Readiness(work=work, look=look)


def _try(part: str, act: Callable[[], object]) -> None:
    try:
        act()
    except USER_ERRORS as error:
        raise NotReadyError(part, error) from error
