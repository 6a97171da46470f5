"""Votes for hits, read as judgements of the searches that found them."""

from collections.abc import Iterable

from journal import Vote
from knowledge import Judgement
from tickets import Ticket


def judged_by_votes(votes: Iterable[Vote]) -> list[Judgement]:
    """For each search that was voted on, the hits that more people found helpful than not, in the order of the words.

    Searches without such a hit tell what is wrong, but not what would be right, and are left out.
    """
    balance: dict[str, dict[str, int]] = {}
    for vote in votes:
        hits = balance.setdefault(vote.query, {})
        hits[vote.hit_id] = hits.get(vote.hit_id, 0) + (1 if vote.helpful else -1)
    helpful = {query: frozenset(hit for hit, net in hits.items() if net > 0) for query, hits in balance.items()}
    return [Judgement(query=Ticket(body=query), relevant=helpful[query]) for query in sorted(helpful) if helpful[query]]
