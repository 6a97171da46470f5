"""What survives a killed writer, and what readers see beside one; the long form is ``benchmarks.knowledge.faults``."""

from benchmarks.knowledge.faults import FAULTS, killed_writer, readers_beside_a_writer


def test_a_killed_writer_loses_nothing_that_was_acknowledged():
    """Killed while writing, in upkeep, and while writing again: nothing lost, doubled or damaged, search never down."""
    told = killed_writer(3)
    assert told["n_acknowledged_puts"] >= 15
    assert {name: told[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert told["reader"]["n_rounds"] >= 5
    assert told["reader"]["errors"] == []


def test_readers_beside_a_writer_see_everything_a_second_later():
    """Two readers and a writer in processes of their own: no error, and no read misses what is a second old."""
    told = readers_beside_a_writer(5)
    assert told["n_acknowledged_puts"] >= 10
    assert told["n_upkeeps"] >= 1
    for reader in told["readers"].values():
        assert reader["n_rounds"] >= 10
        assert reader["errors"] == []
        assert reader["n_stale_after_a_second"] == 0
