"""Standard output carries the result alone; everything said beside it goes to standard error."""

import io
import json
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import typer
from pydantic import BaseModel
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def write_json(answer: BaseModel | Mapping[str, object]) -> None:
    """Write ``answer`` as one JSON document."""
    if isinstance(answer, BaseModel):
        write_line(answer.model_dump_json(indent=2))
    else:
        write_line(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def write_line(line: str) -> None:
    """Write one line of the result, at once: a full disk or a closed pipe is met here and not at the end."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show(*parts: RenderableType) -> None:
    """Show parts of a result to a person."""
    console = Console(markup=False, emoji=False, highlight=False)
    for part in parts:
        if isinstance(part, str):
            console.print(printable(part), soft_wrap=True)
        else:
            console.print(part)
    sys.stdout.flush()


def message(words: str) -> None:
    """Say something beside the result, on standard error."""
    typer.echo(printable(words), err=True)


def printable(words: str) -> str:
    """``words`` without control characters, by which a ticket's text could command the terminal."""
    return _CONTROLS.sub("", words)


def table(title: str, *columns: str, n_words: int = 1) -> Table:
    """An empty table whose first ``n_words`` columns hold words and the others numbers."""
    empty = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        empty.add_column(column, justify="left" if place < n_words else "right", overflow="fold", no_wrap=place == 0)
    return empty


def share(value: float | None) -> str:
    """A share or score for a person, with three decimals; a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def use_utf8() -> None:
    """Write UTF-8 whatever the machine's locale is, as JSON demands."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            errors = "strict" if stream is sys.stdout else "backslashreplace"
            stream.reconfigure(encoding="utf-8", errors=errors)


def release_streams() -> None:
    """Let go of what could not be written, or Python would complain about it once more at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                stream.close()
