"""Acts are kept before they are done, and how they went after."""

import pytest

from desk import AuditTrail, Settings
from desk.trail import acting_alone
from journal import Journal, JournalError


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/journal.db"


@pytest.fixture
def journal(url):
    with Journal.open(url, wait_seconds=0.1) as opened:
        yield opened


def outcomes(journal):
    return [(one.act, one.subject, one.outcome) for one in journal.trail.acts(limit=9)]


def test_an_act_that_raises_was_refused(journal):
    """What is raised comes out, and the trail keeps that it was tried; what only the act knew is told after it."""
    trail = AuditTrail(lambda: journal)
    with pytest.raises(ZeroDivisionError), trail.acting("promote", "m1", actor="a"):
        raise ZeroDivisionError
    with trail.acting("roll back", actor="a") as done:
        assert outcomes(journal)[0] == ("roll back", None, "begun")
        done.name = "m0"
    assert outcomes(journal) == [("roll back", "m0", "done"), ("promote", "m1", "refused")]


def test_what_cannot_be_kept_is_not_done(journal, tmp_path):
    """Without its journal an act does not begin; one that had begun is done all the same."""
    trail, done = AuditTrail(lambda: journal), []
    with trail.acting("promote", "m1", actor="a"):
        (tmp_path / "journal.db").unlink()
        done.append("m1")
    with pytest.raises(JournalError), trail.acting("promote", "m2", actor="a"):
        done.append("m2")
    assert done == ["m1"]


def test_a_command_begins_no_journal_for_its_acts(url, tmp_path):
    """Where there is none, the act is done and nothing is kept; where there is one, it is kept."""
    settings = Settings(journal=url)
    with acting_alone(settings, "restore", "x"):
        pass
    assert not (tmp_path / "journal.db").exists()
    Journal.open(url).close()
    with acting_alone(settings, "restore", "x"):
        pass
    with Journal.open(url) as journal:
        assert [(one.actor, one.outcome) for one in journal.trail.acts(limit=9)] == [("command line", "done")]
