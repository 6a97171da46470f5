"""Callers that come at the same time are served together: what has gathered while one batch runs is the next one."""

import math
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def n_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(eq=False, slots=True)
class _Caller(Generic[_Item, _Result]):
    """One caller's item, and what became of it."""

    item: _Item
    result: _Result | None = None
    done: bool = False
    alone: bool = False
    """Whether the batch failed, so that each of its items is tried by itself: one may not harm the others."""


class Together(Generic[_Item, _Result]):
    """Runs an act on whole batches for callers that each have one item; nobody waits for a batch to fill.

    A caller that finds a place free runs what has gathered, in its own thread; the others wait for their results.

    Parameters
    ----------
    act : callable
        Gives one result for each item, in order.
    n_at_once : int
        How many batches run beside each other; what has gathered is shared out among them.
    """

    def __init__(self, act: Callable[[Sequence[_Item]], Sequence[_Result]], *, n_at_once: int) -> None:
        self._act = act
        self._n_at_once = n_at_once
        self._n_running = 0
        self._gathered: list[_Caller[_Item, _Result]] = []
        self._changed = threading.Condition()

    def __call__(self, item: _Item) -> _Result:
        """The result for one item; raises what the act raises for it alone."""
        caller = _Caller[_Item, _Result](item)
        with self._changed:
            self._gathered.append(caller)
        while (batch := self._batch_or_result(caller)) is not None:
            self._run(batch)
        if caller.alone:
            (caller.result,) = self._act([item])
        return caller.result  # type: ignore[return-value]  # set by whoever ran it

    def _batch_or_result(self, caller: _Caller[_Item, _Result]) -> list[_Caller[_Item, _Result]] | None:
        """What this caller is to run, or None once its own item is done."""
        with self._changed:
            while not caller.done and (caller not in self._gathered or self._n_running >= self._n_at_once):
                self._changed.wait()
            if caller.done:
                return None
            share = math.ceil(len(self._gathered) / self._n_at_once)
            batch, self._gathered = self._gathered[:share], self._gathered[share:]
            self._n_running += 1
            return batch

    def _run(self, batch: list[_Caller[_Item, _Result]]) -> None:
        try:
            results = self._act([caller.item for caller in batch])
            for caller, result in zip(batch, results, strict=True):
                caller.result = result
        except Exception:  # noqa: BLE001 - raised again to the caller whose item it is
            for caller in batch:
                caller.alone = True
        finally:
            with self._changed:
                self._n_running -= 1
                for caller in batch:
                    caller.done = True
                self._changed.notify_all()
