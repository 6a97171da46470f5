"""Every command that the documentation shows, run as it stands there."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
BLOCK = re.compile(r"(?:<!-- test: (?P<mark>[a-z ]+) -->\n)?```bash\n(?P<commands>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    page: str
    line: int
    mark: str
    commands: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def shown_commands() -> list[Shown]:
    pages = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
    return [
        Shown(
            page.relative_to(REPOSITORY).as_posix(),
            text[: found.start()].count("\n") + 1,
            found["mark"] or "",
            found["commands"],
        )
        for page in pages
        for text in [page.read_text("utf-8")]
        for found in BLOCK.finditer(text)
    ]


RUNNABLE = [shown for shown in shown_commands() if shown.mark != "serve"]


@pytest.mark.slow
@pytest.mark.parametrize("shown", RUNNABLE, ids=str)
def test_shown_commands_run(shown: Shown, client, environment, tmp_path) -> None:
    """A block of commands from the documentation ends without an error."""
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    (tmp_path / "var").mkdir()
    commands = shown.commands.replace("localhost:8000", f"localhost:{client.base_url.port}").replace(
        "/tmp/", f"{tmp_path}/"
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env=environment | {"PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_documentation_shows_commands() -> None:
    """The pages are found, and with them the commands to run; only starting the service is left to the journeys."""
    assert len(RUNNABLE) > 5
    assert {shown.mark for shown in shown_commands()} <= {"", "serve", "server running"}
