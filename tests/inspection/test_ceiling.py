"""The ceiling is the share of right labels, as far as tickets that say the same can tell."""

import numpy as np
import pytest
from tests.inspection.conftest import changed

from inspection import label_accuracy
from inspection.ceiling import ceiling_of
from inspection.conflicts import problems_of


@pytest.mark.parametrize("n_wrong", [1, 2, 7])
@pytest.mark.parametrize("right", [1.0, 0.97, 0.9, 0.7])
def test_the_accuracy_of_labels_follows_from_how_often_they_agree(n_wrong, right):
    """The formula is solved backwards: from labels that are right so often to their agreement, and back."""
    assert label_accuracy(right**2 + (1 - right) ** 2 / n_wrong, n_wrong) == pytest.approx(right)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.15])
def test_planted_noise_lies_within_the_interval(sample, taxonomy, share):
    """Of labels made wrong by chance the right share is told, in an interval that is never a single point."""
    random = np.random.default_rng(7)
    target = taxonomy["category"]
    names = target.label_names
    noisy = [
        changed(one, labels={"category": str(random.choice([n for n in names if n != one.solved.labels["category"]]))})
        if random.random() < share
        else one
        for one in sample
    ]
    ceiling = ceiling_of(target, problems_of(noisy), [], noisy, None)
    assert ceiling.method == "problems"
    right = np.mean(
        [a.solved.labels["category"] == b.solved.labels["category"] for a, b in zip(sample, noisy, strict=True)]
    )
    assert ceiling.low < ceiling.high
    assert ceiling.low <= right <= ceiling.high


def test_nothing_is_claimed_of_a_history_that_says_nothing_twice(sample, taxonomy):
    """Where tickets share neither problem nor words there is no estimate, and the sentence says so."""
    alone = [changed(one, problem=None) for one in sample]
    ceiling = ceiling_of(taxonomy["level"], problems_of(alone), [], alone, None)
    assert ceiling.estimate is None
    assert ceiling.words.startswith("not told")
