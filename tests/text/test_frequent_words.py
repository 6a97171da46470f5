"""Frequent words and their stems."""

import pytest

from text.frequent_words import ranks, stem_ranks
from text.stems import stem, stems


@pytest.mark.parametrize("language", ["de", "en"])
def test_stems_keep_the_place_of_their_most_frequent_word(language: str) -> None:
    """A stem stands where the first word of it stands."""
    expected: dict[str, int] = {}
    for word, place in list(ranks(language).items())[:2_000]:
        expected.setdefault(stem(word, language), place)
    found = stem_ranks(language)
    assert {one: found[one] for one in expected} == expected


@pytest.mark.parametrize("language", ["de", "en", "ja"])
def test_many_words_have_the_stems_that_each_has(language: str) -> None:
    """Stemmed together or one by one, in their order; a language without rules leaves words as they are."""
    words = ["drucker", "druckern", "printing", "printed", "vpn", "drucker"]
    assert stems(words, language) == [stem(word, language) for word in words]
