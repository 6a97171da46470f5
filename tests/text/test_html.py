"""What html_to_text and looks_like_html promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.html import html_to_text, looks_like_html

MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<br", ">", "<div>", "<blockquote>", "</blockquote>", "<pre>", "<!--", "&auml;"])
    | st.text(max_size=8)
).map("".join)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (
            "<p>Der Drucker<br>geht &amp; piept.</p><p>Grüße</p>",
            ["Der Drucker", "geht & piept.", "", "Grüße"],
        ),
        ("<ul><li>eins<li>zwei</ul>", ["- eins", "- zwei"]),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td></td></tr></table>", ["A | B", "1"]),
        ("<head><title>T</title><style>p{}</style></head><body>Text<script>x()</script></body>", ["Text"]),
        ("neu<blockquote>alt<blockquote>älter</blockquote></blockquote>", ["neu", "> alt", "> > älter"]),
        ("<pre>a\n  b</pre>", ["a", "  b"]),
        ("<div style='display: none'>geheim</div>offen<img hidden>!", ["offen!"]),
        ("<div><b>offen <i>und <p>ungeschlossen", ["offen und", "ungeschlossen"]),
        ("St&ouml;rung&nbsp;&lt;1&gt;", ["Störung <1>"]),
        ("<?xml version='1.0' encoding='utf-8'?><p>Prüfung</p>", ["Prüfung"]),
    ],
)
def test_gives_the_lines_a_reader_sees(html, lines):
    """Blocks, breaks, items and rows are lines; quotations are marked; what no reader sees is gone."""
    assert html_to_text(html).split("\n") == lines


def test_reads_what_is_nested_beyond_any_tree():
    """Words at the bottom of 50,000 elements are read."""
    assert html_to_text("<div>" * 50_000 + "tief") == "tief"


@given(MARKUP)
def test_never_raises(markup):
    """Any text at all gives a text, and the test whether it is HTML an answer."""
    assert isinstance(html_to_text(markup), str)
    assert looks_like_html(markup) in {True, False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<html><body>x</body></html>", True),
        ("<!DOCTYPE html>x", True),
        ("<p>Hallo,</p>\n<p>der Drucker</p>", True),
        ("Hallo,<br>der Drucker<br>geht nicht", True),
        ("Das <div>-Element fehlt", False),
        ("a < b und c > d", False),
        ("# Titel\n\n<b>x</b>\n\n```\n<p>\n```", False),
        ("Zeile\nZeile\nZeile\nmit <b>fett</b>\nund <br> weiter", False),
        ("<fault>\n<code>DMS-403</code>", False),
    ],
)
def test_tells_html_from_text_that_mentions_tags(text, expected):
    """Only a body is HTML; Markdown and sentences about tags are not."""
    assert looks_like_html(text) is expected
