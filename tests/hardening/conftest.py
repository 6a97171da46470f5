"""A real service in this process, around a real desk with a champion and a few documents."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from starlette.testclient import TestClient
from tests.journeys.conftest import environment, history  # noqa: F401 - fixtures of the journeys

from classifier import ModelShelf
from desk import Desk, Settings
from knowledge import Article
from service import create_app
from tickets import SolvedTicket

LOCAL = "http://localhost"


@pytest.fixture(scope="module")
def real_settings(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path, champion_shelf: ModelShelf) -> Settings:
    """Settings of a desk of its own: the built-in encoder, a model of words alone, an empty journal."""
    home = tmp_path_factory.mktemp("hardening")
    shutil.copytree(champion_shelf.path, home / "models")
    return Settings(
        models=home / "models",
        encoders=encoder_home,
        knowledge=home / "knowledge",
        journal=f"sqlite:///{home}/journal.db",
        vector_cache=home / "vectors.db",
        masking_key=home / "masking.key",
        tracking="",
        authentication="off",
        requests_per_minute=0,
    )


@pytest.fixture(scope="module")
def filled(real_settings: Settings, small_history: tuple[SolvedTicket, ...]) -> Settings:
    """The same settings, once twelve solved tickets and an article can be found."""
    desk = Desk.open(real_settings)
    article = Article(id="a-1", title="Drucker druckt leere Seiten", body="# Ursache\nDie Etikettenrolle ist leer.")
    desk.documents.put([*small_history[:12], article])
    desk.close()
    return real_settings


def ready(settings: Settings) -> TestClient:
    """A client of the service that the settings describe; to be entered."""
    return TestClient(create_app(settings), base_url=LOCAL, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def service(filled: Settings) -> Iterator[TestClient]:
    """The running service."""
    with ready(filled) as client:
        until(lambda: client.get("/readyz").is_success)
        yield client


def until(condition: Callable[[], object], *, seconds: float = 300) -> None:
    """Wait for what happens by itself."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not happen"
        sleep(0.05)
