"""The most frequent German and English words, by which words of unknown origin are judged."""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import msgpack

from text.stems import stem, stems
from text.umlauts import fold_umlauts

_N_WORDS = 60_000


@cache
def ranks(language: str) -> dict[str, int]:
    """Give the place of each frequent word, folded, in a language's list; the lowest is the most frequent."""
    places: dict[str, int] = {}
    for place, word in enumerate(islice(_words(language), _N_WORDS)):
        places.setdefault(fold_umlauts(word), place)
    return places


def _words(language: str) -> Iterator[str]:
    """Give a language's words as ``wordfreq.iter_wordlist`` does, the most frequent first.

    Its file is read as far as it is asked for, without the package, which takes longer to import than this to read:
    a list (``cB``, version 1) of a header and of the words of each frequency.
    """
    package = find_spec("wordfreq")
    assert package is not None
    assert package.origin is not None
    with gzip.open(Path(package.origin).parent / "data" / f"large_{language}.msgpack.gz") as file:
        lists = msgpack.Unpacker(file, raw=False)
        n_lists = lists.read_array_header() - 1
        header = lists.unpack()
        if (header["format"], header["version"]) != ("cB", 1):
            raise ValueError(f"wordfreq's list of {language} is of another format: {header}")
        for _ in range(n_lists):
            yield from lists.unpack()


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
