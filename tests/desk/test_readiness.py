"""Ready is what has really worked once, and can be used now."""

import pytest

from desk import DeskError
from desk.readiness import NotReadyError, Readiness


class Part:
    """A part of a desk that counts how often it was used, and may be lost."""

    def __init__(self) -> None:
        self.n_used = 0
        self.lost = False

    def __call__(self) -> None:
        """Work."""
        if self.lost:
            raise DeskError("say how to mend it")
        self.n_used += 1


def test_parts_work_once_and_are_looked_at_every_time() -> None:
    """What takes long is done for the first look alone."""
    work, look = Part(), Part()
    readiness = Readiness(work={"search": work}, look={"journal": look})
    for _ in range(3):
        readiness.check()
    assert (work.n_used, look.n_used) == (1, 3)


def test_what_failed_at_first_is_tried_again() -> None:
    """A part that could not work is named with its cure, and the desk is ready once it can."""
    work, other = Part(), Part()
    readiness = Readiness(work={"search": work, "model": other}, look={})
    work.lost = True
    with pytest.raises(NotReadyError, match="search: say how to mend it") as raised:
        readiness.check()
    assert raised.value.part == "search"
    work.lost = False
    readiness.check()
    assert work.n_used == 1


def test_a_part_lost_later_is_named() -> None:
    """A desk that was ready is not while a part is away, and is again without working anew."""
    work, look = Part(), Part()
    readiness = Readiness(work={"search": work}, look={"journal": look})
    readiness.check()
    look.lost = True
    with pytest.raises(NotReadyError, match="journal: "):
        readiness.check()
    look.lost = False
    readiness.check()
    assert work.n_used == 1
