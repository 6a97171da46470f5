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
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(?:<!-- test: (?P<mark>[a-z ]+) -->\n)?```bash\n(?P<commands>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    line: int
    mark: str
    commands: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(text[: found.start()].count("\n") + 1, found["mark"] or "", found["commands"])
        for found in BLOCK.finditer(text)
    ]


def runnable_blocks(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.mark != "serve"]


PAGES_WITH_COMMANDS = [page for page in PAGES if runnable_blocks(page)]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=lambda page: page.stem)
def test_shown_commands_run(page: Path, client, environment, tmp_path) -> None:
    """The blocks of a page, one after the other, end without an error."""
    for folder in ("data", "deploy"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    (tmp_path / "var").mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    for block in runnable_blocks(page):
        commands = block.commands.replace("localhost:8000", f"localhost:{client.base_url.port}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands.replace("/tmp/", f"{tmp_path}/")],
            env=environment
            | {"PATH": path, "STELLWERK_VECTOR_CACHE": f"{tmp_path}/vectors.db"},  # forgetting empties it
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == 0, f"line {block.line}: {done.stdout}\n{done.stderr}"


def test_documentation_shows_commands() -> None:
    """The pages are found, and with them the commands to run; only starting the service is left to the main job."""
    assert len(PAGES_WITH_COMMANDS) >= 4
    assert {block.mark for page in PAGES for block in blocks(page)} <= {"", "serve", "server running"}
