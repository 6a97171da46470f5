"""Snippets: the right stretch, the right marks, safe markup."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.snippet import WIDTH, snippet_of
from text import analyse


def terms(words: str, language: str = "de") -> list[str]:
    return analyse(words, language)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("Störung", "Die Stoerung ist behoben.", "Stoerung"),
        ("Störungen", "Eine Störung liegt vor.", "Störung"),
        ("Drucker", "Am Netzwerkdrucker liegt es.", "Netzwerkdrucker"),
        ("ORA-12514", "Fehler ORA-12514 im Protokoll.", "ORA-12514"),
    ],
)
def test_words_are_marked_as_the_search_matches_them(query, text, marked):
    """Other spellings, inflections, compounds and codes are marked, nothing else is."""
    assert re.findall(r"<mark>(.*?)</mark>", snippet_of(text, terms(query), "de")) == [marked]


def test_the_stretch_with_the_matches_is_shown_with_dots_where_text_is_left_out():
    """Matches deep in a long text are shown, cut at words."""
    filler = "Hier steht nichts davon. " * 40
    shown = snippet_of(
        f"{filler}Das Zertifikat der Einwahl ist abgelaufen. {filler}", terms("Zertifikat Einwahl"), "de"
    )
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>Zertifikat</mark> der <mark>Einwahl</mark>" in shown


def test_markup_in_a_text_is_shown_and_never_runs():
    """Angle brackets, quotes and ampersands are escaped, inside marks too."""
    shown = snippet_of('<script>alert("Drucker")</script> & <b>Drucker</b>', terms("Drucker"), "de")
    assert "<script" not in shown
    assert "<b>" not in shown
    assert shown.count("<mark>Drucker</mark>") == 2
    assert "&amp;" in shown


def test_without_a_match_the_beginning_is_shown():
    """A passage found by meaning alone still shows its first sentences."""
    assert snippet_of("Erster Satz. " * 50, [], "de").startswith("Erster Satz.")
    assert snippet_of("", ["x"], None) == ""


@given(st.text(max_size=900), st.sampled_from(["drucker", "", "Störung & <Netz>"]))
def test_any_text_gives_escaped_text_of_the_text_itself(text, query):
    """Whatever comes in, only marks are markup, and unescaped the snippet is a short stretch of the text."""
    shown = snippet_of(text, terms(query), "de")
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    plain = html.unescape(bare).removeprefix("… ").removesuffix(" …")
    assert len(plain) <= WIDTH
    assert plain.strip() in " ".join(text.split())
