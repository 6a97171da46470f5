"""What analyse and compound_parts promise."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.analysis import analyse
from text.compounds import compound_parts

LANGUAGES = ["de", "en", None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stoerung", "Störung"),
        ("Störung", "Störungen"),
        ("STÖRUNG", "stoerungen"),
        ("Strasse", "Straße"),
        ("groß", "gross"),
        ("Drucker", "Druckers"),
        ("Drucker", "Netzwerkdrucker"),
        ("Drucker", "Netzwerkdruckers"),
        ("Netzwerkdrucker", "Netzwerk-Drucker"),
        ("Passwort", "Passwörter"),
        ("Passwort", "Passwoertern"),
        ("Kennwort", "Kennwortrücksetzung"),
        ("E-Mail", "Email"),
        ("USB-C-Kabel", "Kabel"),
        ("server", "Servers"),
        ("printer", "printers"),
    ],
)
def test_spellings_and_forms_of_a_word_meet(one, other, language):
    """Two forms of a word share a term in any language's text."""
    assert set(analyse(one, language)) & set(analyse(other, language))


@pytest.mark.parametrize("language", [*LANGUAGES, "fr"])
@pytest.mark.parametrize(
    "code",
    ["P41K902217", "ORA-12514", "0x80070005", "T53", "5.9.0", "SM37", "ZCL_SL_IPOINT_WEIGHT", "HTTP-404"],
)
def test_a_code_is_one_term_and_nothing_else(code, language):
    """A code is kept whole, in any language, also before a full stop."""
    assert analyse(f"{code}.", language) == [code.lower()]


@pytest.mark.parametrize("name", ["Kestrel", "Lotwerk", "TraceFlux", "StaplerLeit", "Accounts", "Server", "Polaris"])
def test_a_name_meets_itself_across_languages(name):
    """Whatever the language of the two texts, a name has a term in common with itself."""
    german, english, unknown, french = (set(analyse(name, language)) for language in [*LANGUAGES, "fr"])
    assert german & english & unknown & french


def test_unlike_words_do_not_meet():
    """Words of different matters share no term."""
    assert not set(analyse("Drucker druckt nicht", "de")) & set(analyse("Rechnung fehlt im Portal", "de"))


def test_stop_words_go():
    """What every ticket says is no term."""
    assert analyse("Der Drucker ist nicht da, und was nun? It is not here.", "de") == ["druck"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("netzwerkdrucker", ("netzwerk", "drucker")),
        ("datenbankverbindung", ("datenbank", "verbindung")),
        ("stoerungen", ()),
        ("rechnungen", ()),
        ("drucker", ()),
        ("xqzvwkjhgfdp", ()),
    ],
)
def test_a_compound_is_parted_into_known_words(word, parts):
    """Compounds are taken apart, inflected words are not."""
    assert compound_parts(word) == parts


@given(st.text(), st.sampled_from([*LANGUAGES, "fr", "ja"]))
def test_terms_are_folded_and_repeatable(text, language):
    """Any text has terms, the same at each call, none of them empty."""
    terms = analyse(text, language)
    assert terms == analyse(text, language)
    assert all(terms)


@pytest.mark.parametrize("unit", ["a", "a.", "ä-", "_", "ab1 ", "netzwerk"])
def test_a_megabyte_of_anything_takes_a_moment(unit):
    """Time grows with length, whatever the text; two seconds leave room for a slow machine."""
    started = time.perf_counter()
    analyse(unit * (1_000_000 // len(unit)), "de")
    assert time.perf_counter() - started < 2
