"""Corrections made tickets to learn from."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.feedback import NoFeedbackError, judged_decisions, with_feedback
from journal import Correction, DecisionRecord, JudgedDecision, Provenance
from tickets import SolvedTicket, Taxonomy, Ticket

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAXONOMY = Taxonomy.builtin()


def judged(
    ticket: Ticket, *said: tuple[dict[str, str], Provenance | None], answered: dict[str, str] | None = None
) -> JudgedDecision:
    """A decision that answered so, and what people said of it, a minute apart."""
    decision = DecisionRecord(
        id=f"c_{ticket.id or ticket.body}",
        ticket=ticket,
        predictions={},
        action="auto",
        labels=answered or {"level": "1", "category": "bug"},
        model="m",
        time=NOON,
    )
    corrections = tuple(
        Correction(classification_id=decision.id, labels=labels, provenance=how, time=NOON + timedelta(minutes=minute))
        for minute, (labels, how) in enumerate(said)
    )
    return JudgedDecision(decision=decision, corrections=corrections)


def history(level: str = "1") -> list[SolvedTicket]:
    """One solved ticket."""
    ticket = Ticket(id="4711", body="Drucker streikt")
    return [SolvedTicket(ticket=ticket, labels={"level": level, "category": "bug"}, problem="p1")]


def test_only_what_was_said_is_learned() -> None:
    """A label that the model answered and nobody confirmed is in no ticket, and what nobody judged is no ticket."""
    said = judged(Ticket(id="1", body="Tor klemmt"), ({"level": "3"}, None))
    silent = judged(Ticket(id="2", body="Etikett leer"))
    together, told = with_feedback(history(), [said, silent], TAXONOMY)
    assert [dict(one.labels) for one in together[1:]] == [{"level": "3"}]
    assert (told.n_added, told.n_labels) == (1, {"agent": 1})


@pytest.mark.parametrize(
    ("how", "level"), [("agent", "3"), ("confirmation", "1"), ("rule", "1"), ("customer", "1"), (None, "3")]
)
def test_who_says_it_decides_against_the_history(how: Provenance | None, level: str) -> None:
    """An agent's judgement replaces the history's label; what is believed less does not, and is counted."""
    together, told = with_feedback(
        history(), [judged(Ticket(id="4711", body="anders"), ({"level": "3"}, how))], TAXONOMY
    )
    assert [one.labels["level"] for one in together] == [level]
    assert together[0].problem == "p1"
    assert told.n_changed + told.n_overruled == 1


def test_what_the_history_lacks_anybody_may_tell() -> None:
    """A customer's label fills a gap."""
    solved = [SolvedTicket(ticket=Ticket(id="4711", body="Drucker streikt"), labels={"category": "bug"})]
    together, told = with_feedback(solved, [judged(Ticket(id="4711"), ({"level": "2"}, "customer"))], TAXONOMY)
    assert together[0].labels["level"] == "2"
    assert told.n_changed == 1


def test_an_agent_is_believed_more_than_a_later_customer_and_less_than_a_later_agent() -> None:
    """Rank comes before time, and time decides among equals."""
    ticket = Ticket(id="9", body="Scanner tot")
    said = judged(ticket, ({"level": "2"}, "agent"), ({"level": "3"}, "customer"))
    assert with_feedback([], [said], TAXONOMY)[0][0].labels == {"level": "2"}
    said = judged(ticket, ({"level": "2"}, "agent"), ({"level": "3"}, "agent"))
    assert with_feedback([], [said], TAXONOMY)[0][0].labels == {"level": "3"}


def test_an_answer_that_is_repeated_is_a_confirmation() -> None:
    """Where nobody says how a label came about, what agrees with the answer is confirmed and the rest judged."""
    said = judged(Ticket(id="9"), ({"level": "1", "category": "question"}, None))
    assert with_feedback([], [said], TAXONOMY)[1].n_labels == {"confirmation": 1, "agent": 1}


def test_the_same_words_are_the_same_ticket_or_the_same_problem() -> None:
    """Without an id a ticket is known by its words; under another id it is another ticket of the same problem."""
    words = judged(Ticket(body="Drucker streikt"), ({"level": "3"}, "agent"))
    together, _ = with_feedback(history(), [words], TAXONOMY)
    assert [one.labels["level"] for one in together] == ["3"]
    other = judged(Ticket(id="5", body="Drucker streikt"), ({"level": "3"}, "agent"))
    together, _ = with_feedback(history(), [other], TAXONOMY)
    assert [one.problem for one in together] == ["p1", "p1"]


def test_labels_of_another_taxonomy_are_left_out() -> None:
    """A correction from the time of other targets teaches nothing, and harms nothing."""
    together, told = with_feedback([], [judged(Ticket(id="5"), ({"queue": "north"}, "agent"))], TAXONOMY)
    assert together == []
    assert told.n_labels == {}


def test_without_a_journal_there_is_no_feedback(settings) -> None:
    """The error names the cure."""
    with pytest.raises(NoFeedbackError, match="STELLWERK_JOURNAL"):
        judged_decisions(settings)


def test_the_journal_keeps_how_a_label_came_about(opened, settings, shelf) -> None:
    """What is said through the desk comes back with its ticket, masked as the journal keeps it."""
    desk = opened()
    answer = desk.classify(Ticket(id="1", body="Bitte um Hilfe, erreichbar unter ada@example.org, Drucker streikt"))
    desk.correct(answer.id, {"level": "3"}, "ada", "rule")
    found = judged_decisions(settings)
    assert [one.provenance for one in found[0].corrections] == ["rule"]
    assert "ada@" not in found[0].decision.ticket.body
    together, _ = with_feedback([], found, TAXONOMY)
    assert together[0].ticket == found[0].decision.ticket
