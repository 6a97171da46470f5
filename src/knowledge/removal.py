"""Which removed documents are still on the disk: a mark made before a removal, and taken away once it is wiped.

A deleted row is only left out of answers; its bytes stay in the data files until the base is written anew. The
mark survives a crash at any point: what was taken up by a wiping that never ended still counts.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_MARK, _TAKEN = "removed", "removed.taken"


def mark_removal(path: Path) -> None:
    """Remember, on disk when this returns, that something in ``path`` is about to be removed."""
    with suppress(FileExistsError), (path / _MARK).open("x", encoding="utf-8") as file:
        file.write(datetime.now(UTC).isoformat())
        file.flush()
        os.fsync(file.fileno())


def removed_since(path: Path) -> datetime | None:
    """When the first removal that is not wiped yet was made; None where there is none."""
    times = [_time(path / name) for name in (_TAKEN, _MARK) if (path / name).exists()]
    return min(times, default=None)


def take_up(path: Path) -> None:
    """Begin to wipe: what is removed from now on is a matter of the next time."""
    if (path / _MARK).exists() and not (path / _TAKEN).exists():
        (path / _MARK).rename(path / _TAKEN)
    else:
        (path / _MARK).unlink(missing_ok=True)


def wiped(path: Path, *, all_of_it: bool = False) -> None:
    """What was taken up is on the disk no more, or all that was ever removed."""
    (path / _TAKEN).unlink(missing_ok=True)
    if all_of_it:
        (path / _MARK).unlink(missing_ok=True)


def _time(mark: Path) -> datetime:
    try:
        return datetime.fromisoformat(mark.read_text("utf-8"))
    except (OSError, ValueError):  # torn by a power cut: due at once
        return datetime.min.replace(tzinfo=UTC)
