"""Forgetting on the command line."""

import json

import pytest

from journal import DecisionRecord, Journal
from tickets import Ticket


@pytest.fixture
def encoder(folder, encoder_folder, monkeypatch) -> None:
    """The built-in encoder, where it was built."""
    monkeypatch.setenv("STELLWERK_ENCODER", str(encoder_folder))


def test_a_ticket_is_forgotten_and_the_proof_is_shown(run, encoder) -> None:
    """The command erases the journal's decision, says how much it was, and lists the proof without the id."""
    with Journal.open("sqlite:///var/journal.db") as journal:
        ticket = Ticket(id="T-4711", body="Drucker")
        journal.record_decision(DecisionRecord(id="c_1", ticket=ticket, predictions={}, action="review"))
    ended = run("forget", "--ticket", "T-4711", "--json")
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["counts"]["decisions"] == 1
    with Journal.open("sqlite:///var/journal.db") as journal:
        assert journal.decision("c_1") is None
    (proof,) = json.loads(run("forget", "--proofs", "--json").out)["forgettings"]
    assert (proof["actor"], proof["subject"]) == ("command line", "ticket")
    assert "T-4711" not in json.dumps(proof)
    assert "1 decisions" in run("forget", "--proofs").out


@pytest.mark.parametrize("options", [(), ("--ticket", "1", "--customer", "2"), ("--proofs", "--ticket", "1")])
def test_one_subject_must_be_named(run, folder, options) -> None:
    """Nothing is erased where it is not clear what."""
    ended = run("forget", *options)
    assert ended.status != 0
    assert "--proofs alone" in ended.err


def test_a_person_must_be_an_address(run, encoder) -> None:
    """The line says how a person is named."""
    ended = run("forget", "--person", "Kowalczyk")
    assert ended.status == 1
    assert "name@example.org" in ended.err
