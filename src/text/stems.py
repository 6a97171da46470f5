"""Words reduced to their stems by Snowball's rules."""

from collections.abc import Iterable
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Final

_RULES: Final = {
    "ar": "arabic",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_stemming = Lock()  # a stemmer keeps its word inside while it works


@lru_cache(maxsize=200_000)
def stem(word: str, language: str | None) -> str:
    """Give the stem of a lowercase word; a word of a language without rules is its own stem.

    German words may be folded or not: Snowball's German rules read ``oe`` as ``ö`` and give stems without
    umlauts.
    """
    if language not in _RULES:
        return word
    with _stemming:
        stemmed: str = _stemmer(_RULES[language]).stemWord(word)
    return stemmed


def stems(words: Iterable[str], language: str) -> list[str]:
    """Give the stem of each of many words, as `stem` does, at a quarter of the time; none is remembered."""
    if language not in _RULES:
        return list(words)
    with _stemming:
        stemmed: list[str] = _stemmer(_RULES[language]).stemWords(list(words))
    return stemmed


@cache
def _stemmer(rules: str) -> Any:
    from Stemmer import Stemmer  # noqa: PLC0415 - not needed by those who only clean

    return Stemmer(rules)
