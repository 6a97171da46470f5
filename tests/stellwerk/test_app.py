"""The commands put together, and the door."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

_COMMANDS = [
    *("train", "evaluate", "predict", "index", "search", "evaluate-search"),
    *("serve", "models", "promote", "rollback", "encoder"),
]


@pytest.mark.parametrize("command", _COMMANDS)
def test_each_command_explains_itself(command, run) -> None:
    """`--help` of every command prints its usage and ends with 0."""
    ended = run(command, "--help")
    assert ended.status == 0
    assert f"stellwerk {command}" in ended.out
    assert not ended.err


def test_help_lists_every_command(run) -> None:
    """`stellwerk --help` names every command of the contract."""
    ended = run("--help")
    assert ended.status == 0
    listed = {line.split()[1] for line in ended.out.splitlines() if line.startswith("│ ") and len(line.split()) > 2}
    assert set(_COMMANDS) <= listed


@pytest.mark.parametrize(
    "arguments",
    [
        ("learn",),
        ("train",),
        ("promote",),
        ("models", "--no-such-option"),
        ("train", "h.csv", "--plan", "slow"),
        ("train", "h.csv", "--max-error", "1"),
        ("train", "h.csv", "--confidence", "0"),
        ("train", "h.csv", "--column", "Description"),
        ("train", "h.csv", "--label", "Incident=bug"),
        ("predict", "-", "-"),
        ("search", "Drucker", "--kind", "email"),
        ("search", "Drucker", "--filter", "product"),
        ("search", "Drucker", "--filter", "since=gestern"),
        ("search", "Drucker", "--filter", "until=2026-01-01", "--filter", "until=2026-01-02"),
        ("search", "Drucker", "--limit", "0"),
        ("serve", "--port", "70000"),
    ],
)
def test_wrong_usage_ends_with_2(arguments, run) -> None:
    """Arguments that make no sense end with 2, say so on standard error, and print no result."""
    ended = run(*arguments)
    assert ended.status == 2
    assert "Usage: stellwerk" in ended.err
    assert not ended.out


def test_version_is_the_installed_one(run) -> None:
    """`--version` prints the version of the installed package."""
    installed = metadata.version("stellwerk")
    assert run("--version").out == f"stellwerk {installed}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "missing.csv"),
        ("evaluate-search", "missing.jsonl"),
        ("predict", "missing.csv"),
        ("train", "notes.txt"),
        ("train", "notes.txt", "--taxonomy", "missing.toml"),
        ("train", "notes.txt", "--target", "colour"),
        ("train", "notes.txt", "--mapping", "missing.toml"),
        ("promote", "no-such-version"),
        ("rollback",),
    ],
)
def test_failed_work_ends_with_1_and_one_line(arguments, run, folder) -> None:
    """Work that cannot be done ends with 1 and exactly one line on standard error."""
    (folder / "notes.txt").write_text("hello")
    (folder / "models" / "encoders" / "multilingual-e5-small").mkdir(parents=True)  # damaged, so nothing is built
    ended = run(*arguments)
    assert ended.status == 1
    assert not ended.out
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("stellwerk: ")
    assert "; " in ended.err


def test_json_is_all_that_standard_output_carries(run) -> None:
    """With `--json` standard output is one JSON document, even with every log line switched on."""
    ended = run("--debug", "models", "--json")
    assert ended.status == 0
    nothing = {"champion": None, "models": [], "serving": None, "refused": None, "shadow": None}
    assert json.loads(ended.out) == nothing


def test_debug_shows_the_trace_on_standard_error(run) -> None:
    """The trace of an error is shown on request alone."""
    assert "Traceback" not in run("train", "missing.csv").err
    assert "Traceback" in run("--debug", "train", "missing.csv").err


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stellwerk", *arguments]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_in_one_line(folder) -> None:
    """A result that cannot be written ends with 1 and says that the disk is full."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            _command("models", "--json"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(),
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == "stellwerk: No space left on device; free disk space and run it again\n"


def test_an_interrupted_command_ends_with_130(folder) -> None:
    """Ctrl-C ends a command with 130 and without a traceback."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child of a run in the background ignores it
    with subprocess.Popen(
        _command("--verbose", "predict", "-"),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    ) as running:
        deadline = time.monotonic() + 240  # a busy machine takes long to import everything
        while not (waits := _waits_for_input(running.pid)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert waits
        running.send_signal(signal.SIGINT)
        _, err = running.communicate()
    signal.signal(signal.SIGINT, before)
    assert running.returncode == 130, err
    assert "Traceback" not in err


def _waits_for_input(process: int) -> bool:
    """Whether the process has opened the temporary file into which it reads standard input."""
    opened = Path(f"/proc/{process}/fd")
    return any(link.is_symlink() and link.readlink().name == "stdin.jsonl" for link in opened.iterdir())
