"""The generations of a knowledge base: one serves, the next is built beside it, and a pointer says which.

The pointer is replaced in one act, so a reader sees the old base or the new one, whole.
"""

import json
import uuid
from dataclasses import asdict, dataclass

from knowledge.engine import DamagedKnowledgeError, KnowledgeError
from knowledge.place import Address, Place, place_of

_POINTER, _PREFIX = "knowledge.json", "rows-"
_FORMAT = 2


class NoKnowledgeError(KnowledgeError):
    """There is no knowledge base at this place yet."""

    def __init__(self, place: object) -> None:
        super().__init__(f"there is no knowledge base in {place}; run `stellwerk index SOURCE...`")
        self.place = place


@dataclass(frozen=True, slots=True)
class Generation:
    """One building of a knowledge base: its folder's name, and the encoder its vectors come from."""

    folder: str
    encoder: str
    dimension: int


def pointer_of(place: Place) -> bytes | None:
    """What the pointer says now, understood or not; None where there is none."""
    try:
        return place.read(_POINTER)
    except OSError as error:
        raise DamagedKnowledgeError(place, f"{_POINTER} cannot be read") from error


def has_knowledge(address: Address) -> bool:
    """Whether a knowledge base, sound or damaged, was made at ``address``."""
    return pointer_of(place_of(address)) is not None


def read_generation(place: Place, *, max_age_seconds: float = 0.0) -> Generation:
    """The generation that serves in ``place``, or did so at most ``max_age_seconds`` ago.

    Raises
    ------
    NoKnowledgeError
        Nothing has been indexed there.
    DamagedKnowledgeError
        The pointer cannot be understood.
    """
    try:
        if (content := place.read(_POINTER, max_age_seconds=max_age_seconds)) is None:
            raise NoKnowledgeError(place)
        facts = json.loads(content)
        if facts.pop("format") != _FORMAT:
            raise DamagedKnowledgeError(place, f"{_POINTER} was written by another version")
        return Generation(folder=str(facts["folder"]), encoder=str(facts["encoder"]), dimension=int(facts["dimension"]))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise DamagedKnowledgeError(place, f"{_POINTER} cannot be understood") from error


def point_to(place: Place, generation: Generation, *, before: bytes | None) -> None:
    """Let ``generation`` serve from now on; in one act, and lasting when this returns.

    Parameters
    ----------
    before : bytes
        What `pointer_of` gave when the building of this generation began.

    Raises
    ------
    BusyKnowledgeError
        Another writer has changed the pointer since.
    """
    place.swap(_POINTER, old=before, new=json.dumps({"format": _FORMAT, **asdict(generation)}).encode())


def fresh_folder() -> str:
    """A name no generation has had."""
    return f"{_PREFIX}{uuid.uuid4().hex[:12]}"


def discard_all_but(place: Place, folder: str) -> None:
    """Delete what earlier or broken-off buildings left behind; call as the writer."""
    for other in place.folders(_PREFIX):
        if other != folder:
            place.discard(other)
