"""Who did what, and how it went."""

from datetime import UTC, datetime, timedelta

from journal import Act


def test_an_act_is_kept_before_it_is_done_and_how_it_went_after(journal):
    """Of a process that dies in between, what it had begun is known."""
    before = datetime.now(UTC)
    begun = journal.trail.begin("promote", "m1", actor="key:ada")
    done = journal.trail.begin("roll back", None, actor="command line")
    journal.trail.end(done, "done", "m0")
    second, first = journal.trail.acts(limit=10)
    assert first == Act(id=begun, time=first.time, actor="key:ada", act="promote", subject="m1", outcome="begun")
    assert (second.subject, second.outcome) == ("m0", "done")
    assert before <= first.time <= second.time <= datetime.now(UTC)


def test_acts_come_in_pages_the_last_first(journal):
    """Every act is on one page, also where more are remembered in between; ``since`` leaves older ones out."""
    ids = [journal.trail.begin("promote", str(n), actor="a") for n in range(5)]
    first = journal.trail.acts(limit=2)
    journal.trail.begin("promote", "later", actor="a")
    rest = journal.trail.acts(limit=10, before=first[-1].id)
    assert [one.id for one in first + rest] == ids[::-1]
    assert journal.trail.acts(since=datetime.now(UTC) + timedelta(minutes=1), limit=10) == []
