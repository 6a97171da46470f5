"""The terms under which full-text search files a text and asks for it."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from text.compounds import compound_parts
from text.frequent_words import home_language
from text.stems import stem
from text.umlauts import fold_umlauts

_TOKEN: Final = re.compile(r"[^\W_]+(?:[._\-][^\W_]+)*")
_LONGEST_TOKEN: Final = 64
_LONGEST_CODE_SEGMENT: Final = 4
_STOP_WORDS: Final = frozenset(
    fold_umlauts(
        """
        aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bitte
        da dabei dafür damit danach dann daran darauf das dass daß davon dazu dein deine dem den denn der
        des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem
        einen einer eines er es etwas euch euer eure für gar geht gegen gibt haben hat hatte hatten hier ich
        ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jetzt kann kein
        keine keinen können könnte man mehr mein meine meinem meinen meiner mich mir mit muss nach nicht
        noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so soll sollte sondern sonst über
        um und uns unser unsere unserem unseren unserer unter vom von vor war waren warum was weil welche
        welcher wenn wer werden wie wieder will wir wird wo wurde wurden zu zum zur zwar hallo danke a about
        all am an and any are as at be been but by can could did do does for from had has have he her here
        him his how i if in into is it its just me my no not of on or our out please she should so some than
        thanks that the their them then there these they this those to too us was we were what when where
        which while who why will with would you your hello hi dear
        """
    ).split()
)


def analyse(text: str, language: str | None) -> list[str]:
    """Give the full-text terms of a text in its order: folded, without stop words, stemmed, compounds split.

    Text is filed and asked for with the same call, so two spellings meet when they share a term. A code
    (``ORA-12514``, ``0x80070005``, ``5.9.0``, ``P41K902217``, ``ZCL_SL_IPOINT``) is one term and nothing
    else.

    A word that is clearly German or clearly English is stemmed by that language's rules wherever it
    stands. Any other word may be a name: it is filed as it is written, and beside that under its stem by
    ``language``, or by the German rules when that is None. In a text of a third language every word is
    treated like a name, and filed under its German or English stem as well where it has one.
    """
    terms: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text)):
        if len(token) <= _LONGEST_TOKEN:
            terms.extend(_terms(token.lower(), language))
    return terms


@lru_cache(maxsize=200_000)
def _terms(token: str, language: str | None) -> tuple[str, ...]:
    """Give the terms of one lowercase token."""
    token = fold_umlauts(token)
    if token.isalpha():
        return _word_terms(token, language)
    if _is_code(token):
        return (token,)
    segments = [segment for segment in re.split(r"[._\-]", token) if segment]
    joined = "".join(segments) if "-" in token and "." not in token else ""
    if segments == [token]:  # letters of a kind that no rule above knows
        return (token,)
    whole = _word_terms(joined, language) if joined.isalpha() else ()
    parts = [term for segment in segments if len(segment) > 1 for term in _terms(segment, language)]
    return tuple(dict.fromkeys([*whole, *parts]))


def _word_terms(word: str, language: str | None) -> tuple[str, ...]:
    """Give the terms of one folded lowercase word of letters only."""
    if word in _STOP_WORDS:
        return ()
    spoken = home_language(word)
    if language not in {"de", "en", None}:
        return tuple(dict.fromkeys((word, stem(word, spoken), stem(word, language))))
    if spoken == "en":
        return (stem(word, "en"),)
    parts = [stem(part, "de") for part in compound_parts(word)]
    own = (stem(word, "de"),) if spoken == "de" or parts else (word, stem(word, language or "de"))
    return tuple(dict.fromkeys([*own, *parts]))


def _is_code(token: str) -> bool:
    """Whether a token is a code: it has an underscore, or a digit and no longer word beside its digits."""
    if "_" in token:
        return True
    if not any(sign.isdigit() for sign in token):
        return False
    return not any(s.isalpha() and len(s) > _LONGEST_CODE_SEGMENT for s in token.split("-"))
