"""An arriving ticket that was sent before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk import Desk
from journal import DecisionRecord, Journal
from tickets import Solution, SolvedTicket, Ticket

TICKET = Ticket(
    id="1",
    subject="Etikettendrucker druckt leere Seiten",
    body="Seit dem Update heute früh kommen aus dem Drucker im Versand nur noch leere Etiketten.",
    language="de",
)
COPY = replace(TICKET, id="2", body=f"Guten Morgen, {TICKET.body}")


def ids(answer):
    return [one.ticket_id for one in answer.duplicates]


def test_a_copy_is_told_in_the_answer_and_on_its_own(opened) -> None:
    """The second ticket names the first, never itself; asking again changes nothing."""
    desk = opened()
    assert ids(desk.classify(TICKET)) == []
    answer = desk.classify(COPY)
    assert ids(answer) == ["1"]
    assert 0.65 <= answer.duplicates[0].score <= 1
    assert ids(desk.duplicates(replace(TICKET, id="3"))) == ["1", "2"]
    assert ids(desk.classify(TICKET)) == ["2"]


def test_copies_in_one_batch_name_the_earlier_ones(opened) -> None:
    """Of two copies sent together only the second is a duplicate."""
    first, second = opened().classify_many([TICKET, COPY])
    assert (ids(first), ids(second)) == ([], ["1"])


def test_a_solved_ticket_is_open_no_longer(opened) -> None:
    """Once the knowledge base has the ticket, with or without a copy, it is no duplicate."""
    desk = opened()
    desk.classify(TICKET)
    desk.documents.put([SolvedTicket(ticket=TICKET, solution=Solution(resolution="Treiber neu zugeordnet."))])
    assert ids(desk.classify(COPY)) == []


def test_what_other_processes_and_earlier_days_recorded_is_known(opened, settings) -> None:
    """A new desk knows the journal's last days, and not what is older or was erased."""
    now = datetime.now(UTC)
    with Journal.open(settings.journal) as journal:
        for name, days in (("old", 20), ("new", 2), ("erased", 1)):
            record = DecisionRecord(
                id=f"c_{name}",
                ticket=replace(TICKET, id=name),
                predictions={},
                action="review",
                time=now - timedelta(days=days),
            )
            journal.record_decision(record)
        desk = opened()
        assert ids(desk.duplicates(COPY)) == ["new", "erased"]
        journal.erase_ticket("erased")
    assert ids(desk.duplicates(COPY)) == ["new"]


@pytest.mark.parametrize("reason", ["no journal", "no days"])
def test_where_nothing_is_remembered_nothing_is_a_duplicate(settings, reason) -> None:
    """Without a journal, or with zero days, no ticket waits."""
    chosen = settings.model_copy(update={"open_days": 0}) if reason == "no days" else settings
    desk = Desk.open(chosen, journal=reason == "no days")
    try:
        assert ids(desk.classify(TICKET)) == ids(desk.classify(COPY)) == []
    finally:
        desk.close()


def test_a_damaged_knowledge_base_does_not_keep_a_ticket_from_its_answer(opened, settings) -> None:
    """While nobody can tell what is solved, a copy is named all the same."""
    desk = opened()
    desk.classify(TICKET)
    settings.knowledge.mkdir()
    (settings.knowledge / "knowledge.json").write_text("?")
    assert ids(desk.classify(COPY)) == ["1"]
