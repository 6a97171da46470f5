"""What a program gets that searches."""

import pytest

from knowledge import FILTERS
from service.requests import SearchParameters

PRINTER = {"kind": "article", "title": "Drucker", "body": "Treiber neu zuordnen", "product": "Versand"}
SOLVED = {
    "kind": "ticket",
    "subject": "Printer",
    "body": "Drucker leer",
    "labels": {"level": "1"},
    "resolution": "Treiber",
}


@pytest.fixture(autouse=True)
def _documents(client):
    client.put("/v1/knowledge/drucker", json=PRINTER)
    client.put("/v1/knowledge/3120", json=SOLVED)


def test_words_find_both_kinds(client):
    """A search by words finds articles and solved tickets."""
    hits = client.post("/v1/search", json={"query": "Drucker"}).json()["hits"]
    assert {(hit["kind"], hit["id"]) for hit in hits} == {("article", "drucker"), ("ticket", "3120")}
    assert hits[0]["why"] == [{"channel": "words", "rank": 1}]


def test_a_ticket_never_finds_itself(client):
    """A search by a ticket leaves out the document with the ticket's own id."""
    hits = client.post("/v1/search", json={"ticket": {"id": "3120", "body": "Drucker"}}).json()["hits"]
    assert [hit["id"] for hit in hits] == ["drucker"]


def test_a_search_is_narrowed(client):
    """Kinds, filters and limit narrow the answer."""

    def ids(**asked):
        return [hit["id"] for hit in client.post("/v1/search", json={"query": "Drucker"} | asked).json()["hits"]]

    assert ids(kinds=["ticket"]) == ["3120"]
    assert ids(filters={"product": "Versand"}) == ["drucker"]
    assert ids(filters={"level": "1"}) == ["3120"]
    assert len(ids(limit=1)) == 1


def test_a_link_asks_the_same(client):
    """The same search can be written as a link."""

    def ids(link):
        return [hit["id"] for hit in client.get(f"/v1/search?q=Drucker{link}").json()["hits"]]

    assert ids("") == ["drucker", "3120"]
    assert ids("&kind=ticket") == ["3120"]
    assert ids("&kind=ticket&kind=article&limit=1") == ["drucker"]
    assert ids("&product=Versand") == ["drucker"]
    assert ids("&product=Versand&product=Lager") == ["drucker"]
    assert ids("&filter=level%3D1") == ["3120"]


def test_a_link_can_narrow_by_everything_documents_are_kept_by():
    """No filter of the knowledge base is missing from the link's parameters."""
    assert {"kind", *SearchParameters.model_fields} - {"q", "limit", "filter"} == set(FILTERS)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"query": "x", "limit": 0}, "limit"),
        ({"query": "x", "limit": 101}, "limit"),
        ({"query": "x", "limit": "many"}, "limit"),
        ({"query": "x", "kinds": []}, "kinds"),
        ({"query": "x", "kinds": ["page"]}, "kinds"),
        ({"query": "x", "filters": {"since": "gestern"}}, "2026-01-31"),
        ({"query": "x", "filters": {"closed_at": "2026-13-01.."}}, "closed_at"),
        ({"query": "x", "filters": {"level": []}}, "filters.level"),
        ({"query": "x", "filters": {"product": 3}}, "filters.product"),
        ({"query": 5}, "query"),
        ({}, "give either query or ticket"),
        ({"query": "x", "ticket": {"body": "y"}}, "give either query or ticket"),
        ({"words": "x"}, "words"),
    ],
)
def test_a_search_that_cannot_be_done_is_refused(client, desk, asked, words):
    """What is wrong with a search is named, and nothing is searched."""
    answer = client.post("/v1/search", json=asked)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert not desk.queries


@pytest.mark.parametrize(
    "link",
    [
        "",
        "?q=x&limit=0",
        "?q=x&kind=page",
        "?q=x&colour=red",
        "?q=x&until=never",
        "?q=x&filter=queue",
        "?q=x&limit=viele",
    ],
)
def test_a_link_that_cannot_be_followed_is_refused(client, desk, link):
    """A link without words or with unknown parameters is refused."""
    assert client.get(f"/v1/search{link}").status_code == 422
    assert not desk.queries


def test_half_a_character_in_a_query_is_mended(client, desk):
    """A query cut in the middle of an emoji is still searched."""
    headers = {"content-type": "application/json"}
    assert client.post("/v1/search", content=r'{"query": "Drucker \ud83d"}', headers=headers).status_code == 200
    assert desk.queries[-1].text == "Drucker \ufffd"
