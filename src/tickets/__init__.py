"""A desk's own words: tickets, what was learned about them, and the questions the classifier answers."""

from tickets.taxonomy import Label, Target, Taxonomy, TaxonomyError
from tickets.ticket import Labels, Solution, SolvedTicket, Ticket

__all__ = ["Label", "Labels", "Solution", "SolvedTicket", "Target", "Taxonomy", "TaxonomyError", "Ticket"]
