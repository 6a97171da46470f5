"""How far the work has come, how fast it is and how long it will take: bars on a terminal, elsewhere plain lines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from stellwerk.output import message

Report: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the step, how much of it is done, and of how much (None where nobody knows)."""

_WITHOUT_TOTAL = 1_000
_SILENT_SECONDS = 60.0


@contextmanager
def progress(console: Console | None = None) -> Iterator[Report]:
    """What tells the user how far the work is while the block runs, on standard error unless a console is given."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bars:
        yield _Bars(bars)


@dataclass(slots=True)
class _Bars:
    """One bar for each step, in the order in which they begin."""

    bars: Progress
    tasks: dict[str, TaskID] = field(default_factory=dict)

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step not in self.tasks:
            self.tasks[step] = self.bars.add_task(step, total=total)
        self.bars.update(self.tasks[step], completed=done, total=total)


class _Rate(ProgressColumn):
    """How much is done in a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last half minute, and of the whole once it is done."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.1f}/s")


@dataclass(slots=True)
class _Step:
    """What was told last of one step, and when it began."""

    began: float
    told_at: float
    part: int = 0


@dataclass(slots=True)
class _Lines:
    """A line whenever another tenth of a step is done, or a minute has passed without one."""

    clock: Callable[[], float] = time.monotonic
    steps: dict[str, _Step] = field(default_factory=dict)
    heard_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.heard_at = self.clock()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        now = self.clock()
        one = self.steps.setdefault(
            step, _Step(began=self.heard_at, told_at=self.heard_at)
        )  # when the one before ended
        self.heard_at = now
        part = done * 10 // total if total else done // _WITHOUT_TOTAL
        if part > one.part or now - one.told_at >= _SILENT_SECONDS:
            one.part, one.told_at = part, now
            so_far = f"{step}: {done:,} of {total:,}" if total else f"{step}: {done:,}"
            message(", ".join([so_far, *_pace(done, total, now - one.began)]))


def _pace(done: int, total: int | None, seconds: float) -> list[str]:
    """The rate, and the time that what is left takes at it."""
    if seconds <= 0 or not done:
        return []
    rate = f"{done / seconds:,.1f}/s"
    if not total or done >= total:
        return [rate]
    return [rate, f"{timedelta(seconds=round((total - done) * seconds / done))} left"]
