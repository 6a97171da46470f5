"""Which language a ticket is written in."""

import re
from functools import cache
from threading import Lock
from typing import Any, Final

_LANGUAGES: Final = (
    *("ARABIC", "CHINESE", "CZECH", "DANISH", "DUTCH", "ENGLISH", "FRENCH", "GERMAN", "ITALIAN", "JAPANESE"),
    *("POLISH", "PORTUGUESE", "RUSSIAN", "SPANISH", "SWEDISH", "TURKISH"),
)
_READ: Final = 600
_ENOUGH_LETTERS: Final = 18
_ENOUGH_SIGNS: Final = 4
_CERTAIN: Final = 0.7

_NO_WORDS: Final = re.compile(r"https?://\S{1,2000}|\S*[\d@_\\/]\S*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SIGN: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_building = Lock()


def detect_language(text: str) -> str | None:
    """Give the ISO 639-1 code of a text's language (``de``, ``en``, ...), or None when it cannot be told.

    Read are the first words up to 600 characters, without codes, addresses and numbers. At least 18
    letters (4 Chinese or Japanese signs) are wanted, because fewer are often a product's name, and the
    likeliest of the sixteen languages must have a probability of 0.7 or more.
    """
    words = _NO_WORDS.sub(" ", text[: 4 * _READ])[:_READ]
    if len(_LETTER.findall(words)) < _ENOUGH_LETTERS and len(_SIGN.findall(words)) < _ENOUGH_SIGNS:
        return None
    with _building:
        detector = _detector()
    likeliest = detector.compute_language_confidence_values(words)[0]
    if likeliest.value < _CERTAIN:
        return None
    return str(likeliest.language.iso_code_639_1.name.lower())


@cache
def _detector() -> Any:
    """Build the detector once a process: about 35 MB, a tenth of what its full n-gram models take."""
    from lingua import Language, LanguageDetectorBuilder  # noqa: PLC0415 - loads a large native library

    languages = [getattr(Language, name) for name in _LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
