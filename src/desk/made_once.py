"""What is made when it is first asked for."""

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

_Made = TypeVar("_Made")


class made_once(cached_property[_Made]):  # noqa: N801 - read as `cached_property` is
    """A cached property that is made once, however many threads ask first: from Python 3.12 on that one is not."""

    def __init__(self, make: Callable[[Any], _Made]) -> None:
        super().__init__(make)
        self._making = threading.RLock()

    def __get__(self, instance: Any, owner: type[Any] | None = None) -> _Made:  # type: ignore[override]
        """What was made; whoever comes while it is made waits for it."""
        with self._making:
            made: _Made = super().__get__(instance, owner)
            return made
