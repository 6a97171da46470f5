"""The command line, run inside the test's own process and folder."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from stellwerk.app import main

_QUIET_LIBRARIES = (
    "TQDM_DISABLE",
    "HF_HUB_DISABLE_PROGRESS_BARS",
    "TRANSFORMERS_VERBOSITY",
    "MLFLOW_LOGGING_LEVEL",
)
_SETTINGS = (
    "MODELS",
    "KNOWLEDGE",
    "HOST",
    "PORT",
    "WORKERS",
    "ENCODER",
    "ENCODERS",
    "JOURNAL",
    "TRACKING",
    "AUTHENTICATION",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status and what it printed where."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """Runs one command."""

    def __call__(self, *arguments: object) -> Ended:
        """How ``stellwerk ARGUMENTS`` ends."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in _SETTINGS:
        monkeypatch.delenv(f"STELLWERK_{name}", raising=False)
    for name in _QUIET_LIBRARIES:
        monkeypatch.setenv(name, "")  # so that a command leaves the environment as it was
    return tmp_path


@pytest.fixture
def logging_kept() -> Iterator[None]:
    """Logging afterwards as it was before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("tickets", "text", "history", "classifier", "knowledge", "journal", "desk", "stellwerk"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def run(folder: Path, logging_kept: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command through the door that users enter by."""

    def run_one(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, printed.out, printed.err)

    return run_one


@pytest.fixture
def history(folder: Path) -> Path:
    """Two solved tickets, and a row that is none."""
    file = folder / "history.csv"
    rows = [
        "id,subject,body,level,category",
        "1,Drucker,druckt nicht,1,bug",
        "2,Rabatt,?,2,question",
        "3,,,1,bug",
    ]
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return file
