"""One row's cells under our names, and the ticket and solution they make."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from history.cells import count, language_code, moment, words
from history.fault import Reason, RowFault
from history.intake import as_it_arrived, first_message
from history.mapping import THREAD_COLUMN
from text import html_to_text, looks_like_html
from tickets import Solution, Ticket

TEXT_LIMIT: Final = 100_000
"""Characters of a subject, body or resolution beyond which it is cut."""

_HTML_LIMIT = 2_000_000


@dataclass(slots=True)
class TicketCells:
    """The cells of one row; what had to be changed to read them gathers in ``notes``."""

    values: Mapping[str, object]
    """The cells by the desk's columns."""
    found: Mapping[str, str]
    """The desk's column by ours."""
    notes: list[RowFault] = field(default_factory=list)

    def column(self, name: str) -> str:
        """The desk's name for our column ``name``."""
        return self.found.get(name, name)

    def value(self, name: str) -> object:
        """What the cell of our column ``name`` holds; None where the row has no such cell."""
        return self.values.get(self.found[name]) if name in self.found else None

    def prose(self, name: str) -> str:
        """A long text: HTML reduced to text, and cut at ``TEXT_LIMIT``."""
        return self._prose(self.value(name), self.column(name))

    def _prose(self, value: object, column: str) -> str:
        text = words(value, column)
        n_characters = len(text)
        if looks_like_html(text):
            text = html_to_text(text[:_HTML_LIMIT]).strip()
        if len(text) > TEXT_LIMIT or n_characters > _HTML_LIMIT:
            message = f"cut from {n_characters:,} to {TEXT_LIMIT:,} characters; shorten it if its end matters"
            self.notes.append(RowFault(Reason.CUT_TEXT, column, message))
        return text[:TEXT_LIMIT]

    def arrival(self) -> tuple[str, datetime | None]:
        """What the customer wrote first, and when where a thread tells it; what came later is left out and noted."""
        first = first_message(self.value(THREAD_COLUMN))
        column = self.column(THREAD_COLUMN if first else "body")
        text, n_entries = as_it_arrived(self._prose(first.value if first else self.value("body"), column))
        if n_later := n_entries + (first.n_later if first else 0):
            message = f"{n_later:,} later messages left out; a ticket is read as it arrived"
            self.notes.append(RowFault(Reason.LATER_MESSAGE, column, message))
        return text, first.time if first else None

    def word(self, name: str) -> str | None:
        """A short text, or None where nothing or nothing readable as text is there."""
        try:
            return words(self.value(name), self.column(name)) or None
        except RowFault as fault:
            if fault.reason is not Reason.NOT_TEXT:
                raise
            self.notes.append(fault)
            return None

    def moment(self, name: str) -> datetime | None:
        """A time, or None where nothing or no date is there."""
        try:
            return moment(self.value(name), self.column(name))
        except RowFault as fault:
            self.notes.append(fault)
            return None

    def count(self, name: str) -> int:
        """How often, or 0 where nothing or no count is there."""
        try:
            return count(self.value(name), self.column(name))
        except RowFault as fault:
            self.notes.append(fault)
            return 0

    def language(self) -> str | None:
        """The language's code, or None where nothing or no code is there."""
        try:
            return language_code(self.value("language"), self.column("language"))
        except RowFault as fault:
            if fault.reason not in (Reason.UNKNOWN_LANGUAGE, Reason.NOT_TEXT):
                raise
            self.notes.append(fault)
            return None

    def ticket(self) -> Ticket:
        """The ticket of this row.

        Raises
        ------
        RowFault
            A cell holds what cannot be read as text.
        """
        subject = self.prose("subject")
        body, written_at = self.arrival()
        return Ticket(
            subject=subject,
            body=body,
            id=self.word("id"),
            language=self.language(),
            channel=self.word("channel"),
            product=self.word("product"),
            customer=self.word("customer"),
            created_at=self.moment("created_at") or written_at,
        )

    def solution(self) -> Solution | None:
        """How the ticket was closed, or None where the row does not say."""
        solution = Solution(
            resolution=self.prose("resolution"),
            article_id=self.word("article_id"),
            closed_at=self.moment("closed_at"),
            n_reopened=self.count("n_reopened"),
        )
        return None if solution == Solution() else solution

    def content_id(self, ticket: Ticket) -> str:
        """An id made of what the customer wrote and when: the same in whatever file format."""
        said = [words(self.value(name), self.column(name)) for name in ("subject", "body")]
        said += [ticket.channel or "", ticket.product or "", ticket.customer or ""]
        said.append(ticket.created_at.isoformat() if ticket.created_at else "")
        return f"row-{sha256(json.dumps(said).encode('ascii')).hexdigest()[:12]}"
