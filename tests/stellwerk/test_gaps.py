"""The gaps shown to a person."""

import pytest

from desk import GapAnswer, GapsAnswer
from stellwerk.gaps import _show


def test_a_gap_shows_its_theme_and_what_it_cost(capsys) -> None:
    """Each theme has a line with its words, product, tickets and hours; how sure that is stands beside."""
    gap = GapAnswer(
        name="Steuerklasse Lohn",
        words=["Steuerklasse", "Lohn"],
        products=["Persalo"],
        n_tickets=3,
        tickets=["T-1", "T-2", "T-3"],
        handling_seconds=9_000.0,
        median_handling_seconds=None,
    )
    facts = {"n_tickets": 40, "n_without_answer": 5, "n_single": 2, "n_known": 30, "bound": 0.5, "n_gaps": 1}
    _show(GapsAnswer(**facts, recall=0.9, false_alarms=0.125, gaps=[gap]))
    printed = capsys.readouterr()
    for words in ("T-1", "Persalo", "2.5"):
        assert words in printed.out
    assert "5 of 40" in printed.err
    assert "0.125" in printed.err


@pytest.mark.slow
def test_an_empty_base_names_the_cure(run, encoder_folder, monkeypatch) -> None:
    """Where no answer is known, the command fails with one line that says what to do."""
    monkeypatch.setenv("STELLWERK_ENCODER", str(encoder_folder))
    ended = run("gaps", "--knowledge", "none")
    assert ended.status == 1
    assert "fill article_id" in ended.err
