"""What LanceDB raises, made into errors that name the cure."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pyarrow as pa

from knowledge.engine import DamagedKnowledgeError, WriteFailedError

_P = ParamSpec("_P")
_T = TypeVar("_T")

FAULTS = (RuntimeError, OSError, ValueError, KeyError, pa.ArrowException)
"""What LanceDB raises where its files are damaged or cannot be written."""


def reads(act: Callable[_P, _T]) -> Callable[_P, _T]:
    """A method that reads, whose faults tell that the base is damaged; its object's text names the place."""
    return _guarded(act, DamagedKnowledgeError)


def writes(act: Callable[_P, _T]) -> Callable[_P, _T]:
    """A method that writes, whose faults tell that the write failed; its object's text names the place."""
    return _guarded(act, WriteFailedError)


def first_line(error: Exception) -> str:
    """The beginning of what an error says; LanceDB's go on for pages."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _guarded(act: Callable[_P, _T], error_class: type[DamagedKnowledgeError | WriteFailedError]) -> Callable[_P, _T]:
    @functools.wraps(act)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return act(*args, **kwargs)
        except FAULTS as error:
            raise error_class(args[0], first_line(error)) from error

    return guarded
