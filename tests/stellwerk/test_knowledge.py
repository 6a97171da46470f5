"""Hits shown to a person."""

from rich.console import Console

from desk import ChannelAnswer, HitAnswer
from knowledge import filters_of
from stellwerk.knowledge import _hit_parts, _snippet


def test_a_snippet_loses_its_markup_and_keeps_its_matches() -> None:
    """Matches stand out, everything else is the text as it was written."""
    text = _snippet("Der <mark>Drucker</mark> druckt &lt;nichts&gt; &amp; piept\x1b[2J")
    assert text.plain == "Der Drucker druckt <nichts> & piept[2J"
    assert [text.plain[span.start : span.end] for span in text.spans if span.style] == ["Drucker"]


def ticket_hit(**facts: str) -> HitAnswer:
    """A hit of a solved ticket, with some of its facts given."""
    return HitAnswer(
        kind="ticket",
        id="4711",
        title="Drucker [Halle 3]",
        url=None,
        score=0.5,
        why=[ChannelAnswer(channel="words", rank=1)],
        labels={"level": "2"},
        product=None,
        customer=None,
        language="de",
        **facts,
    )


def test_a_hit_shows_what_helped(capsys) -> None:
    """A hit of a solved ticket shows its title, id, labels and the words that closed it."""
    hit = ticket_hit(snippet="<mark>Drucker</mark> aus", resolution="Netzteil getauscht")
    Console(markup=False, width=100).print(*_hit_parts(1, hit))
    out = capsys.readouterr().out
    for words in ("1. Drucker [Halle 3]", "ticket 4711", "words 1", "Drucker aus", "Netzteil getauscht"):
        assert words in out


def test_what_helped_is_not_said_twice(capsys) -> None:
    """Where the snippet is the whole resolution, it is shown as that, once."""
    hit = ticket_hit(snippet="<mark>Netzteil</mark> getauscht", resolution="Netzteil\ngetauscht")
    Console(markup=False, width=100).print(*_hit_parts(1, hit))
    out = capsys.readouterr().out
    assert "Resolution: Netzteil getauscht" in out
    assert out.count("Netzteil") == 1


def test_a_filter_may_hold_an_equals_sign() -> None:
    """Only the first equals sign parts a filter's name from its value."""
    assert filters_of(["product=A=B", "level = 2"]) == {"product": ["A=B"], "level": ["2"]}


def test_a_hit_shows_what_it_stands_for(capsys) -> None:
    """The other tickets of the same solution are named, and what moved the hit up."""
    hit = ticket_hit(snippet="x", resolution="y", similar=["12", "13"], n_similar=2, flags=["same_product"])
    Console(markup=False, width=100).print(*_hit_parts(1, hit))
    out = capsys.readouterr().out
    assert "The same solution: 12, 13" in out
    assert "same product" in out
