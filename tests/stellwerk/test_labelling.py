"""Labelling on the command line."""

import io
import json

import pytest

from classifier import ModelShelf
from journal import DecisionRecord, Journal, RecordedPrediction
from tickets import Ticket


@pytest.fixture
def waiting(folder, monkeypatch, encoder_home, trained_fast) -> str:
    """The address of a journal in which a decision waits for its labels, beside a champion."""
    monkeypatch.setenv("STELLWERK_ENCODERS", str(encoder_home))
    shelf = ModelShelf(folder / "models")
    shelf.promote(shelf.save(trained_fast, n_tickets=7, data_fingerprint="x").version)
    said = RecordedPrediction(label="3", confidence=0.77, probabilities={"1": 0.23, "3": 0.77})
    ticket = Ticket(id="4711", subject="Drucker", body="druckt leere Seiten")
    with Journal.open("sqlite:///var/journal.db") as journal:
        journal.record_decision(
            DecisionRecord(id="c_7", ticket=ticket, predictions={"level": said}, action="suggest", model="m")
        )
    return "sqlite:///var/journal.db"


def test_labels_are_asked_for_and_kept(run, waiting, monkeypatch) -> None:
    """A wrong word is asked for again, an empty line leaves a target open, and what is said is an agent's judgement."""
    monkeypatch.setattr("sys.stdin", io.StringIO("9\n2\n\n"))
    ended = run("label", "--source", "ada")
    assert ended.status == 0, ended.err
    assert "druckt leere Seiten" in ended.out
    assert "0.77" not in ended.out + ended.err
    with Journal.open(waiting) as journal:
        (said,) = journal.feedback.judged()[0].corrections
    assert (said.labels, said.provenance, said.source) == ({"level": "2"}, "agent", "ada")


def test_an_end_keeps_nothing_of_the_ticket_at_hand(run, waiting, monkeypatch) -> None:
    """Whoever ends in the middle of a ticket has not labelled it."""
    monkeypatch.setattr("sys.stdin", io.StringIO("2\nq\n"))
    assert run("label").status == 0
    with Journal.open(waiting) as journal:
        assert journal.feedback.judged() == []


def test_the_list_alone(run, waiting) -> None:
    """As JSON, for a program that labels elsewhere."""
    told = json.loads(run("label", "--json").out)
    assert [one["ticket_id"] for one in told["tickets"]] == ["4711"]


def test_without_a_journal_there_is_nothing_to_label(run, folder) -> None:
    """One line with the cure, and no journal is begun."""
    ended = run("label")
    assert ended.status == 1
    assert "STELLWERK_JOURNAL" in ended.err
    assert not (folder / "var").exists()
