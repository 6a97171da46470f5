"""The audit trail and what is too old, on the command line."""

import json
from datetime import UTC, datetime, timedelta

from journal import Journal, Vote


def test_the_audit_trail_is_told(run, folder) -> None:
    """As JSON and in a table, the last act first; ``--since`` leaves older ones out."""
    with Journal.open("sqlite:///var/journal.db") as journal:
        journal.withdraw_promise("m1")
        journal.trail.begin("promote", "m2", actor="key:ada", outcome="done")
    acts = json.loads(run("audit-trail", "--json").out)["acts"]
    assert [(one["actor"], one["act"], one["subject"]) for one in acts] == [
        ("key:ada", "promote", "m2"),
        ("stellwerk", "withdraw promise", "m1"),
    ]
    assert "key:ada" in run("audit-trail").out
    assert json.loads(run("audit-trail", "--since", "2999-01-01", "--json").out)["acts"] == []


def test_what_is_too_old_is_removed_and_told(run, folder) -> None:
    """Votes older than two years go by default, and the trail says that it was done here."""
    with Journal.open("sqlite:///var/journal.db") as journal:
        for days in (1, 800):
            time = datetime.now(UTC) - timedelta(days=days)
            journal.record_vote(Vote(query="q", hit_id="h", helpful=True, time=time))
    assert json.loads(run("retain", "--json").out)["votes"] == 1
    with Journal.open("sqlite:///var/journal.db") as journal:
        assert journal.counts().votes == 1
        (act,) = journal.trail.acts(limit=10)
    assert (act.actor, act.act, act.outcome) == ("command line", "retain", "done")


def test_a_model_promoted_here_is_in_the_trail(run, folder, promising) -> None:
    """With the version and who did it; a version that is not there is refused, and that is kept as well."""
    from classifier import ModelShelf

    version = ModelShelf(folder / "models").save(promising, n_tickets=7, data_fingerprint="x").version
    Journal.open("sqlite:///var/journal.db").close()
    assert run("promote", version).status == 0
    assert run("promote", "nothing").status == 1
    with Journal.open("sqlite:///var/journal.db") as journal:
        told = [(one.actor, one.act, one.subject, one.outcome) for one in journal.trail.acts(limit=10)]
    assert told == [
        ("command line", "promote", "nothing", "refused"),
        ("command line", "promote", version, "done"),
    ]
