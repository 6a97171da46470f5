"""Tickets with the words that people wrote masked."""

from dataclasses import replace

from masking.mask import Mask
from tickets import SolvedTicket, Ticket


def mask_ticket(ticket: Ticket, mask: Mask) -> Ticket:
    """The ticket with subject and body masked; ids, product and customer are the desk's own names and stay."""
    return replace(ticket, subject=mask.text(ticket.subject), body=mask.text(ticket.body))


def mask_solved(solved: SolvedTicket, mask: Mask) -> SolvedTicket:
    """The solved ticket with subject, body and resolution masked."""
    solution = solved.solution
    if solution is not None:
        solution = replace(solution, resolution=mask.text(solution.resolution))
    return replace(solved, ticket=mask_ticket(solved.ticket, mask), solution=solution)
