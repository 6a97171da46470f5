"""Where documents were read: so that what left a source can leave the knowledge base, and nothing else does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge.article import Document
from knowledge.engine import DocumentKey, Origin, Row
from knowledge.rows import key_of


@dataclass(slots=True)
class Provenance:
    """What one reading of some sources found where, and what it could not read."""

    origins: dict[DocumentKey, Origin] = field(default_factory=dict)
    """Where each document stands, those included that cannot be used; where it stands twice, the first place."""
    _sources: set[str] = field(default_factory=set)
    _unread: set[str] = field(default_factory=set)

    def holds(self, document: Document, *, source: Path, file: Path) -> None:
        """Note that ``document`` stands in ``file`` of ``source``."""
        self.holds_key(key_of(document), source=source, file=file)

    def holds_key(self, key: DocumentKey, *, source: Path, file: Path) -> None:
        """Note that something of this kind and id stands in ``file`` of ``source``, even if it cannot be used."""
        self.came_from(key, Origin(source=place_of(source), file=place_of(file)))
        self._sources.add(place_of(source))

    def came_from(self, key: DocumentKey, origin: Origin) -> None:
        """Note where a document was read once, although that source is not being read now."""
        self.origins.setdefault(key, origin)

    def could_not_read(self, place: Path) -> None:
        """Note that a file, or all below a folder, could not be read whole: what came from there stays."""
        self._unread.add(place_of(place))

    def moved(self, key: DocumentKey, kept: Mapping[DocumentKey, Origin]) -> bool:
        """Whether a document stood in another place when it was kept."""
        return key in kept and kept[key] != self.origins.get(key)

    def placed(self, row: Row) -> Row:
        """The row with where its document was read."""
        if (origin := self.origins.get((row.kind, row.document))) is None:
            return row
        return replace(row, source=origin.source, file=origin.file)

    def gone(self, kept: Mapping[DocumentKey, Origin]) -> list[DocumentKey]:
        """Those of the documents ``kept`` that a source held once and does not hold any more.

        A source in which nothing was found at all is taken to be out of reach, not to be empty.
        """
        return sorted(
            key
            for key, origin in kept.items()
            if origin.source in self._sources and key not in self.origins and not self._is_unread(origin.file)
        )

    def _is_unread(self, file: str) -> bool:
        return any(file == place or file.startswith(f"{place.rstrip(os.sep)}{os.sep}") for place in self._unread)


def place_of(path: Path) -> str:
    """The absolute path, however it was named; links are not followed, for they may point elsewhere tomorrow."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps ".." in it
