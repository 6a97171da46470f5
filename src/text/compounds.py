"""German compounds taken apart, so that ``Drucker`` finds ``Netzwerkdrucker``."""

import re
from functools import cache, lru_cache
from typing import Final

from text.frequent_words import ranks, stem_ranks
from text.stems import stem

_SHORTEST_PART: Final = 4
_SHORTEST_COMPOUND: Final = 9
_LONGEST_COMPOUND: Final = 48
_MOST_PARTS: Final = 4
_ENDINGS: Final = re.compile(
    "barkeit|chen|erung(en)?|haft|(ig)?(heit|keit)(en)?|ieren|ierung(en)?|isch(e|er)?|lich(e|en|er|es|keit)?|"
    "losigkeit|sche[nr]?|schaft(en)?|tion(en)?|[st]?ung(en|s)?|igen"
)
_LINKS: Final = ("s", "es", "n", "en")


@lru_cache(maxsize=200_000)
def compound_parts(word: str) -> tuple[str, ...]:
    """Give the known German words a folded lowercase word is made of, in order; empty when it is no compound.

    The longest known beginning is taken first, with or without a linking ``s``, ``es``, ``n`` or ``en``
    after it, and the rest must be known as well. The last part may be inflected (``netzwerkdruckers``).
    """
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
        return ()
    return _split(word, _MOST_PARTS)


@cache
def _parts() -> frozenset[str]:
    """Give the words a compound may be made of: frequent ones, without those that are endings themselves."""
    words = (word for word in ranks("de") if len(word) >= _SHORTEST_PART and word.isalpha())
    return frozenset(word for word in words if not _ENDINGS.fullmatch(word))


def _split(rest: str, most: int) -> tuple[str, ...]:
    if most < _MOST_PARTS and _ends_a_compound(rest):
        return (rest,)
    if most == 1:
        return ()
    known = _parts()
    for end in range(len(rest) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        head = rest[:end]
        for part in (head, *(head.removesuffix(link) for link in _LINKS if head.endswith(link))):
            if len(part) >= _SHORTEST_PART and part in known:
                tail = _split(rest[end:], most - 1)
                if tail:
                    return (part, *tail)
    return ()


def _ends_a_compound(rest: str) -> bool:
    """Whether what is left is a word of its own, in any inflection."""
    if len(rest) < _SHORTEST_PART or _ENDINGS.fullmatch(rest):
        return False
    return rest in _parts() or stem(rest, "de") in stem_ranks("de")
