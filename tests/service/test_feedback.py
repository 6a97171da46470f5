"""What a program gets that tells what people said."""

import pytest


@pytest.fixture
def classification_id(client) -> str:
    """A classification that was answered."""
    return client.post("/v1/classifications", json={"body": "Drucker"}).json()["id"]


def test_a_correction_is_remembered(client, desk, classification_id):
    """The right labels for a classification reach the desk, with who said so."""
    facts = {"classification_id": classification_id, "labels": {"level": "2"}, "source": "Leitstelle"}
    answer = client.post("/v1/feedback", json=facts)
    assert (answer.status_code, answer.content) == (204, b"")
    assert desk.corrections == [(classification_id, {"level": "2"}, "Leitstelle")]


def test_how_a_label_came_about_is_remembered(client, desk, classification_id):
    """It reaches the desk; a word that is none of the four is refused."""
    facts = {"classification_id": classification_id, "labels": {"level": "2"}}
    assert client.post("/v1/feedback", json=facts | {"provenance": "rule"}).status_code == 204
    assert client.post("/v1/feedback", json=facts).status_code == 204
    assert desk.provenances == ["rule", None]
    assert client.post("/v1/feedback", json=facts | {"provenance": "hearsay"}).status_code == 422


def test_a_vote_is_remembered(client, desk):
    """Whether a hit helped reaches the desk."""
    vote = {"query": "Drücker", "hit_id": "a/b.md", "helpful": False}
    assert client.post("/v1/feedback", json=vote).status_code == 204
    assert desk.votes == [("Drücker", "a/b.md", False)]


def test_an_unknown_classification_is_told(client):
    """A correction of nothing is no silent success."""
    answer = client.post("/v1/feedback", json={"classification_id": "c_0", "labels": {"level": "2"}})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:stellwerk:problem:unknown-classification"


@pytest.mark.parametrize(
    ("labels", "allowed"), [({"level": "9"}, "1, 2, 3"), ({"colour": "red"}, "no target 'colour'")]
)
def test_an_unknown_label_is_refused_with_those_there_are(client, desk, classification_id, labels, allowed):
    """A label or target nobody knows is refused, and the refusal names the known ones."""
    answer = client.post("/v1/feedback", json={"classification_id": classification_id, "labels": labels})
    assert answer.status_code == 422
    assert allowed in answer.json()["detail"]
    assert not desk.corrections


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"classification_id": "c_1", "labels": {}}, "labels"),
        ({"classification_id": "c_1"}, "labels"),
        ({"labels": {"level": "1"}}, "classification_id"),
        ({"query": "x", "hit_id": "y"}, "helpful"),
        ({"query": "x", "hit_id": "y", "helpful": "vielleicht"}, "helpful"),
        ({"query": "x", "hit_id": "y", "helpful": True, "labels": {}}, "labels"),
        ({}, "classification_id"),
    ],
)
def test_half_a_feedback_is_refused(client, desk, facts, field):
    """Feedback that lacks a part, or mixes both sorts, is refused by the field."""
    answer = client.post("/v1/feedback", json=facts)
    assert answer.status_code == 422
    assert field in [fault["field"] for fault in answer.json()["errors"]]
    assert not desk.votes
