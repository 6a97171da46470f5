"""A digest of the tickets a model learned from: same tickets, same fingerprint, in whatever order."""

import hashlib
from collections.abc import Sequence

from tickets import SolvedTicket


def fingerprint(solved: Sequence[SolvedTicket]) -> str:
    """Hexadecimal SHA-256 over words, products, labels and problems of all tickets; order does not matter."""
    lines = sorted(
        "\x1f".join(
            [
                ticket.ticket.subject,
                ticket.ticket.body,
                ticket.ticket.product or "",
                ticket.problem or "",
                *(f"{target}={label}" for target, label in sorted(ticket.labels.items())),
            ]
        )
        for ticket in solved
    )
    return hashlib.sha256("\x1e".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
