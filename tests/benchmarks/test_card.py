"""The model card shows what was measured."""

from benchmarks.card import CARD, with_figures


def test_the_card_shows_the_measured_figures() -> None:
    """Whoever measures anew also runs ``python -m benchmarks.card``."""
    card = CARD.read_text("utf-8")
    assert with_figures(card) == card
