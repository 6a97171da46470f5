"""What a supervisor gets: life, readiness, counts."""

from threading import Event
from time import monotonic

from starlette.testclient import TestClient

from classifier import DamagedModelError
from service import create_app


def test_the_service_lives(client):
    """A process that answers is alive."""
    assert client.get("/livez").json() == {"status": "alive"}


def test_a_warm_service_is_ready(client):
    """With every part loaded the service is ready."""
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_service_without_a_champion_is_not_ready(empty_client):
    """A desk that has learned nothing lives, says why it is not ready, and becomes it."""
    assert empty_client.get("/livez").status_code == 200
    answer = empty_client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:stellwerk:problem:not-ready"
    assert "stellwerk train" in answer.json()["detail"]
    empty_client.post("/v1/models/v1/promote")
    assert empty_client.get("/readyz").status_code == 200


def test_a_part_that_fails_later_is_noticed(client, desk):
    """A service that was ready says so no longer when a part is lost, and does not tell its inner words."""
    assert client.get("/readyz").status_code == 200
    desk.fault = ZeroDivisionError("inner words")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "inner words" not in answer.text
    desk.fault = None
    assert client.get("/readyz").status_code == 200


def test_a_service_answers_while_it_loads(settings, desk):
    """Loading takes its time beside the first requests; readiness says so meanwhile, and comes of itself."""
    loaded = Event()
    desk.warm = lambda: loaded.wait(10)
    with TestClient(create_app(settings, lambda _: desk), base_url="http://localhost") as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        loaded.set()
        assert answer.status_code == 503
        assert "still being loaded" in answer.json()["detail"]
        deadline = monotonic() + 10
        while client.get("/readyz").status_code != 200:
            assert monotonic() < deadline


def test_requests_and_decisions_are_counted(client):
    """The counts name path templates, methods, states, actions and the model, never an id."""
    client.post("/v1/classifications", json={"body": "Geheimnis"})
    client.post("/v1/classifications/batch", json={"tickets": [{}, {}]})
    client.put("/v1/knowledge/eigene-id", json={"kind": "article", "title": "t", "body": "b"})
    client.get("/nirgends/eigene-id")
    client.request("BREW", "/v1/models")
    text = client.get("/metrics").text
    for line in (
        'stellwerk_requests_total{method="POST",path="/v1/classifications",status="200"} 1.0',
        'stellwerk_requests_total{method="PUT",path="/v1/knowledge/{document_id}",status="200"} 1.0',
        'stellwerk_requests_total{method="GET",path="unknown",status="404"} 1.0',
        'stellwerk_requests_total{method="other",path="/v1/models",status="405"} 1.0',
        'stellwerk_request_seconds_count{method="POST",path="/v1/classifications"} 1.0',
        'stellwerk_decisions_total{action="suggest",version="v2"} 1.0',
        'stellwerk_decisions_total{action="review",version="v2"} 2.0',
        'stellwerk_model_info{version="v2"} 1.0',
    ):
        assert line in text.splitlines()
    assert "eigene-id" not in text


def test_the_model_counted_is_the_one_that_serves(client):
    """After a promotion only the new champion is named."""
    client.get("/metrics")
    client.post("/v1/models/v1/promote")
    text = client.get("/metrics").text
    assert 'stellwerk_model_info{version="v1"} 1.0' in text
    assert 'version="v2"' not in text


def test_counts_are_told_while_a_part_is_lost(client, desk):
    """A desk whose model cannot be loaded is still counted, with no model named."""
    client.get("/metrics")
    desk.fault = DamagedModelError(desk.settings.models, "lacks its weights")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "stellwerk_model_info{" not in answer.text


def test_each_application_counts_for_itself(client, settings, desk):
    """Two applications in one process do not share their counts."""
    client.get("/livez")
    with TestClient(create_app(settings, lambda _: desk), base_url="http://localhost") as other:
        assert 'path="/livez"' not in other.get("/metrics").text
