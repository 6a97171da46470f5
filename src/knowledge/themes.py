"""Tickets that tell of the same, put together and named by the words that tell them from the others."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.coverage import Case
from text import analyse

_APART: Final = 0.7
"""Cosine distance, the common direction of all tickets taken away, up to which two tickets tell of the same."""
_WORD: Final = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
_SHORTEST: Final = 3


def themes_of(cases: Sequence[Case], centre: NDArray[np.float32]) -> list[list[int]]:
    """The places of tickets that tell of the same, the largest theme first.

    Every two tickets of a theme are alike (complete linkage), by their own words and their resolution together.

    Parameters
    ----------
    centre : ndarray of shape (dimension,)
        The mean vector of all tickets, which encoders give to any text.
    """
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - slow to import

    if len(cases) < 2:
        return [[place] for place in range(len(cases))]
    vectors = np.stack([vector_of(case) for case in cases]) - centre
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="complete", distance_threshold=_APART
    ).fit_predict(vectors)
    themes: dict[int, list[int]] = {}
    for place, theme in enumerate(clustering.tolist()):
        themes.setdefault(theme, []).append(place)
    return sorted(themes.values(), key=lambda theme: (-len(theme), theme))


def vector_of(case: Case) -> NDArray[np.float32]:
    """A ticket's vector: the mean of its words' and its resolution's."""
    mean: NDArray[np.float32] = np.mean([row.vector for row in case.rows.values()], axis=0)
    return mean


def telling_words(cases: Sequence[Case], themes: Sequence[Sequence[int]], *, n_words: int) -> list[tuple[str, ...]]:
    """For each theme the words that tell it from the others, most telling first.

    References
    ----------
    Grootendorst (2022), "BERTopic", for TF-IDF by cluster; a word counts once a ticket.
    """
    spoken = [_words(case) for case in cases]
    holding = Counter(word for words in spoken for word in words)
    named = []
    for theme in themes:
        often = Counter(word for place in theme for word in spoken[place])
        writing = Counter((word, form) for place in theme for word, form in spoken[place].items())
        worth = {word: n * math.log1p(len(cases) / holding[word]) for word, n in often.items()}
        best = sorted(worth, key=lambda word: (-worth[word], word))[:n_words]
        named.append(tuple(max((n, form) for (one, form), n in writing.items() if one == word)[1] for word in best))
    return named


def _words(case: Case) -> dict[str, str]:
    """The ticket's words that mean something, without capitals, and how they are written there."""
    texts = [case.row.title, *(row.text for row in case.rows.values())]
    found = (word for text in texts for word in _WORD.findall(text) if len(word) >= _SHORTEST)
    return {word.casefold(): word for word in found if analyse(word, None)}
