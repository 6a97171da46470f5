"""Journals on disk, and facts to write into them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.journal.postgres import PostgresServer, programs

from journal import DecisionRecord, Journal, RecordedPrediction, RecordedReason
from tickets import Ticket

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "var" / "journal.db"


@pytest.fixture
def journal(database: Path) -> Iterator[Journal]:
    with Journal.open(f"sqlite:///{database}", wait_seconds=0.2) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer(programs())
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, database: Path) -> str:
    """An address where no journal was begun, of each database that can keep one."""
    if request.param == "sqlite":
        return f"sqlite:///{database}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def decide():
    """A decision about the Grünwald depot's printer; ``changes`` go to its ticket."""

    def build(classification_id: str = "c_1", **changes) -> DecisionRecord:
        facts = {"id": "4711", "subject": "Drucker streikt", "body": "Etikett 7 wird grün.", "language": "de"}
        facts |= {
            "channel": "mail",
            "product": "WMS",
            "customer": "Depot Grünwald",
            "created_at": NOON,
        } | changes
        return DecisionRecord(
            id=classification_id,
            ticket=Ticket(**facts),
            predictions={"level": RecordedPrediction(label="2", confidence=0.7, probabilities={"1": 0.3, "2": 0.7})},
            action="suggest",
            labels={"level": "2"},
            reasons=(RecordedReason(code="near_tie", target="level"), RecordedReason(code="too_short")),
            model="2026-03-01-a",
            time=NOON,
        )

    return build
