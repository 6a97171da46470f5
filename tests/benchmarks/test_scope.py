"""A run covers what it is asked for."""

import pytest
from benchmarks.run import BENCHMARKS, main
from benchmarks.scope import MissingDatasetError, Scope


def test_all_takes_part_unless_named() -> None:
    """Without a choice everybody runs, with one only the chosen, in their usual order."""
    assert Scope().chosen(("a", "b")) == ("a", "b")
    assert Scope(contestants=frozenset({"b", "a"})).chosen(("a", "b", "c")) == ("a", "b")


def test_a_trial_run_keeps_problems_whole(small_history) -> None:
    """Whole problems are left out, never single tickets."""
    few = Scope(n_problems=10).limited(small_history)
    kept = {ticket.problem for ticket in few}
    assert len(kept) == 10
    assert len(few) == sum(ticket.problem in kept for ticket in small_history)


def test_a_public_set_that_is_not_there_is_named(tmp_path) -> None:
    """The message says what to set."""
    with pytest.raises(MissingDatasetError, match=r"nlbse24.*STELLWERK_BENCH_DATASETS"):
        Scope(datasets=tmp_path).folder("nlbse24")


def test_an_unknown_benchmark_is_refused(capsys) -> None:
    """The choice is shown."""
    with pytest.raises(SystemExit) as left:
        main(["nonsense"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert all(name in told for name in BENCHMARKS)


def test_an_unknown_contestant_is_refused(capsys) -> None:
    """A slip of the pen does not measure nothing."""
    with pytest.raises(SystemExit):
        main(["recurring", "--contestants", "fast,defualt"])
    assert "no contestant called defualt; choose from fast, default" in capsys.readouterr().err


def test_a_part_without_its_data_is_left_out_and_told(monkeypatch) -> None:
    """The exit status tells that not everything was measured."""
    monkeypatch.delenv("STELLWERK_BENCH_DATASETS", raising=False)
    assert main(["nlbse"]) == 1
