"""The most frequent German and English words, by which words of unknown origin are judged."""

from functools import cache
from itertools import islice

from text.stems import stem, stems
from text.umlauts import fold_umlauts

_N_WORDS = 60_000


@cache
def ranks(language: str) -> dict[str, int]:
    """Give the place of each frequent word, folded, in a language's list; the lowest is the most frequent."""
    import wordfreq  # noqa: PLC0415 - reads its lists for a quarter of a second

    places: dict[str, int] = {}
    for place, word in enumerate(islice(wordfreq.iter_wordlist(language), _N_WORDS)):
        places.setdefault(fold_umlauts(word), place)
    wordfreq.get_frequency_list.cache_clear()  # it holds ten times what is kept here
    return places


@cache
def stem_ranks(language: str) -> dict[str, int]:
    """Give the stems of a language's frequent words, each with the place of its most frequent word."""
    places: dict[str, int] = {}
    known = ranks(language)
    for stemmed, place in zip(stems(known, language), known.values(), strict=True):
        places.setdefault(stemmed, place)
    return places


def home_language(word: str) -> str | None:
    """Give the language, German or English, a folded lowercase word belongs to, or None if neither.

    It is the language whose list alone knows the word; where both do, English, unless the word is far
    more frequent in German: what the two share is mostly loans such as ``server``. A word in neither list
    is judged by its stems.
    """
    german, english = ranks("de").get(word), ranks("en").get(word)
    if german is None and english is None:
        german = stem_ranks("de").get(stem(word, "de"))
        english = stem_ranks("en").get(stem(word, "en"))
    if german is None:
        return None if english is None else "en"
    return "de" if english is None or 3 * german <= english else "en"
