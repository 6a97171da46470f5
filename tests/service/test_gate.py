"""What every answer carries and every request leaves behind."""

import logging

import pytest


@pytest.mark.parametrize("path", ["/", "/livez", "/page/app.css", "/nirgends", "/openapi.json", "/metrics"])
def test_every_answer_is_guarded(client, path):
    """Browsers are told to load from this service alone and to guess nothing."""
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "cache-control" in headers


def test_a_request_id_is_echoed(client):
    """An id given by the asker comes back."""
    assert client.get("/livez", headers={"x-request-id": "desk-42.a_b"}).headers["x-request-id"] == "desk-42.a_b"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "id\tinjected", "<script>"])
def test_an_unsafe_request_id_is_replaced(client, given):
    """What could forge a log line is not taken over."""
    answered = client.get("/livez", headers={"x-request-id": given}).headers["x-request-id"]
    assert answered != given
    assert len(answered) == 32


def test_requests_without_an_id_get_their_own(client):
    """No two requests share an id."""
    assert len({client.get("/livez").headers["x-request-id"] for _ in range(5)}) == 5


def test_a_request_leaves_one_line_in_the_log(client, caplog):
    """Method, path template, status, seconds and id are logged; ids in paths and words in queries are not."""
    with caplog.at_level(logging.INFO, logger="service"):
        client.delete("/v1/knowledge/eigene-id", headers={"x-request-id": "r1"})
        client.get("/v1/search?q=Geheimnis")
    lines = [line for line in caplog.messages if line.startswith("request ")]
    assert len(lines) == 2
    assert lines[0].startswith("request method=DELETE path=/v1/knowledge/{document_id} status=404 seconds=0.")
    assert lines[0].endswith("id=r1")
    assert "eigene-id" not in "".join(lines)
    assert "Geheimnis" not in "".join(lines)


def test_this_site_may_change_things(client):
    """What the service's own page asks for is done."""
    assert client.post("/v1/models/v1/promote", headers={"sec-fetch-site": "same-origin"}).status_code == 200
