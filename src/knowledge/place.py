"""Where a knowledge base is kept: a folder of this machine, or an object store that several machines share."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

from knowledge.engine import KnowledgeError

Address: TypeAlias = Path | str
"""A folder, or the address of an object store: ``s3://bucket/prefix``."""


class BusyKnowledgeError(KnowledgeError):
    """Another writer holds the knowledge base."""

    def __init__(self, place: object, seconds: float) -> None:
        super().__init__(
            f"another process has been writing to the knowledge base in {place} for {seconds:g} seconds; "
            "try again when it is done"
        )
        self.place = place


class AddressError(KnowledgeError):
    """A knowledge base cannot be kept there."""

    def __init__(self, address: object) -> None:
        super().__init__(
            f"the knowledge base cannot be kept in {address}, for only folders and s3://bucket/prefix are supported; "
            "name one of these"
        )


class Place(Protocol):
    """A knowledge base's own place, or that of one generation below it.

    ``str`` of it names it in messages.
    """

    @property
    def address(self) -> str:
        """What LanceDB opens."""

    @property
    def options(self) -> Mapping[str, str]:
        """What LanceDB must know beside the address."""

    def below(self, name: str) -> "Place":
        """The place of this name in here."""

    def read(self, name: str, *, max_age_seconds: float = 0.0) -> bytes | None:
        """The content of a small file, at most so old; None where there is no such file."""

    def swap(self, name: str, *, old: bytes | None, new: bytes) -> None:
        """Replace a small file's ``old`` content (None: no file) by ``new``, whole and lasting; call as the writer.

        Raises
        ------
        BusyKnowledgeError
            Its content is not ``old``: another writer was here.
        """

    def aside(self, name: str) -> "Place":
        """The place of this name in here, of something that nobody uses yet: written to without being the writer."""

    def folders(self, prefix: str) -> list[str]:
        """The names in here that begin so."""

    def discard(self, name: str) -> None:
        """Delete what is below ``name``, where there is anything."""

    def writing(self, *, patience_seconds: float = 60.0, role: str = "writer") -> AbstractContextManager[None]:
        """Be the one writer, or the one in another role; the place is made where it is missing.

        Raises
        ------
        BusyKnowledgeError
            Another one did not finish within ``patience_seconds``.
        """

    def settle(self) -> None:
        """Return once what was written in here lasts; call after every commit, as the writer."""

    def heal(self, table: str) -> None:
        """Move away a table's newest commits that are torn, where that can happen."""


def place_of(address: "Address | Place") -> Place:
    """The place that an address names.

    Raises
    ------
    AddressError
        Nothing can be kept there.
    """
    from knowledge.folder_place import FolderPlace  # noqa: PLC0415 - both know the errors above
    from knowledge.store import StorePlace  # noqa: PLC0415

    if isinstance(address, Path):
        return FolderPlace(address)
    if not isinstance(address, str):
        return address
    if address.startswith("s3://"):
        return StorePlace.at(address)
    if "://" in address:
        raise AddressError(address)
    return FolderPlace(Path(address))
