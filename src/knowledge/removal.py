"""Which removed documents are still on the disk: a mark made before a removal, and taken away once it is wiped.

A deleted row is only left out of answers; its bytes stay in the data files until the base is written anew. The
mark survives a crash at any point: what was taken up by a wiping that never ended still counts. All but
`removed_since` is for the one writer.
"""

from datetime import UTC, datetime

from knowledge.place import Place

_MARK, _TAKEN = "removed", "removed.taken"
_NOTHING = b""


def mark_removal(place: Place) -> None:
    """Remember, lastingly when this returns, that something in ``place`` is about to be removed."""
    if not place.read(_MARK):
        _write(place, _MARK, datetime.now(UTC).isoformat().encode())


def removed_since(place: Place) -> datetime | None:
    """When the first removal that is not wiped yet was made; None where there is none."""
    marks = filter(None, (place.read(name) for name in (_TAKEN, _MARK)))
    return min(map(_time, marks), default=None)


def take_up(place: Place) -> None:
    """Begin to wipe: what is removed from now on is a matter of the next time."""
    if mark := place.read(_MARK):
        if not place.read(_TAKEN):
            _write(place, _TAKEN, mark)
        _write(place, _MARK, _NOTHING)


def wiped(place: Place, *, all_of_it: bool = False) -> None:
    """What was taken up is on the disk no more, or all that was ever removed."""
    for name in (_TAKEN, _MARK) if all_of_it else (_TAKEN,):
        if place.read(name):
            _write(place, name, _NOTHING)


def _write(place: Place, name: str, content: bytes) -> None:
    place.swap(name, old=place.read(name), new=content)


def _time(mark: bytes) -> datetime:
    try:
        return datetime.fromisoformat(mark.decode())
    except ValueError:  # torn by a power cut: due at once
        return datetime.min.replace(tzinfo=UTC)
