"""A small history made of the sample, with errors planted in it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from classifier import TrainingPlan
from history import PlacedTicket, RejectLog, read_placed
from tickets import Taxonomy

DATA = Path(__file__).parents[2] / "data" / "history.jsonl"
PLAN = TrainingPlan.named("fast", primer=False)


def changed(placed: PlacedTicket, *, others=None, problem="same", labels=None, solution=None, **ticket) -> PlacedTicket:
    """The same row with other facts."""
    solved = replace(placed.solved, ticket=replace(placed.solved.ticket, **ticket))
    solved = replace(solved, labels={**solved.labels, **(labels or {})})
    solved = solved if problem == "same" else replace(solved, problem=problem)
    solved = solved if solution is None else replace(solved, solution=solution)
    return replace(placed, solved=solved, others=placed.others if others is None else others)


def kinds_of(found, row: int) -> set[str]:
    """The kinds of what was found about one row."""
    return {str(finding.kind) for one in found.rows if one.row == row for finding in one.findings}


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """The built-in one."""
    return Taxonomy.builtin()


@pytest.fixture(scope="session")
def sample(taxonomy) -> Sequence[PlacedTicket]:
    """All tickets of every eighth problem."""
    placed = list(read_placed([DATA], taxonomy=taxonomy, rejects=RejectLog()))
    chosen = set(sorted({one.solved.problem for one in placed})[::8])
    return [one for one in placed if one.solved.problem in chosen]
