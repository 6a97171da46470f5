"""Copies are found exactly, whatever is compared."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.copies import FEWEST_WORDS, NEAR, find_copies

WORDS = [f"w{i:02}" for i in range(14)]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), min_size=1, max_size=12)


def cosine(one, other):
    """The cosine of two texts' sets of words."""
    a, b = set(one.split()), set(other.split())
    return len(a & b) / math.sqrt(len(a) * len(b))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_best_earlier_copy_is_what_comparing_all_with_all_finds(texts):
    """Looking only at pairs that share a rare word misses none: every text's likeness is the best there is."""
    copies = find_copies(texts)
    for row, text in enumerate(texts):
        able = [i for i in range(row) if min(len(set(t.split())) for t in (text, texts[i])) >= FEWEST_WORDS]
        best = max((1.0 if texts[i] == text else cosine(text, texts[i]) for i in able), default=0.0)
        expected = best if best >= NEAR - 1e-9 else 0.0
        assert copies.likeness[row] == np.float64(0) if expected == 0 else abs(copies.likeness[row] - expected) < 1e-6
        assert (copies.earlier[row] >= 0) == (expected > 0)
        assert copies.earlier[row] < row


def test_copies_of_copies_are_one_family():
    """A chain of copies is told as one, and short texts are copies of nothing."""
    text = "der drucker im zweiten stock druckt seit heute morgen nicht mehr"
    copies = find_copies([text, "geht nicht", text, "geht nicht", f"{text} bitte"])
    assert copies.family.tolist() == [0, 1, 0, 3, 0]
    assert copies.earlier.tolist() == [-1, -1, 0, -1, 0]


def test_texts_without_words_are_no_copies():
    """Nothing at all is not compared."""
    assert find_copies(["", "!!"]).earlier.tolist() == [-1, -1]
