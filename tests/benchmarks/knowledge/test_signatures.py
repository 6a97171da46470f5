"""Tickets with logs made up by seed, and the measurement on them."""

import random

from benchmarks.knowledge.logs import made_faults, told
from benchmarks.knowledge.signatures import measured


def test_faults_differ_and_a_fault_is_told_with_other_words_each_time() -> None:
    """No two faults are equal, the same seed gives the same ones, and two tickets of one fault read differently."""
    faults = made_faults(300, random.Random(3))
    assert len(set(faults)) == 300
    assert faults == made_faults(300, random.Random(3))
    assert faults != made_faults(300, random.Random(4))
    chance = random.Random(5)
    for fault in faults[:50]:
        one, other = told(fault, chance), told(fault, chance)
        assert one.fault == other.fault == fault
        assert one.body != other.body


def test_most_questions_share_their_exception_with_other_tickets_and_are_found() -> None:
    """A small run shows what the large one measures: signatures find nearly all, far more than the search without."""
    figures = measured(7, n_tickets=400, n_queries=20)
    assert figures["same_exception"] > 5
    assert figures["stellwerk"]["n_first"] >= 19
    assert figures["stellwerk_without"]["n_first"] < figures["stellwerk"]["n_first"]
    assert set(figures["bm25"]) == set(figures["stellwerk"])
