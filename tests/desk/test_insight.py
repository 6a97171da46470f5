"""How models and knowledge do, from what the shelf, the journal and the files of rejects hold."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifier import UnknownVersionError
from desk.insight import Insight
from journal import Correction, DecisionRecord, Journal, KeptDocument, Vote
from tickets import Ticket


@pytest.fixture
def journal(tmp_path: Path):
    with Journal.open(f"sqlite:///{tmp_path}/journal.db") as opened:
        yield opened


@pytest.fixture
def insight(champion_shelf, journal) -> Insight:
    return Insight(champion_shelf.path, lambda: journal, lambda: {"article": 1, "ticket": 2})


def test_weeks_tell_actions_audit_and_drift(insight, journal, champion_shelf):
    """Where all tickets get one label, the mix lies far from the one learned from; draws and answers are counted."""
    version = champion_shelf.champion
    now = datetime.now(UTC)
    record = DecisionRecord(
        id="", ticket=Ticket(), predictions={}, action="auto", labels={"level": "3"}, model=version, audit=True
    )
    journal.record_decisions([replace(record, id=f"c_{n}", time=now - timedelta(weeks=n)) for n in range(2)])
    journal.record_correction(Correction(classification_id="c_0", labels={"level": "1"}))
    told = insight.model(version)
    before, last = told.weeks
    assert (last.n_auto, last.n_drawn, last.n_answered, last.n_wrong) == (1, 1, 1, 1)
    assert (before.n_auto, before.n_answered) == (1, 0)
    learned = {label: score.n_tickets for label, score in told.report.targets["level"].labels.items()}
    assert last.drift["level"] == pytest.approx(1 - learned["3"] / sum(learned.values()))
    assert "category" not in last.drift


def test_an_unknown_model_is_refused(insight):
    """Only what is on the shelf is told."""
    with pytest.raises(UnknownVersionError):
        insight.model("nobody")


def test_the_knowledge_tells_what_was_rejected_without_a_row_of_it(insight, journal, tmp_path, monkeypatch):
    """Reasons are counted, with a place; rows that were kept, and rejects of other commands, are not."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "var"
    folder.mkdir()
    entry = {"file": "/data/h.jsonl", "line": 3, "reason": "no_text", "kept": False, "row": {"body": "secret"}}
    lines = [entry, entry | {"line": 9}, entry | {"reason": "bad_date", "kept": True}]
    (folder / "rejects-index.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (folder / "rejects-train.jsonl").write_text(json.dumps(entry) + "\n", "utf-8")
    journal.record_vote(Vote(query="leer", hit_id="gone", helpful=False))
    kept = KeptDocument(kind="article", id="a", digest="d", content={}, source="/srv/wiki", file="/srv/wiki/a.md")
    journal.documents.keep([kept])
    told = insight.knowledge()
    assert [(one.reason, one.n_rejected, one.file, one.line) for one in told.rejected] == [("no_text", 2, "h.jsonl", 3)]
    assert "secret" not in told.model_dump_json()
    assert [one.source for one in told.sources] == ["wiki"]
    assert told.unhelpful == []
    assert (told.n_articles, told.n_tickets, told.n_voted) == (1, 2, 1)
