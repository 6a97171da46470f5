"""A history as a table, and a model learned from it."""

from pathlib import Path

import pandas as pd
import pytest

from classifier import TrainingPlan
from desk import Settings
from history import to_frame
from workbench import TicketClassifier

TARGETS = ["level", "category"]
PLAN = TrainingPlan(name="fast", meaning=False, primer_weight=0.0, n_folds=3)
"""Learned in a second."""


@pytest.fixture(scope="session")
def desk_settings(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Settings:
    """A desk in a folder of its own, shared by tests that promote nothing."""
    return settings_in(tmp_path_factory.mktemp("workbench"), encoder_home)


def settings_in(folder: Path, encoder_home: Path) -> Settings:
    return Settings(
        models=folder / "models",
        encoders=encoder_home,
        knowledge=folder / "knowledge",
        journal=f"sqlite:///{folder}/journal.db",
        vector_cache=folder / "vectors.db",
        masking_key=folder / "masking.key",
        tracking="",
    )


@pytest.fixture(scope="session")
def tickets(small_history) -> pd.DataFrame:
    """About 240 tickets of 60 problems, as a notebook reads them."""
    return to_frame(small_history)


@pytest.fixture(scope="session")
def parted(tickets) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tickets to learn from, and those of other problems to test on."""
    problems = sorted(tickets["problem"].unique())
    held_out = tickets["problem"].isin(problems[::4])
    return tickets[~held_out], tickets[held_out]


@pytest.fixture(scope="session")
def fitted(parted, desk_settings) -> TicketClassifier:
    """A model of words alone; not to be changed."""
    seen, _ = parted
    return TicketClassifier(PLAN, settings=desk_settings).fit(seen, seen[TARGETS])
