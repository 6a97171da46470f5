"""The models told on the command line, with what the journal knows of their audits."""

import json
from datetime import UTC, datetime

import pytest

from classifier import ModelShelf
from journal import Correction, DecisionRecord, Journal
from tickets import Ticket

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def version(folder, promising) -> str:
    """A model on the shelf of the current folder."""
    return ModelShelf(folder / "models").save(promising, n_tickets=7, data_fingerprint="x").version


def remember(version: str, *, withdrawn: bool) -> None:
    """Begin a journal in which one of two draws of this model was contradicted."""
    with Journal.open("sqlite:///var/journal.db") as journal:
        for name in ("c_1", "c_2"):
            facts = {"action": "auto", "labels": {"level": "1"}, "model": version, "audit": True}
            journal.record_decision(DecisionRecord(id=name, ticket=Ticket(), predictions={}, time=NOON, **facts))
        journal.record_correction(Correction(classification_id="c_1", labels={"level": "2"}))
        if withdrawn:
            journal.withdraw_promise(version)


def test_models_tell_their_audits(run, version) -> None:
    """As JSON and in the table: how many draws were answered and contradicted, and whether the promise stands."""
    remember(version, withdrawn=True)
    (entry,) = json.loads(run("models", "--json").out)["models"]
    audit = entry["audit"]
    assert (audit["n_drawn"], audit["n_answered"], audit["n_wrong"]) == (2, 1, 1)
    assert datetime.fromisoformat(audit["withdrawn_since"]) > NOON
    table = run("models").out
    assert "1/1" in table
    assert "off" in table


def test_a_promise_that_stands_is_not_called_withdrawn(run, version) -> None:
    """A contradiction alone withdraws nothing, and listing models judges nothing."""
    remember(version, withdrawn=False)
    assert "off" not in run("models").out
    assert json.loads(run("models", "--json").out)["models"][0]["audit"]["withdrawn_since"] is None


def test_listing_models_begins_no_journal(run, version, folder) -> None:
    """Where there is no journal the models are told without audits, and there is none afterwards."""
    assert json.loads(run("models", "--json").out)["models"][0]["audit"] is None
    assert run("models").status == 0
    assert not (folder / "var").exists()


def test_a_damaged_journal_does_not_hide_the_models(run, version, folder) -> None:
    """The models are told, the audit is not, and the reason is in the log."""
    (folder / "var").mkdir()
    (folder / "var" / "journal.db").write_text("no database " * 100)
    ended = run("models", "--json")
    assert ended.status == 0
    assert json.loads(ended.out)["models"][0]["audit"] is None
    assert "audit unreadable" in ended.err
