"""The made-up corpus."""

import numpy as np
import pytest
from benchmarks.knowledge.synthetic import SyntheticCorpus

from benchmarks.knowledge import synthetic


def test_it_is_the_same_each_time_and_another_with_another_seed() -> None:
    """Texts, vectors and questions follow from the seed alone."""
    (one,), (two,), (other,) = (list(SyntheticCorpus(50, seed).chunks()) for seed in (1, 1, 2))
    assert (one.titles, one.bodies) == (two.titles, two.bodies)
    assert one.bodies != other.bodies
    np.testing.assert_array_equal(one.vectors, two.vectors)
    asked = [[question.terms for question in SyntheticCorpus(50, seed).questions(5)] for seed in (1, 1, 2)]
    assert asked[0] == asked[1] != asked[2]


def test_documents_are_as_described() -> None:
    """Unit vectors, titles of 5 to 9 words, bodies of 25 to 79, and a customer for about 1 % of them."""
    (chunk,) = SyntheticCorpus(5_000).chunks()
    np.testing.assert_allclose(np.linalg.norm(chunk.vectors, axis=1), 1, atol=1e-5)  # float32
    assert {len(title.split()) for title in chunk.titles} <= set(range(5, 10))
    assert {len(body.split()) for body in chunk.bodies} <= set(range(25, 80))
    assert np.bincount(chunk.customers).max() < 100
    (wordless,) = SyntheticCorpus(5_000).chunks(worded=False)
    np.testing.assert_array_equal(wordless.vectors, chunk.vectors)
    np.testing.assert_array_equal(wordless.customers, chunk.customers)


@pytest.mark.parametrize("filtered", [False, True])
def test_the_nearest_are_those_of_one_product_over_all(filtered, monkeypatch) -> None:
    """Gathered over chunks, the true nearest are those that one matrix product over all documents gives."""
    monkeypatch.setattr(synthetic, "CHUNK", 130)
    corpus = SyntheticCorpus(1_000)
    questions = corpus.questions(4)
    chunks = list(corpus.chunks())
    assert len(chunks) == 8
    vectors = np.concatenate([chunk.vectors for chunk in chunks])
    customers = np.concatenate([chunk.customers for chunk in chunks])
    for question, found in zip(questions, corpus.nearest(questions, 10, filtered=filtered), strict=True):
        cosines = vectors @ question.vector
        if filtered:
            cosines[customers != question.customer] = -np.inf
        expected = [number for number in np.argsort(-cosines)[:10] if np.isfinite(cosines[number])]
        assert found == expected
