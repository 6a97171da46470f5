"""Plain histories that are learned in a second, and shelves to write to."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier import ModelShelf, Trained, TrainingPlan, fingerprint, train
from tickets import SolvedTicket, Taxonomy, Ticket

WORDS = {
    ("1", "question"): "Passwort vergessen Konto gesperrt Anmeldung zurücksetzen",
    ("2", "bug"): "Drucker Fehlermeldung Absturz Server Treiber",
    ("3", "requirement"): "Schnittstelle Wunsch Erweiterung Feld Export",
    ("2", "update"): "Aktualisierung Version einspielen Patch Wartungsfenster",
}
FILLERS = "bitte hallo leider heute wieder seit gestern Kollege Büro dringend danke Montag".split()  # noqa: SIM905


def plain(n_problems: int, *, siblings: int = 2, seed: int = 0, **facts) -> list[SolvedTicket]:
    """Tickets whose labels stand in their words; ``siblings`` tickets for each problem."""
    dice = random.Random(seed)
    solved = []
    for problem in range(n_problems):
        (level, category), words = list(WORDS.items())[problem % len(WORDS)]
        for sibling in range(siblings):
            body = " ".join(dice.sample(words.split(), 3) + dice.sample(FILLERS, 4))
            solved.append(
                SolvedTicket(
                    ticket=Ticket(
                        id=f"t-{seed}-{problem}-{sibling}",
                        subject=dice.choice(words.split()),
                        body=f"{body}, das ist bei uns so und geht nicht",
                        **{"language": "de", "product": f"P{problem % 3}"} | facts,
                    ),
                    labels={"level": level, "category": category},
                    problem=f"p-{seed}-{problem}",
                )
            )
    return solved


@pytest.fixture(scope="session")
def plain_history() -> Callable[..., list[SolvedTicket]]:
    """Builds a history that can be learned without error."""
    return plain


@pytest.fixture(scope="session")
def plain_trained(taxonomy: Taxonomy) -> Trained:
    """A model of 400 plain tickets of 200 problems, which is sure enough to route by itself."""
    return train(plain(200), taxonomy=taxonomy, plan=TrainingPlan.named("fast", primer=False))


@pytest.fixture
def shelf(champion_shelf: ModelShelf, tmp_path: Path) -> ModelShelf:
    """A shelf of one's own with one champion."""
    shutil.copytree(champion_shelf.path, tmp_path / "shelf")
    return ModelShelf(tmp_path / "shelf")


@pytest.fixture
def second(shelf: ModelShelf, plain_trained: Trained) -> str:
    """The version of another model on the same shelf, not promoted."""
    solved = plain(200)
    return shelf.save(plain_trained, n_tickets=len(solved), data_fingerprint=fingerprint(solved)).version
