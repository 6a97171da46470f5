"""How many of their words two texts share: what tells a copy from a text that only means the same."""

import math
from collections.abc import Set as AbstractSet
from typing import Final

NEAR_COPY: Final = 0.65
"""Texts that share this much are copies of each other; chosen on the sample, see decision 17."""


def overlap(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """The cosine of two sets of terms, in [0, 1]: what they share over the geometric mean of their sizes.

    References
    ----------
    Ochiai (1957), "Zoogeographical studies on the soleoid fishes found in Japan and its neighbouring regions".
    """
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0
