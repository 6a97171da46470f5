"""The stretch of a text that shows best why it was found, its matches marked, safe to put into a page."""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from text import analyse

WIDTH = 240
"""Characters of text a snippet shows at most."""

_WORD = re.compile(r"\w+(?:[-./_@:]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    terms: frozenset[str]


def snippet_of(text: str, terms: Collection[str], language: str | None, *, width: int = WIDTH) -> str:
    """The best stretch of ``text``, escaped, each word with one of the analysed ``terms`` in ``<mark>``.

    Words match as the search matches them: inflected, with folded umlauts, and as parts of compounds.
    """
    text = text[:_LONGEST_TEXT].strip()
    matches = _matches(text, frozenset(terms), language)
    start, end = _window(text, matches, width)
    shown, position = [], start
    for match in matches:
        if match.start >= start and match.end <= end:
            shown += [
                html.escape(text[position : match.start]),
                "<mark>",
                html.escape(text[match.start : match.end]),
                "</mark>",
            ]
            position = match.end
    shown.append(html.escape(text[position:end]))
    body = " ".join("".join(shown).split())
    return ("… " if start > 0 else "") + body + (" …" if end < len(text) else "")


def _matches(text: str, terms: frozenset[str], language: str | None) -> list[_Match]:
    return [
        _Match(word.start(), word.end(), shared)
        for word in _WORD.finditer(text)
        if (shared := terms & _terms_of(word.group(), language))
    ]


@lru_cache(maxsize=50_000)
def _terms_of(word: str, language: str | None) -> frozenset[str]:
    return frozenset(analyse(word, language))


def _window(text: str, matches: list[_Match], width: int) -> tuple[int, int]:
    """Where the stretch with the most different matches begins and ends; sentence starts are preferred."""
    if len(text) <= width:
        return 0, len(text)
    sentences = [0, *(border.end() for border in _SENTENCE_END.finditer(text))]
    starts = {*sentences, *(_word_start(text, match.start - width // 4) for match in matches)}

    def worth(start: int) -> tuple[int, int, bool, int]:
        inside = [match for match in matches if start <= match.start and match.end <= start + width]
        different = frozenset[str]().union(*(match.terms for match in inside))
        return len(different), len(inside), start in sentences, -start

    start = max(starts, key=worth)
    return start, _word_end(text, start, width)


def _word_start(text: str, position: int) -> int:
    """The first word border at or after ``position``."""
    if position <= 0:
        return 0
    border = text.find(" ", position)
    return border + 1 if 0 <= border < position + 40 else position


def _word_end(text: str, start: int, width: int) -> int:
    """The last word border within ``width`` of ``start``."""
    if start + width >= len(text):
        return len(text)
    border = max(text.rfind(" ", start, start + width + 1), text.rfind("\n", start, start + width + 1))
    return border if border > start + width // 2 else start + width
