"""Progress on a standard error that is no terminal."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stellwerk.progress import progress


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.integers(1, 5_000), step=st.integers(1, 500))
def test_a_line_about_every_tenth(total, step, capsys) -> None:
    """However small the steps, at most ten lines are printed, in order, and the last tells the end."""
    with progress() as report:
        for done in (*range(step, total, step), total):
            report("tickets", done, total)
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 10
    assert lines[-1] == f"tickets: {total:,} of {total:,}"
    assert len(set(lines)) == len(lines)


def test_without_a_total_every_thousand(capsys) -> None:
    """A step of unknown length tells every thousand."""
    with progress() as report:
        for done in range(1, 2_500):
            report("articles", done, None)
    assert capsys.readouterr().err == "articles: 1,000\narticles: 2,000\n"
