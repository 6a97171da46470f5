"""What a program gets that lets people label."""

from journal import DecisionRecord, RecordedPrediction
from tickets import Ticket


def test_the_queue_tells_tickets_and_labels_but_no_answer(client, desk):
    """Each ticket that waits, the labels to choose from, and how the random ones stand."""
    said = RecordedPrediction(label="3", confidence=0.77, probabilities={"1": 0.23, "3": 0.77})
    ticket = Ticket(id="4711", subject="Drucker", body="druckt leere Seiten")
    desk.kept.record_decision(
        DecisionRecord(id="c_7", ticket=ticket, predictions={"level": said}, action="suggest", model="v2")
    )
    answer = client.get("/v1/labelling-queue", params={"limit": 5})
    assert answer.status_code == 200
    told = answer.json()
    assert [one["classification_id"] for one in told["tickets"]] == ["c_7"]
    assert told["labels"]["category"] == ["bug", "question", "requirement", "update"]
    assert told["estimate"]["n_drawn"] == 1
    assert "0.77" not in answer.text
    assert "predictions" not in answer.text


def test_a_limit_beyond_reason_is_refused(client):
    """At most a hundred tickets at once."""
    assert client.get("/v1/labelling-queue", params={"limit": 1_000}).status_code == 422
