"""Articles cut into passages."""

import re

import pytest
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


@pytest.mark.parametrize("n_before", [0, 700, 1_100])
def test_code_and_tables_that_fit_are_never_cut(n_before):
    """Whatever stands before, a block of code or a table of at most a passage's length is in one passage, whole."""
    code = "\n".join(f"    run --step {number}. done" for number in range(40))
    table = "\n".join(f"| R{number} | Sinn {number} |" for number in range(60))
    body = f"{'wort ' * (n_before // 5)}\n\n```sh\n{code}\n```\n\n| Kopf | Sinn |\n|---|---|\n{table}\n"
    texts = [one.text for one in passages_of(body)]
    assert all(len(text) <= LONGEST for text in texts)
    assert sum(code in text for text in texts) == 1
    rows = "\n".join(["Kopf | Sinn", *(f"R{number} | Sinn {number}" for number in range(60))])
    assert sum(rows in text for text in texts) == 1


def test_what_does_not_fit_is_cut_between_lines():
    """Long code keeps its lines and their indentation; every piece of a long table begins with its header."""
    code = [f"    run --step {number} # nicht. hier" for number in range(90)]
    rows = [f"R{number} | Sinn. {number}" for number in range(150)]
    body = "\n".join(["```", *code, "```", "", "| Kopf | Sinn |", "|---|---|", *(f"| {row} |" for row in rows)])
    texts = [one.text for one in passages_of(body)]
    assert all(len(text) <= LONGEST for text in texts)
    lines = [line for text in texts for line in text.split("\n")]
    assert [line for line in lines if line != "Kopf | Sinn"] == [*code, *rows]
    with_rows = [text for text in texts if "\nR" in text]
    assert len(with_rows) > 1
    assert all("Kopf | Sinn\nR" in text for text in with_rows)


def test_a_table_of_one_row_and_empty_code_survive():
    """A header alone is a line; code without a line is nothing."""
    (only,) = passages_of("| Kopf | Sinn |\n|---|---|\n\n```\n```\n\nEnde")
    assert only.text.split("\n")[0] == "Kopf | Sinn"
    assert only.text.endswith("Ende")


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
