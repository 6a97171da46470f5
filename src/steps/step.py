"""One step of work, and who watches."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeAlias, TypeVar

Watch: TypeAlias = Callable[[str, Mapping[str, int]], AbstractContextManager[object]]
"""What is entered when a step begins and left when it ends, by its name and numbers; what it raises passes through."""

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)
_nobody: AbstractContextManager[object] = nullcontext()
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def step(name: str, **numbers: int) -> AbstractContextManager[object]:
    """What a step is done within; ``name`` is one of a few that stand in the code, never made of what was given."""
    watch = _watch.get()
    return _nobody if watch is None else watch(name, numbers)


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Let ``watch`` be told of every step of this work, also in threads that it is `carried` to."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def carried(act: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """The act as part of this work, for a thread of its own."""
    return partial(copy_context().run, act)
