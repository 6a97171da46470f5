"""One contestant on one split, in a process of its own: what it answers, and what that takes."""

import re
import tempfile
import time
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.classification.contestants import Shares, learner
from benchmarks.classification.pace import Pace, paced
from benchmarks.classification.promise import Routed
from benchmarks.classification.split import Split, truths
from classifier import PLAN_NAMES

MOST_SECONDS = 3_600
"""No trial runs longer; what has no end in sight is stopped and said to be so."""


class TrialError(RuntimeError):
    """A contestant did not come to an end."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"{name} {fault}")


class TrialTimeoutError(TrialError):
    """A contestant took longer than any may."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(name, f"was stopped after {seconds:.0f} seconds")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Answers to the tested tickets, and the time and memory they took."""

    shares: Shares
    truth: dict[str, NDArray[np.intp]]
    problems: tuple[str, ...]
    training_seconds: float
    """Reading, encoding and learning; loading libraries left out."""
    tickets_per_second: float
    peak_memory_bytes: int
    """Of the whole process, libraries included, after learning and answering."""
    bare_memory_bytes: int
    """Of the same process before it loaded anything of the contestant's: what measuring itself takes."""
    settings: dict[str, object]
    pace: Pace | None = None
    own: Routed | None = None
    """What the model routes by the promise that its own training proved; our plans alone make one."""

    @property
    def certainty(self) -> NDArray[np.float64]:
        """How sure each whole answer is: the product of the targets' confidences."""
        confidences: NDArray[np.float64] = np.prod([shares.max(axis=1) for shares in self.shares.values()], axis=0)
        return confidences

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Whether any of a ticket's labels was answered wrongly."""
        faults: NDArray[np.bool_] = np.any(
            [shares.argmax(axis=1) != self.truth[name] for name, shares in self.shares.items()], axis=0
        )
        return faults

    def at(self, rows: NDArray[np.intp]) -> "Trial":
        """The same for some of the tested tickets."""
        return replace(
            self,
            shares={name: shares[rows] for name, shares in self.shares.items()},
            truth={name: truth[rows] for name, truth in self.truth.items()},
            problems=tuple(self.problems[row] for row in rows),
        )


def conducted(
    name: str, split: Split, *, timed: bool = False, own: bool = False, most_seconds: float = MOST_SECONDS
) -> Trial:
    """The trial of the contestant called ``name``, with its pace where ``timed`` and its own promise where ``own``.

    The process is spawned, not forked: it starts with nothing loaded, and its memory is the contestant's own.

    Raises
    ------
    TrialError
        It failed, or took longer than ``most_seconds``.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder, receiver:
        child = context.Process(target=_in_child, args=(sender, name, split, Path(folder), timed, own))
        child.start()
        sender.close()
        try:
            if not receiver.poll(most_seconds):
                raise TrialTimeoutError(name, most_seconds)
            trial: Trial = receiver.recv()
        except EOFError as error:
            child.join()
            raise TrialError(name, f"ended with status {child.exitcode}; its own message stands above") from error
        finally:
            child.kill()  # what it had to tell is told, and its folder is not its own
            child.join()
    return trial


def _in_child(sender: Connection, name: str, split: Split, folder: Path, timed: bool, own: bool) -> None:  # noqa: FBT001
    with sender:
        sender.send(_trial(name, split, folder, timed=timed, own=own))


def _trial(name: str, split: Split, folder: Path, *, timed: bool, own: bool) -> Trial:
    bare_memory_bytes = _peak_memory()
    learn = learner(name)
    tickets = [solved.ticket for solved in split.test]
    started = time.perf_counter()
    contestant = learn(split, folder)
    learned = time.perf_counter()
    shares = contestant.predict_proba(tickets)
    answered = time.perf_counter()
    trial = Trial(
        shares=shares,
        truth=truths(split.test, split.taxonomy),
        problems=tuple(solved.problem or f"\0{i}" for i, solved in enumerate(split.test)),
        training_seconds=learned - started,
        tickets_per_second=len(tickets) / (answered - learned),
        peak_memory_bytes=_peak_memory(),
        bare_memory_bytes=bare_memory_bytes,
        settings=contestant.settings,
    )
    if timed:
        trial = replace(trial, pace=paced(contestant, tickets))
    if own and name in PLAN_NAMES:
        from benchmarks.classification.plans import LearnedPlan  # noqa: PLC0415 - peers do without

        assert isinstance(contestant, LearnedPlan)
        trial = replace(trial, own=Routed.of(*contestant.routed(split)))
    return trial


def _peak_memory() -> int:
    """The most memory this process has held.

    ``ru_maxrss`` would not do: a spawned process inherits in it what its parent held.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    assert found, "the kernel tells no peak of memory"
    return 1024 * int(found[1])
