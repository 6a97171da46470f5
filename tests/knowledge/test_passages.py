"""Articles cut into passages."""

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.passages import LONGEST, first_heading, passages_of

LONG = " ".join(f"Satz Nummer {number} steht hier." for number in range(40))


def test_headings_make_passages_that_name_the_headings_above():
    """Two long sections are two passages, each under its path of headings."""
    body = f"# VPN\n\n## Ursache\n{LONG}\n\n## Lösung\n### Windows\n{LONG}"
    found = passages_of(body)
    assert [one.heading for one in found] == ["VPN – Ursache", "VPN – Lösung – Windows"]
    assert all(one.text == LONG for one in found)


def test_small_sections_stay_together_with_their_headings_as_text():
    """A page of small sections is one passage, and no heading is lost."""
    (only,) = passages_of("## Symptom\nKein Netz.\n\n## Lösung\nKabel stecken.")
    assert only.heading == ""
    assert only.text.splitlines() == ["Symptom", "Kein Netz.", "Lösung", "Kabel stecken."]


def test_long_sections_are_cut_at_paragraph_borders():
    """No passage is longer than the limit, and each begins with a paragraph."""
    paragraphs = [f"Absatz {number}. " + "wort " * 60 for number in range(12)]
    found = passages_of("\n\n".join(paragraphs))
    assert len(found) > 1
    assert all(len(one.text) <= LONGEST and one.text.startswith("Absatz") for one in found)


def test_tables_lists_and_code_survive_as_text():
    """Cells, numbered steps and code lines are in the text, markup is not."""
    table = "| Reason | Sinn |\n|---|---|\n| `Priority` | **warten** |"
    (only,) = passages_of(f"{table}\n\n1. Öffnen\n2. Schließen\n\n```sh\nsqueue -u me\n```\n")
    lines = ["Reason | Sinn", "Priority | warten", "1. Öffnen", "2. Schließen", "squeue -u me"]
    assert only.text.splitlines() == lines


def test_nothing_is_no_passage_and_a_lone_heading_is_one():
    """Empty text gives nothing; a title without a text can still be found."""
    assert passages_of("") == passages_of(" \n\n ") == []
    assert [(one.heading, one.text) for one in passages_of("# Nur Titel")] == [("Nur Titel", "")]


def test_first_heading_is_read_without_its_markup():
    """The first heading's words name a page; a page without has none."""
    assert first_heading("Text\n\n## Der *erste* Titel\n\n# Zweiter") == "Der erste Titel"
    assert first_heading("Text") is None


WORDS = st.text(alphabet="abcäöü", min_size=1, max_size=30)
BLOCK = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
BODY = st.lists(st.one_of(BLOCK, BLOCK.map(lambda words: f"# {words}")), max_size=12).map("\n\n".join)


@given(BODY)
def test_no_word_is_lost_and_no_passage_too_long(body):
    """Every word of a body is in a heading or a text of its passages, whatever is cut where."""
    found = passages_of(body, longest=120)
    kept = [word for one in found for word in re.findall(r"\w+", f"{one.heading} {one.text}")]
    assert set(re.findall(r"\w+", body)) <= set(kept)
    assert all(len(one.text) <= 120 for one in found)
