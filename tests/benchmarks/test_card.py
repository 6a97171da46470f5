"""The model card shows what was measured."""

from benchmarks.card import CARD, with_figures


def test_the_card_shows_the_measured_figures() -> None:
    """Whoever measures anew also runs ``python -m benchmarks.card``."""
    card = CARD.read_text("utf-8")
    assert with_figures(card) == card


def test_what_was_not_measured_is_said_to_be_so() -> None:
    """Without any result the card still has all its parts, and no figure."""
    card = with_figures("before<!-- figures -->outdated<!-- /figures -->after", lambda _: None)
    assert card.startswith("before<!-- figures -->")
    assert card.endswith("<!-- /figures -->after")
    assert "outdated" not in card
    assert card.lower().count("not measured") >= 12
    assert "0." not in card.split("nDCG@10")[1]


def test_a_contestant_without_a_figure_keeps_its_row() -> None:
    """One that was stopped, or that lacks its library, is not left out silently."""
    measured = {"fast": {"level_accuracy": 0.5, "category_accuracy": 0.25}, "setfit": {"not_measured": "stopped"}}
    results = {"recurring": {"models": measured}}
    card = with_figures("<!-- figures --><!-- /figures -->", results.get)
    assert "| plan `fast` | 0.500 | 0.250 |" in card
    assert "tuned within a budget | not measured | not measured |" in card


def test_figures_under_a_share_are_found() -> None:
    """The agreements' names hold dots, which also part the steps of a path."""
    routed = {"fast": {"auto": {"0.05": {"share": 0.125, "error": None}}}}
    card = with_figures("<!-- figures --><!-- /figures -->", {"classification": {"models": routed}}.get)
    assert "| share at 5 % |\n| --- | ---: |\n| plan `fast` | 0.125 |" in card
