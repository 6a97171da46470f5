"""How far the work has come: bars on a terminal, elsewhere a plain line about every tenth."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from stellwerk.output import message

Report: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the step, how much of it is done, and of how much (None where nobody knows)."""

_WITHOUT_TOTAL = 1_000


@contextmanager
def progress() -> Iterator[Report]:
    """What tells the user how far the work is while the block runs."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
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


@dataclass(slots=True)
class _Lines:
    """A line whenever another tenth of a step is done."""

    told: dict[str, int] = field(default_factory=dict)

    def __call__(self, step: str, done: int, total: int | None) -> None:
        part = done * 10 // total if total else done // _WITHOUT_TOTAL
        if part > self.told.get(step, 0):
            self.told[step] = part
            message(f"{step}: {done:,} of {total:,}" if total else f"{step}: {done:,}")
