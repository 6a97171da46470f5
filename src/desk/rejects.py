"""Files of rows that training and indexing could not use, and what is forgotten of them."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path


def erase_rejects(folder: Path, belongs: Callable[[str], bool]) -> int:
    """Take the rows with a value that ``belongs`` out of ``rejects-*.jsonl`` in a folder; how many there were.

    A line that cannot be read is taken out as well where ``belongs`` says so of all its words.
    """
    n_erased = 0
    for file in sorted(folder.glob("rejects-*.jsonl")):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(belongs(value) for value in _values(line))]
        if len(kept) < len(lines):
            _replace(file, "".join(kept))
            n_erased += len(lines) - len(kept)
    return n_erased


def _values(line: str) -> Iterator[str]:
    try:
        entry = json.loads(line)
    except ValueError:
        yield line
        return
    yield from _strings(entry.get("row") if isinstance(entry, dict) else entry)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif value is not None:
        yield str(value)


def _replace(file: Path, content: str) -> None:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with draft.open("w", encoding="utf-8") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(file)
