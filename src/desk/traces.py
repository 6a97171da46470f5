"""Keyed hashes by which a model is told to have learned from a ticket, or from one that names somebody."""

import re
from collections.abc import Mapping, Sequence

from masking import Kind, Mask, find
from tickets import SolvedTicket

_N_DIGITS = 32
_MASKED = re.compile(r"\[mail-[a-z]+\]")
"""A mail address that is masked already."""


def ticket_trace(mask: Mask, ticket_id: str) -> str:
    """The hash of a ticket."""
    return mask.digest(f"ticket:{ticket_id}")[:_N_DIGITS]


def customer_trace(mask: Mask, customer: str) -> str:
    """The hash of a customer."""
    return mask.digest(f"customer:{customer}")[:_N_DIGITS]


def traces_of(mask: Mask, solved: Sequence[SolvedTicket]) -> Mapping[str, Sequence[str]]:
    """Of each ticket its hash, and the hashes of its customer and of the mail addresses in it.

    Parameters
    ----------
    solved : sequence of SolvedTicket
        As they came, not masked; tickets of the journal, which keeps no others, as they are.
    """
    return {
        ticket_trace(mask, one.ticket.id or f"#{row}"): [
            *([customer_trace(mask, one.ticket.customer)] if one.ticket.customer else []),
            *sorted(_people(mask, one)),
        ]
        for row, one in enumerate(solved)
    }


def _people(mask: Mask, solved: SolvedTicket) -> set[str]:
    resolution = solved.solution.resolution if solved.solution else ""
    text = f"{solved.ticket.subject}\n{solved.ticket.body}\n{resolution}"
    found = {mask.placeholder(text[s.start : s.end], s.kind) for s in find(text) if s.kind is Kind.MAIL}
    return found | set(_MASKED.findall(text))
