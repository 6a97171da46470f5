"""Terms of texts, counted once and learned from parts."""

import pickle

import numpy as np
import pytest

from classifier.reading import texts
from classifier.terms import CountedTexts, Terms

TEXTS = texts(["Papierstau im Drucker", "ORA-12514 am Server", "Drucker ohne Toner", "", "Papierstau im Drucker", "ö"])
PARTS = [[0, 1, 2, 3, 4, 5], [2, 0], [1], [4, 4, 0], [5, 3, 1]]


@pytest.mark.parametrize("rows", PARTS)
def test_terms_of_a_part_are_what_that_part_alone_teaches(rows) -> None:
    """The same terms in the same columns, counted alike, though all texts were counted at once."""
    terms, counts = CountedTexts.of(TEXTS).learned_from(TEXTS[rows])
    alone = Terms()
    expected = alone.learn(TEXTS[rows])
    assert terms.names.tolist() == alone.names.tolist()
    assert terms.n_words == alone.n_words
    np.testing.assert_array_equal(counts.toarray(), expected.toarray())
    np.testing.assert_array_equal(terms.count(TEXTS).toarray(), alone.count(TEXTS).toarray())


def test_a_text_that_was_not_counted_is_no_part() -> None:
    """Nothing is left out silently."""
    with pytest.raises(KeyError, match="Monitor"):
        CountedTexts.of(TEXTS).learned_from(texts(["Monitor"]))


def test_terms_come_back_out_of_a_pickle() -> None:
    """Names, order and rarity are kept."""
    terms = Terms()
    counts = terms.learn(TEXTS)
    terms.learn_rarity("words", counts)
    again = pickle.loads(pickle.dumps(terms))
    assert again.names.tolist() == terms.names.tolist()
    np.testing.assert_array_equal(again.weigh("words", again.count(TEXTS)).data, terms.weigh("words", counts).data)
