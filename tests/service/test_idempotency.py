"""A write that is sent again under its key is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from journal import JournalError
from service.idempotency import _digest

VOTE = {"query": "Drucker", "hit_id": "a-1", "helpful": True}
TICKET = {"id": "4711", "body": "Der Drucker druckt leere Seiten."}


def under(key):
    return {"Idempotency-Key": key}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/classifications", TICKET),
        ("/v1/classifications/batch", {"tickets": [TICKET]}),
        ("/v1/feedback", VOTE),
        ("/v1/knowledge/batch", {"documents": [{"kind": "article", "id": "a", "title": "t", "body": "b"}]}),
        ("/v1/models/v1/promote", None),
    ],
)
def test_the_first_answer_is_given_again(client, desk, path, body):
    """Status and body are those of the first time, the header says so, and nothing is done twice."""
    first = client.post(path, json=body, headers=under("k"))
    done = (len(desk.tickets), len(desk.votes), len(desk.promoted))
    again = client.post(path, json=body, headers=under('"k"'))
    assert first.status_code < 300
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("content-type") == first.headers.get("content-type")
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (len(desk.tickets), len(desk.votes), len(desk.promoted)) == done


def test_without_a_key_a_request_is_done_each_time(client, desk):
    """As it always was."""
    for _ in range(2):
        assert client.post("/v1/feedback", json=VOTE).status_code == 204
    assert len(desk.votes) == 2


def test_a_key_is_good_for_one_request(client, desk):
    """Another body, or another path, under a used key is refused with the cure."""
    client.post("/v1/feedback", json=VOTE, headers=under("k"))
    for path, body in (("/v1/feedback", VOTE | {"helpful": False}), ("/v1/classifications", TICKET)):
        refused = client.post(path, json=body, headers=under("k"))
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:stellwerk:problem:idempotency-key-reused")
    assert (len(desk.votes), len(desk.tickets)) == (1, 0)


def test_what_was_refused_can_be_mended_under_its_key(client, desk):
    """A request of which nothing was done leaves its key free."""
    assert client.post("/v1/feedback", json={"query": "x"}, headers=under("k")).status_code == 422
    assert client.post("/v1/feedback", json=VOTE, headers=under("k")).status_code == 204


def test_of_many_at_once_one_is_done(client, desk):
    """The others hear that it is being done, or the answer."""

    def send(_):
        return client.post("/v1/feedback", json=VOTE, headers=under("k")).status_code

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(send, range(16)))
    assert found <= {204, 409}
    assert 204 in found
    assert len(desk.votes) == 1


def test_while_it_is_being_done_a_second_asking_hears_so(client, desk):
    """409, which says to ask again."""
    import json

    body = json.dumps(VOTE).encode()
    scope = {"method": "POST", "path": "/v1/feedback", "query_string": b""}
    day = timedelta(days=1)
    desk.once.claim("k", _digest(scope, body), actor="trial", lasts=day, patience=day)
    again = client.post("/v1/feedback", content=body, headers=under("k") | {"Content-Type": "application/json"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:stellwerk:problem:request-in-progress")
    assert desk.votes == []


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ü".encode()])
def test_a_key_that_is_none_is_refused(client, desk, key):
    """With 400, and nothing is done."""
    assert client.post("/v1/feedback", json=VOTE, headers=under(key)).status_code == 400
    assert desk.votes == []


def test_a_search_knows_no_keys(client):
    """It writes nothing, and is done anew each time."""
    for words in ("a", "b"):
        assert client.post("/v1/search", json={"query": words}, headers=under("k")).status_code == 200


def test_without_a_journal_nothing_is_done_under_a_key(client, desk, monkeypatch):
    """That it is done once cannot be said then: 503, and the vote was not taken."""

    def lost(*_, **__):
        raise JournalError("here", "is locked", "wait")

    monkeypatch.setattr(desk.once, "claim", lost)
    assert client.post("/v1/feedback", json=VOTE, headers=under("k")).status_code == 503
    assert desk.votes == []


def test_the_description_tells_the_header_where_it_is_known(client):
    """Every write has it, no reading has."""
    paths = client.get("/openapi.json").json()["paths"]
    known = {
        (method, path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", []))
    }
    assert ("post", "/v1/classifications") in known
    assert ("delete", "/v1/knowledge/{document_id}") in known
    assert not {("post", "/v1/search"), ("get", "/v1/models")} & known
