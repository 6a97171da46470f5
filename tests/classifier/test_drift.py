"""Drift is told where tickets changed, and not where they did not."""

import random
from math import log

import pytest

from classifier.drift import OTHER, Reference, stability_index, traits_of
from tickets import Ticket


def tickets(n: int, *, product: str = "Versand", language: str = "de", seed: int = 1) -> list[Ticket]:
    """Tickets of one to thirty words."""
    chance = random.Random(seed)
    return [
        Ticket(body=" ".join(["Wort"] * chance.randint(1, 30)), product=product, language=language, channel="mail")
        for _ in range(n)
    ]


def traits(some: list[Ticket], known: float = 0.9):
    return [traits_of(one, known_share=known, words=one.body) for one in some]


@pytest.fixture
def reference() -> Reference:
    """Of 400 tickets about two products."""
    some = tickets(200) + tickets(200, product="Portal", seed=2)
    chance = random.Random(3)
    return Reference.of(some, known_shares=[chance.random() for _ in some], words=[one.body for one in some])


def test_the_index_is_that_of_the_formula() -> None:
    """With many tickets the half that is added does not count: sum of (now - before) * log(now / before)."""
    told = stability_index({"a": 0.5, "b": 0.5}, {"a": 800_000, "b": 200_000})
    assert told == pytest.approx(0.3 * log(1.6) - 0.3 * log(0.4), rel=1e-4)


def test_nothing_moved_is_none() -> None:
    """The same shares have an index of 0, and so has a history that has one part only."""
    assert stability_index({"a": 0.25, "b": 0.75}, {"a": 25, "b": 75}) == pytest.approx(0)
    assert stability_index({"a": 1.0}, {"a": 3}) == 0
    assert stability_index({"a": 1.0}, {}) == 0


def test_like_tickets_do_not_drift(reference) -> None:
    """Other tickets of the same kind stay below what is called a small change."""
    chance = random.Random(9)
    later = tickets(250, seed=5) + tickets(250, product="Portal", seed=6)
    told = reference.drift([traits_of(one, known_share=chance.random(), words=one.body) for one in later])
    assert set(told) == {"language", "channel", "product", "words", "known_words"}
    assert max(told.values()) < 0.1, told


@pytest.mark.parametrize(
    ("moved", "later"),
    [
        ("product", tickets(500, product="Neues Produkt")),
        ("language", tickets(500, language="fr")),
        ("words", [Ticket(body="Wort " * 300, product="Portal", language="de", channel="mail")] * 500),
    ],
)
def test_what_changed_is_told(reference, moved, later) -> None:
    """A new product, language or length is above what is called a large change."""
    assert reference.drift(traits(later))[moved] > 0.25


def test_words_that_nobody_used_are_told(reference) -> None:
    """Tickets of words that the history does not know drift by that trait."""
    assert reference.drift(traits(tickets(300), known=0.0))["known_words"] > 0.25


def test_rare_names_are_one_part() -> None:
    """However many products there are, a reference names twenty of them."""
    some = [Ticket(body="x", product=f"p{i % 60}") for i in range(600)]
    reference = Reference.of(some, known_shares=[1.0] * 600, words=["x"] * 600)
    assert len(reference.shares["product"]) == 21
    assert sum(reference.shares["product"].values()) == pytest.approx(1)
    assert reference.part("product", traits([Ticket(body="x", product="never seen")])[0]) == OTHER
