"""What people think of documents: votes for and against them, and tickets whose labels a person set."""

from collections import Counter

from sqlalchemy import Connection, case, func, select

from journal.schema import corrections, decisions, votes


def of_documents(connection: Connection) -> dict[str, int]:
    """By document id, how many more confirmed it than rejected it; a ticket that a person corrected has one more."""
    balance = func.sum(case((votes.c.helpful, 1), else_=-1))
    told = Counter(
        {hit: int(net) for hit, net in connection.execute(select(votes.c.hit_id, balance).group_by("hit_id"))}
    )
    corrected = select(decisions.c.ticket_id).join(corrections).where(decisions.c.ticket_id.is_not(None)).distinct()
    told.update(connection.scalars(corrected))
    return {document: net for document, net in told.items() if net}
