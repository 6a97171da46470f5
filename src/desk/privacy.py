"""What a desk hides before it keeps, learns or asks anything: personal data, and who of its own people said what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from desk.settings import Settings
from knowledge import Document, Query
from masking import Mask, mask_solved, mask_ticket, read_or_make
from tickets import SolvedTicket, Ticket


class Privacy:
    """Masks as the settings say; the key is read, or made, at the first use."""

    def __init__(self, settings: Settings) -> None:
        self._file, self._masks = settings.masking_key, settings.masking
        self._works_council = settings.works_council

    @cached_property
    def mask(self) -> Mask:
        """The desk's own placeholders."""
        return Mask(read_or_make(self._file))

    def words(self, words: str) -> str:
        """Words as they are kept."""
        return self.mask.text(words) if self._masks else words

    def ticket(self, ticket: Ticket) -> Ticket:
        """A ticket as it is classified, searched by and kept."""
        return mask_ticket(ticket, self.mask) if self._masks else ticket

    def solved(self, solved: Sequence[SolvedTicket]) -> Sequence[SolvedTicket]:
        """Solved tickets as they are learned from."""
        return [mask_solved(one, self.mask) for one in solved] if self._masks else solved

    def documents(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Documents as they are kept and indexed; articles, which the desk has published itself, stay as they are."""
        for document in documents:
            if self._masks and isinstance(document, SolvedTicket):
                yield mask_solved(document, self.mask)
            else:
                yield document

    def query(self, query: Query) -> Query:
        """A search in the words that tickets are kept in."""
        return replace(query, text=self.words(query.text), ticket=query.ticket and self.ticket(query.ticket))

    def source(self, source: str | None) -> str | None:
        """Who gave feedback; nobody in works-council mode."""
        return None if self._works_council else source
