"""What people should label next, through the desk."""

import pytest

from desk import Scope
from desk.identity import Identity
from desk.view import DeskView
from tickets import Ticket

BODIES = (
    "Drucker im Lager druckt nur leere Seiten",
    "Passwort vergessen, bitte neu setzen",
    "Neue Schnittstelle zum WMS",
)


@pytest.fixture
def decided(opened, shelf):
    """A desk that has classified three tickets of two customers, and the answers."""
    desk = opened()
    tickets = [Ticket(id=str(i), body=body, customer="Nord" if i else "Sued") for i, body in enumerate(BODIES)]
    return desk, desk.classify_many(tickets)


def test_waiting_tickets_are_shown_without_the_answer(decided) -> None:
    """Ticket and labels to choose from; nowhere a prediction, a probability or a reason."""
    desk, answers = decided
    told = desk.labelling.told(desk.taxonomy, limit=10)
    assert {one.classification_id for one in told.tickets} == {answer.id for answer in answers}
    assert told.labels["level"] == ["1", "2", "3"]
    assert set(type(told.tickets[0]).model_fields) == {
        "classification_id", "ticket_id", "subject", "body", "language", "product", "received_at",
    }  # fmt: skip


def test_a_labelled_ticket_leaves_the_queue(decided) -> None:
    """And asking for fewer gives fewer."""
    desk, answers = decided
    desk.correct(answers[0].id, {"level": "3"}, None, "agent")
    told = desk.labelling.told(desk.taxonomy, limit=10)
    assert {one.classification_id for one in told.tickets} == {answers[1].id, answers[2].id}
    assert len(desk.labelling.told(desk.taxonomy, limit=1).tickets) == 1


def test_a_customers_key_sees_its_own_tickets(decided) -> None:
    """Whoever is bound to a customer labels that one's tickets alone, and is a customer whatever they say."""
    desk, answers = decided
    view = DeskView(desk, Identity(actor="key:1", scopes=frozenset({Scope.FEEDBACK}), customers=frozenset({"Sued"})))
    assert [one.ticket_id for one in view.labelling_queue(limit=10).tickets] == ["0"]
    view.correct(answers[0].id, {"level": "3"}, None, "agent")
    (said,) = desk._journal.feedback.judged()
    assert [one.provenance for one in said.corrections] == ["customer"]


def test_the_estimate_counts_what_chance_has_drawn(decided, settings) -> None:
    """With a share of 1 every decision is drawn; right is what people confirmed."""
    desk, answers = decided
    desk.labelling._share = 1.0
    for answer in answers[:2]:
        level = answer.predictions["level"].label if answer is answers[0] else "other"
        labels = {
            "level": level if level != "other" else next(x for x in "123" if x != answer.predictions["level"].label)
        }
        desk.correct(answer.id, labels, None, "agent")
    estimate = desk.labelling.told(desk.taxonomy, limit=10).estimate
    assert (estimate.n_drawn, estimate.n_answered) == (3, 2)
    assert (estimate.n_right, estimate.n_told) == ({"level": 1}, {"level": 2})
