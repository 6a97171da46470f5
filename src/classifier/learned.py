"""Which tickets a model learned from, as keyed hashes beside it; and which of these have been forgotten since."""

import json
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from classifier.shelf import DamagedModelError

_LEARNED: Final = "learned.json"
_FORGOTTEN: Final = "forgotten.json"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Since when a model is to be trained anew, and the hashes of the tickets that it must not show."""

    since: datetime | None
    tickets: frozenset[str]

    @classmethod
    def nothing(cls) -> "Forgotten":
        """Nothing that the model learned from has been forgotten."""
        return cls(None, frozenset())


def note_learned(folder: Path, traces: Mapping[str, Collection[str]]) -> None:
    """Write beside a model the hash of each ticket it learned from, with the hashes of whom the ticket names."""
    _write(folder / _LEARNED, {ticket: sorted(named) for ticket, named in traces.items()})


def mark_forgotten(folder: Path, traces: Collection[str]) -> int | None:
    """Mark a model that learned from a ticket with one of these hashes, or that names one; how many tickets it was.

    None, and a mark, where the model does not say what it learned from: it may have been these.
    """
    wanted = frozenset(traces)
    learned = _read(folder / _LEARNED)
    if learned is None:
        hit = wanted
    else:
        hit = frozenset(ticket for ticket, named in learned.items() if ticket in wanted or not wanted.isdisjoint(named))
    if hit:
        before = forgotten(folder)
        since = before.since or datetime.now(UTC)
        _write(folder / _FORGOTTEN, {"since": since.isoformat(), "tickets": sorted(before.tickets | hit)})
    return None if learned is None else len(hit)


def forgotten(folder: Path) -> Forgotten:
    """What has been forgotten of that a model learned from.

    Raises
    ------
    DamagedModelError
        The mark cannot be read.
    """
    found = _read(folder / _FORGOTTEN)
    if found is None:
        return Forgotten.nothing()
    try:
        return Forgotten(datetime.fromisoformat(found["since"]), frozenset(found["tickets"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedModelError(folder, f"has an unreadable {_FORGOTTEN}") from error


def forgotten_stamp(folder: Path) -> int:
    """What changes when a ticket is forgotten; 0 where none was."""
    try:
        return (folder / _FORGOTTEN).stat().st_mtime_ns
    except OSError:
        return 0


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DamagedModelError(file.parent, f"has an unreadable {file.name}") from error
    return found


def _write(file: Path, content: Mapping[str, Any]) -> None:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with draft.open("w", encoding="utf-8") as target:
        json.dump(content, target)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(file)
