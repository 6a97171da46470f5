"""What is made when it is first asked for."""

import time
from concurrent.futures import ThreadPoolExecutor

from desk.made_once import made_once


class Desk:
    n_made = 0

    @made_once
    def encoder(self) -> object:
        """Something slow to load."""
        self.n_made += 1
        time.sleep(0.05)
        return object()


def test_many_threads_get_the_one_that_was_made() -> None:
    """Nobody makes a second one while the first is being made."""
    desk = Desk()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.encoder, range(8)))
    assert desk.n_made == 1
    assert len(set(map(id, found))) == 1


def test_each_desk_has_its_own() -> None:
    """What one desk made is not another's."""
    assert Desk().encoder is not Desk().encoder
