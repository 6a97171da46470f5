"""What the journal counts over time, by source and by vote."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from journal import KeptDocument, RecordedReason, Vote

START = datetime(2026, 3, 2, tzinfo=UTC)


def test_decisions_are_counted_by_day_action_and_labels(journal, decide):
    """One model's decisions, the strange ones among them, and nothing from before."""
    strange = (RecordedReason(code="no_similar_history"),)
    facts = [("auto", 0, ()), ("auto", 0, ()), ("review", 1, strange), ("auto", -3, ())]
    journal.record_decisions(
        [
            replace(decide(f"c_{n}"), action=action, time=START + timedelta(days=days), reasons=reasons, model="m")
            for n, (action, days, reasons) in enumerate(facts)
        ]
    )
    journal.record_decision(replace(decide("c_other"), time=START, model="other"))
    days = journal.activity.days("m", since=START)
    assert [(one.day, one.action, one.n_tickets, one.n_strange) for one in days] == [
        (date(2026, 3, 2), "auto", 2, 0),
        (date(2026, 3, 3), "review", 1, 1),
    ]
    assert days[0].labels == {"level": "2"}


def test_documents_are_counted_by_source(journal):
    """The largest source first; what came one by one has none; what was removed is not counted."""
    kept = [
        KeptDocument(kind="article", id=id_, digest="d", content={}, source=source, file=source)
        for id_, source in [("a", "wiki"), ("b", "wiki"), ("c", None), ("d", "wiki")]
    ]
    journal.documents.keep(kept)
    journal.documents.remove(["d"])
    assert [(one.source, one.n_documents) for one in journal.activity.sources()] == [("wiki", 2), (None, 1)]


def test_what_never_helped_is_told_and_what_helped_once_is_not(journal):
    """Documents and searches with no votes but no; a search only where so many said it."""
    said = [("leer", "a", False), ("leer", "a", False), ("VPN", "b", False), ("VPN", "b", True), ("neu", "c", False)]
    for query, hit, helpful in said:
        journal.record_vote(Vote(query=query, hit_id=hit, helpful=helpful))
    assert journal.activity.unhelpful() == {"a": 2, "c": 1}
    assert journal.activity.fruitless(at_least=2) == {"leer": 2}
    assert journal.activity.n_voted() == 3
