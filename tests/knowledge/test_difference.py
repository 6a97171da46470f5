"""Two searches compared on the same judgements."""

import numpy as np
import pytest

from knowledge import Judgement, by_language, differences
from knowledge.judgement import MEASURES, JudgedSearch
from tickets import Ticket


def searches(scores, *, of="all", language="de", first=0):
    """One judged search a score, all measures alike."""
    return [
        JudgedSearch(
            Judgement(query=Ticket(subject=f"q{first + i}", language=language), relevant=frozenset("x")),
            of,
            frozenset("x"),
            (),
            (score,) * len(MEASURES),
        )
        for i, score in enumerate(scores)
    ]


def ndcg(this, other):
    return differences(this, other)["all"]["ndcg_at_10"]


def test_a_steady_gain_is_significant_and_chance_is_not():
    """Forty queries each a little better are no luck; as many better as worse are."""
    random = np.random.default_rng(1)
    before = random.uniform(0.2, 0.6, 40)
    gain = ndcg(searches(before), searches(before + random.uniform(0.0, 0.1, 40)))
    assert gain.p_value < 0.001
    assert 0 < gain.low < gain.difference < gain.high < 0.1
    noise = ndcg(searches(before), searches(before + np.tile([0.1, -0.1], 20)))
    assert noise.p_value > 0.5
    assert noise.low < 0 < noise.high


def test_the_other_search_less_this_one_is_told():
    """A worse other search has a negative difference, and turned round the opposite one."""
    worse, better = searches([0.1, 0.2, 0.3]), searches([0.3, 0.4, 0.6])
    assert ndcg(better, worse).difference == pytest.approx(-0.7 / 3)
    assert ndcg(worse, better).difference == pytest.approx(0.7 / 3)


def test_equal_searches_differ_by_nothing():
    """The same scores are no difference, with an interval of nothing."""
    same = searches([0.1, 0.9])
    one = ndcg(same, same)
    assert (one.difference, one.low, one.high, one.p_value) == (0, 0, 0, 1)


def test_one_query_proves_nothing():
    """A single query has the widest interval there is."""
    one = ndcg(searches([0.1]), searches([0.9]))
    assert (one.n_queries, one.low, one.high, one.p_value) == (1, -1, 1, 1)


def test_only_queries_that_both_judged_are_compared():
    """A query or kind that one of them lacks is left out."""
    found = differences(searches([0.1, 0.2, 0.3]), searches([0.1, 0.3], first=1))
    assert found["all"]["ndcg_at_10"].n_queries == 2
    assert found["article"]["ndcg_at_10"].n_queries == 0


def test_each_language_has_its_own_report():
    """Queries are parted by the language they are told to be in, the most frequent first."""
    judged = searches([0.5, 0.7]) + searches([0.1], language="en", first=2)
    reports = by_language(judged)
    assert list(reports) == ["de", "en"]
    assert reports["de"].all.ndcg_at_10 == pytest.approx(0.6)
    assert (reports["en"].all.n_queries, reports["en"].ticket.n_queries) == (1, 0)
