"""Votes tell which hits of a search were right."""

from desk.votes import judged_by_votes
from journal import Vote


def test_a_search_is_judged_by_what_more_people_found_helpful_than_not() -> None:
    """Each search counts once; one that nothing helped is left out."""
    votes = [
        Vote(query="leere Seiten", hit_id="a", helpful=True),
        Vote(query="leere Seiten", hit_id="b", helpful=True),
        Vote(query="leere Seiten", hit_id="b", helpful=False),
        Vote(query="leere Seiten", hit_id="c", helpful=True),
        Vote(query="VPN", hit_id="a", helpful=False),
    ]
    (judgement,) = judged_by_votes(votes)
    assert judgement.query.body == "leere Seiten"
    assert judgement.relevant == {"a", "c"}
