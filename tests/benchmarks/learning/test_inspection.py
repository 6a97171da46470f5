"""What is planted for the benchmark is what it says, and rankings are judged by it."""

import numpy as np
import pytest
from benchmarks.learning.inspection import FLIPPED, LOOKED_AT, plant, precisions
from tests.inspection.conftest import DATA

from classifier import OutOfFold
from history import RejectLog, read_placed
from inspection import inspect
from tickets import Taxonomy

TAXONOMY = Taxonomy.builtin()


@pytest.fixture(scope="module")
def placed():
    """The sample."""
    return list(read_placed([DATA], taxonomy=TAXONOMY, rejects=RejectLog()))


def test_single_tickets_are_changed_to_another_label_of_the_target(placed):
    """Five in a hundred labels of each target differ, exactly where the flags say so."""
    rows, wrong = plant(placed, TAXONOMY, whole_problems=False, seed=3)
    for target in TAXONOMY:
        differs = [
            a.solved.labels[target.name] != b.solved.labels[target.name] for a, b in zip(placed, rows, strict=True)
        ]
        assert differs == wrong[target.name].tolist()
        assert sum(differs) == round(FLIPPED * len(placed))
        assert {row.solved.labels[target.name] for row in rows} <= set(target.label_names)


def test_whole_problems_are_changed_alike(placed):
    """No sibling contradicts: all tickets of a changed problem have one label, and it is wrong."""
    rows, wrong = plant(placed, TAXONOMY, whole_problems=True, seed=3)
    for target in TAXONOMY:
        labels: dict[str, set[str]] = {}
        for row in rows:
            labels.setdefault(row.solved.problem, set()).add(row.solved.labels[target.name])
        assert {len(names) for names in labels.values()} == {1}
        assert wrong[target.name].sum() == pytest.approx(FLIPPED * len(placed), abs=4)


def test_a_ranking_is_judged_by_its_first_rows(placed):
    """Answers that know the truth put every wrong label first; answers that know nothing do no better than chance."""
    rows, wrong = plant(placed[:400], TAXONOMY, whole_problems=False, seed=3)
    groups = np.arange(400)
    truth = {t.name: np.array([t.label_names.index(one.solved.labels[t.name]) for one in rows]) for t in TAXONOMY}
    shares = {}
    for target in TAXONOMY:
        right = [target.label_names.index(one.solved.labels[target.name]) for one in placed[:400]]
        shares[target.name] = np.eye(len(target.labels))[right] * 0.9 + 0.1 / len(target.labels)
    answers = OutOfFold(shares, truth, np.array([one.solved.ticket.body for one in rows], dtype=object), groups)
    told = precisions(inspect(rows, taxonomy=TAXONOMY, answers=answers), answers, wrong)
    n_wrong = int(np.any(list(wrong.values()), axis=0).sum())
    assert told["lowest_self_confidence"] == min(n_wrong, LOOKED_AT) / LOOKED_AT
    assert told["random"] == n_wrong / 400
    assert told["inspect_without_conflicts"] == told["lowest_self_confidence"]
