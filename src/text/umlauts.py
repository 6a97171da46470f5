"""One spelling for words that people type with and without umlauts and accents."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_WRITTEN_OUT: Final = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ẞ": "SS",
} | {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "Æ": "Ae",
    "Œ": "Oe",
    "Ø": "O",
    "Ł": "L",
    "Đ": "D",
    "Ð": "D",
    "Þ": "Th",
}
_LATIN_BEYOND_ASCII: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_ACCENTS: Final = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")


def fold_umlauts(text: str) -> str:
    """Write ä as ae, ö as oe, ü as ue and ß as ss, and drop every other accent of a Latin letter.

    The text is brought to Unicode's NFKC form first, so it makes no difference how an umlaut was typed.
    Letters of other alphabets stay as they are. Folding a folded text changes nothing.
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKC", text)
    return _ACCENTS.sub("", _LATIN_BEYOND_ASCII.sub(lambda found: _plain(found.group()), composed))


@lru_cache(maxsize=1024)
def _plain(letter: str) -> str:
    """Give one Latin letter without its accents."""
    return _WRITTEN_OUT.get(letter) or unicodedata.normalize("NFD", letter)[0]
