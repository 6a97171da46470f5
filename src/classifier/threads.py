"""Numeric threads: the matrices of one desk are small, and more threads than one only wait for each other."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """A context in which the linear algebra of the calling thread uses no others.

    Contexts that overlap in several threads may leave the process at one thread, which is what they want.
    """
    limits: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return limits


@cache
def _libraries() -> Any:
    """The numeric libraries, looked for at first use, when all are loaded; looking takes milliseconds."""
    return ThreadpoolController()
