"""What breaks beside a running service: its model's files, its clock, its disk."""

import resource
import shutil
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.hardening.conftest import ready, until

from classifier import ModelShelf, ShelfError
from desk import Desk, Settings
from journal import DecisionRecord, Journal, JournalError
from knowledge import Article, KnowledgeError
from tickets import Ticket

pytestmark = pytest.mark.slow
TICKET = {"subject": "Drucker druckt leere Seiten", "body": "Seit heute früh kommen nur noch leere Etiketten."}


@contextmanager
def full_disk(n_bytes: int):
    """No file of this process grows beyond so many bytes, as on a disk that is full."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_model_damaged_between_two_requests(real_settings):
    """The loaded model goes on answering; a service that starts on the damaged one says so until it is restored."""
    model = next(real_settings.models.glob("*/classifier.joblib"))
    whole = model.read_bytes()
    with ready(real_settings) as client:
        until(lambda: client.get("/readyz").is_success)
        before = client.post("/v1/classifications", json=TICKET).json()
        model.write_bytes(whole[:1_000] + b"x" + whole[1_001:])
        after = client.post("/v1/classifications", json=TICKET)
        assert after.status_code == 200
        assert after.json()["predictions"] == before["predictions"]
    with ready(real_settings) as client:
        until(lambda: "differs from its digest" in client.get("/readyz").text)
        refused = client.post("/v1/classifications", json=TICKET)
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        model.write_bytes(whole)
        until(lambda: client.get("/readyz").is_success)
        assert client.post("/v1/classifications", json=TICKET).status_code == 200


def decision(number: int) -> DecisionRecord:
    """A decision about a ticket of some kilobytes."""
    ticket = Ticket(id=str(number), body="x" * 4_000)
    return DecisionRecord(id=f"c_{number}", ticket=ticket, predictions={}, action="review", model="m")


def test_a_journal_on_a_full_disk(tmp_path):
    """What could not be written is told and not half there; what was written stays, and afterwards all is well."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.db") as journal:
        journal.record_decision(decision(0))
        kept = {"c_0"}

        def fill() -> None:
            for number in range(1, 2_000):
                journal.record_decision(decision(number))
                kept.add(f"c_{number}")

        with full_disk(600_000), pytest.raises(JournalError):
            fill()
        assert 1 < len(kept) < 2_000
        journal.record_decision(decision(9_999))
        assert journal.known({f"c_{number}" for number in range(2_000)}) == kept
        assert journal.known({"c_9999"}) == {"c_9999"}


def test_a_model_on_a_full_disk(tmp_path, trained_fast, champion_shelf):
    """A model that does not fit leaves nothing behind, and the one before it serves."""
    shutil.copytree(champion_shelf.path, tmp_path / "models")
    shelf = ModelShelf(tmp_path / "models")
    there = sorted(path.name for path in shelf.path.iterdir())
    with full_disk(20_000), pytest.raises(ShelfError, match="free space"):
        shelf.save(trained_fast, n_tickets=1, data_fingerprint="x")
    assert sorted(path.name for path in shelf.path.iterdir()) == there
    assert shelf.load()[0].version == shelf.champion


def test_a_knowledge_base_on_a_full_disk(filled: Settings, tmp_path: Path):
    """Documents that do not fit are told; those that were there are found, and new ones fit once there is space."""
    settings = filled.model_copy(
        update={"knowledge": tmp_path / "knowledge", "journal": f"sqlite:///{tmp_path}/journal.db"}
    )
    desk = Desk.open(settings)
    first = Article(id="first", title="Drucker", body="Der Drucker druckt leere Etiketten.")
    many = [Article(id=f"a{i}", title=f"Drucker {i}", body=f"Drucker {i} braucht Rolle {i}.") for i in range(300)]
    try:
        desk.documents.put([first])
        with full_disk(400_000), pytest.raises((KnowledgeError, JournalError)):
            desk.documents.put(many)
        assert desk.documents.owners({"first"})
        desk.documents.put(many)
        assert len(desk.documents.owners({one.id for one in many})) == len(many)
    finally:
        desk.close()


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps(filled, days, monkeypatch):
    """A clock set back or forward by a year: tickets are answered and found, and nothing is removed for its age."""

    class Jumped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=days)

    desk = Desk.open(filled)
    try:
        before = desk.classify(Ticket(body=TICKET["body"]))
        for module in ("desk.duplicates", "desk.keeping", "journal.records", "journal.once", "journal.retention"):
            monkeypatch.setattr(f"{module}.datetime", Jumped, raising=False)
        after = desk.classify(Ticket(body=TICKET["body"]))
        assert after.predictions == before.predictions
        desk.keeping.enforce_daily()
        with Journal.open(filled.journal) as journal:
            assert journal.known({before.id, after.id}) == {before.id, after.id}
    finally:
        desk.close()
    assert datetime.now(UTC).year < 2_100
