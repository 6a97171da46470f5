"""A desk in a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from classifier import ModelShelf
from desk import Desk, Settings
from tickets import SolvedTicket, Ticket


@pytest.fixture
def settings(tmp_path: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose shelf, knowledge and journal are empty; the built-in encoder is taken from its folder."""
    monkeypatch.chdir(tmp_path)
    return Settings(
        models=tmp_path / "models",
        encoder=str(encoder_folder),
        knowledge=tmp_path / "knowledge",
        journal=f"sqlite:///{tmp_path}/journal.db",
        vector_cache=tmp_path / "vectors.db",
        tracking="",
    )


@pytest.fixture
def shelf(settings: Settings, champion_shelf: ModelShelf) -> ModelShelf:
    """The desk's shelf, with a champion."""
    shutil.copytree(champion_shelf.path, settings.models)
    return ModelShelf(settings.models)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Callable[..., Desk]]:
    """Opens desks and closes them after the test."""
    with ExitStack() as stack:

        def open_desk(**options) -> Desk:
            desk = Desk.open(settings, **options)
            stack.callback(desk.close)
            return desk

        yield open_desk


@pytest.fixture
def plain_tickets() -> list[SolvedTicket]:
    """Tickets that are learned in a second."""
    words = {"1": "Passwort vergessen Konto", "2": "Drucker Fehler Absturz", "3": "Schnittstelle Erweiterung"}
    kinds = {"1": "question", "2": "bug", "3": "requirement"}
    return [
        SolvedTicket(
            ticket=Ticket(id=str(i), body=f"Guten Tag, {words[level]} in Raum {i}, bitte helfen", language="de"),
            labels={"level": level, "category": kinds[level]},
        )
        for i, level in enumerate("123" * 12)
    ]
