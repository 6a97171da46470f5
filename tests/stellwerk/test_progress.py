"""How far the work has come, on a terminal and elsewhere."""

import io
import re
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from stellwerk.progress import _Lines, progress


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.integers(1, 5_000), step=st.integers(1, 500))
def test_a_line_about_every_tenth(total, step, capsys) -> None:
    """However small the steps, at most ten lines are printed, in order, and the last tells the end."""
    with progress() as report:
        for done in (*range(step, total, step), total):
            report("tickets", done, total)
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 10
    assert lines[-1].startswith(f"tickets: {total:,} of {total:,}")
    assert "left" not in lines[-1]
    assert len(set(lines)) == len(lines)


def test_without_a_total_every_thousand(capsys) -> None:
    """A step of unknown length tells every thousand."""
    with progress() as report:
        for done in range(1, 2_500):
            report("articles", done, None)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(", ")[0] for line in lines] == ["articles: 1,000", "articles: 2,000"]


class Clock:
    """A clock that the test sets."""

    now = 100.0

    def __call__(self) -> float:
        """The time it was set to."""
        return self.now


def test_lines_tell_the_rate_and_the_time_left(capsys) -> None:
    """Each step is timed from the end of the one before; at its end nothing is left."""
    clock = Clock()
    lines = _Lines(clock=clock)
    for seconds, step, done, total in (
        (4, "articles read", 1_000, None),
        (10, "documents indexed", 500, 5_000),
        (4_000, "documents indexed", 5_000, 5_000),
    ):
        clock.now += seconds
        lines(step, done, total)
    assert capsys.readouterr().err.splitlines() == [
        "articles read: 1,000, 250.0/s",
        "documents indexed: 500 of 5,000, 50.0/s, 0:01:30 left",
        "documents indexed: 5,000 of 5,000, 1.2/s",
    ]


def test_a_slow_step_is_heard_of_every_minute(capsys) -> None:
    """Between two tenths a line comes when a minute has passed since the last."""
    clock = Clock()
    lines = _Lines(clock=clock)
    for done in range(1, 10):
        clock.now += 25
        lines("documents indexed", done, 1_000)
    told = [line.split(",")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [f"documents indexed: {done} of 1" for done in (3, 6, 9)]


def test_bars_tell_the_rate_and_the_time_left() -> None:
    """On a terminal a bar shows how many of how many, how many a second, and the time left."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with progress(console) as report:
        for done in (10, 20, 30):
            report("documents indexed", done, 90)
            time.sleep(0.15)
    shown = screen.getvalue()
    assert "30/90" in shown
    assert re.search(r"\d+\.\d/s", shown)
    assert re.search(r"left\S* .*\d:\d\d:\d\d", shown)
