"""Whether one search is better than another on the same judgements, or only luckier; and figures by language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.judgement import ALL_AND_KINDS, MEASURES, JudgedSearch, SearchReport, report_of
from text import detect_language

_CONFIDENCE: Final = 0.95
_RESAMPLES: Final = 4_999
_AT_ONCE: Final = 250
_SEED: Final = 20_170_401
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean over shared queries of one measure of the other search less that of this one.

    ``low`` and ``high`` bound it with 95 % confidence; ``p_value`` is how often chance alone, which of the two
    did what on each query, makes a difference as large.
    """

    n_queries: int
    difference: float
    low: float
    high: float
    p_value: float


def differences(this: Sequence[JudgedSearch], other: Sequence[JudgedSearch]) -> dict[str, dict[str, Difference]]:
    """For both kinds together and each kind, every measure's difference on the queries that both judged.

    References
    ----------
    Smucker, Allan and Carterette (2007), "A comparison of statistical significance tests for information
    retrieval evaluation": the paired randomisation test. The interval is a percentile bootstrap of the paired
    differences.
    """
    theirs = {(one.of, one.judgement): one.scores for one in other}
    compared = {}
    for of in ALL_AND_KINDS:
        both = [one for one in this if one.of == of and (of, one.judgement) in theirs]
        pairs = [(one.scores, theirs[of, one.judgement]) for one in both]
        scores = np.array(pairs, float).reshape(len(pairs), 2, len(MEASURES))
        apart = scores[:, 1] - scores[:, 0]
        compared[of] = {measure: paired(apart[:, i]) for i, measure in enumerate(MEASURES)}
    return compared


def by_language(judged: Sequence[JudgedSearch]) -> dict[str, SearchReport]:
    """The report for the queries of each language, told or detected; the language with most queries first."""
    parts: dict[str, list[JudgedSearch]] = {}
    for one in judged:
        parts.setdefault(_language(one), []).append(one)
    return {name: report_of(parts[name]) for name in sorted(parts, key=lambda name: (-len(parts[name]), name))}


def paired(apart: NDArray[np.float64]) -> Difference:
    """What the differences on shared queries, of shape (n_queries,), tell."""
    if len(apart) == 1:  # one query proves nothing: measures lie in [0, 1], so this is all that is known
        return Difference(n_queries=1, difference=float(apart[0]), low=-1.0, high=1.0, p_value=1.0)
    if not apart.any():
        return Difference(n_queries=len(apart), difference=0.0, low=0.0, high=0.0, p_value=1.0)
    from scipy.stats import bootstrap, permutation_test  # noqa: PLC0415 - slow to import

    settings = {"n_resamples": _RESAMPLES, "batch": _AT_ONCE, "vectorized": True}
    # Swapping a pair changes the sign of its difference, so permuting the samples of one is flipping signs.
    test = permutation_test((apart,), np.mean, permutation_type="samples", rng=np.random.default_rng(_SEED), **settings)
    interval = bootstrap(
        (apart,),
        np.mean,
        confidence_level=_CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(_SEED),
        **settings,
    ).confidence_interval
    return Difference(
        n_queries=len(apart),
        difference=float(apart.mean()),
        low=float(interval.low),
        high=float(interval.high),
        p_value=float(test.pvalue),
    )


def _language(one: JudgedSearch) -> str:
    query = one.judgement.query
    return query.language or detect_language(f"{query.subject}\n{query.body}") or _UNKNOWN
