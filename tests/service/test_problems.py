"""Whatever goes wrong is told in one shape."""

import logging

import pytest

from journal import JournalError

JSON = {"content-type": "application/json"}
PATH = "/v1/classifications"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/nirgends", {}, 404),
        ("GET", "/v1/models/", {}, 404),
        ("GET", "/docs", {}, 404),
        ("GET", "/redoc", {}, 404),
        ("GET", "/page/index.html", {}, 404),
        ("GET", "/page/..%2fapp.py", {}, 404),
        ("DELETE", PATH, {}, 405),
        ("POST", PATH, {"content": b"{nein", "headers": JSON}, 400),
        ("POST", PATH, {"content": b"\xff\xfe\x00binary", "headers": JSON}, 400),
        ("POST", PATH, {"content": b"[" * 100_000, "headers": JSON}, 400),
        ("POST", PATH, {"content": b"", "headers": JSON}, 422),
        ("POST", PATH, {"content": b"[1]", "headers": JSON}, 422),
        ("POST", PATH, {"content": b"null", "headers": JSON}, 422),
        (
            "POST",
            PATH,
            {"content": b"\x00\x01\x02", "headers": {"content-type": "application/octet-stream"}},
            415,
        ),
        ("POST", PATH, {"content": b'{"body": "x"}', "headers": {"content-type": "text/plain"}}, 415),
        ("POST", PATH, {"content": b'{"body": "x"}'}, 415),
        ("POST", PATH, {"data": {"body": "x"}}, 415),
        ("POST", PATH, {"content": b" " * 2_000_001, "headers": JSON}, 413),
        ("POST", PATH, {"content": b'{"\\ud800": 1}', "headers": JSON}, 422),
        ("POST", PATH, {"json": {"body": "x"}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
    ],
)
def test_every_problem_has_the_same_shape(client, method, path, sent, status):
    """RFC 9457: type, title, status and detail, as `application/problem+json`, with the request's id."""
    answer = client.request(method, path, **sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status", "detail", "request_id"} <= set(told)
    assert told["status"] == status
    assert told["request_id"] == answer.headers["x-request-id"]
    assert all(isinstance(told[name], str) and told[name] for name in ("type", "title", "detail"))
    assert "content-security-policy" in answer.headers


def test_a_body_without_a_length_is_counted(client, desk):
    """A body that does not say how long it is is read no further than allowed."""
    read = []

    def pieces():
        yield b'{"body": "'
        for n in range(100):
            read.append(n)
            yield b"x" * 100_000
        yield b'"}'

    answer = client.post(PATH, content=pieces(), headers=JSON)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert not desk.tickets


def test_a_wrong_method_names_the_right_ones(client):
    """405 carries the methods there are."""
    assert client.delete(PATH).headers["allow"] == "POST"


def test_what_a_desk_cannot_do_is_told_with_its_cure(client, desk):
    """A lost journal is 503, in the words of the error."""
    desk.fault = JournalError("sqlite:///j.db", "disk is full", "free some space")
    answer = client.post(PATH, json={"body": "x"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:stellwerk:problem:journal"
    assert "free some space" in answer.json()["detail"]


def test_the_unexpected_tells_no_internals(client, desk, caplog):
    """An unexpected exception is 500 with the id the log knows it by; its words appear in neither."""
    desk.fault = ZeroDivisionError("inner words")
    with caplog.at_level(logging.DEBUG):
        answer = client.post(PATH, json={"body": "x"}, headers={"x-request-id": "abc-1"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == "abc-1"
    assert "inner words" not in answer.text + caplog.text
    assert any("ZeroDivisionError" in line and "abc-1" in line for line in caplog.messages)
    desk.fault = None
    assert 'status="500"' in client.get("/metrics").text
