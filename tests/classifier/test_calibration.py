"""Whether answers are right as often as they say, over all tickets and by their parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import expected_calibration_error
from classifier.calibration import Traits, reliability, slices
from tickets import Ticket

GERMAN = "Der Drucker im zweiten Stock druckt seit heute Morgen keine Etiketten mehr."


def test_calibration_error_by_hand() -> None:
    """Two bins: .95 said and half right twice; .6 said and right: (2 * .45 + .4) / 3."""
    confidence, correct = np.array([0.95, 0.95, 0.6]), np.array([True, False, True])
    assert expected_calibration_error(confidence, correct) == pytest.approx((2 * 0.45 + 0.4) / 3)
    assert expected_calibration_error(np.ones(3), np.ones(3, bool)) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 20))
def test_calibration_error_is_a_share(answers, bins: int) -> None:
    """Whatever is said and true, the error lies in [0, 1], bounds and zeros included, and every ticket has its bin."""
    confidence = np.array([share for share, _ in answers])
    correct = np.array([flag for _, flag in answers])
    assert 0 <= expected_calibration_error(confidence, correct, bins=bins) <= 1 + 1e-12
    assert sum(one.n_tickets for one in reliability(confidence, correct, bins=bins)) == len(answers)


def test_traits_are_told_from_the_ticket() -> None:
    """The language is the ticket's own or that of its words; what is neither German nor English is other."""
    tickets = [
        Ticket(body=GERMAN),
        Ticket(body=GERMAN, language="en"),
        Ticket(body="x" * 199, language="de-AT"),
        Ticket(subject="x" * 100, body="y" * 100, language="fr"),
        Ticket(body="x" * 600, language="EN"),
    ]
    traits = Traits.of(tickets)
    assert traits.language.tolist() == ["de", "en", "de", "other", "en"]
    assert traits.length.tolist() == ["short", "short", "short", "medium", "long"]
    assert traits.at(np.arange(5) > 2).language.tolist() == ["other", "en"]


def test_a_part_that_is_badly_calibrated_is_found() -> None:
    """Right overall and wrong by language: German answers too timid, English too sure, each with its figures."""
    n = 200
    confidence, correct = np.full(2 * n, 0.75), np.ones(2 * n, bool)
    correct[n : n + n // 2] = False  # English: half of them; German: all right
    traits = Traits(np.repeat(np.array(["de", "en"], object), n), np.array(["short"] * 2 * n, object))
    parts = {(one.kind, one.name): one for one in slices(confidence, correct, np.arange(2 * n) % 2, "ab", traits)}
    assert parts["all", "all"].ece == pytest.approx(0.0)
    assert parts["language", "de"].ece == pytest.approx(0.25)
    assert parts["language", "en"].ece == pytest.approx(0.25)
    assert (parts["language", "de"].accuracy, parts["language", "en"].accuracy) == (1.0, 0.5)
    assert parts["label", "a"].n_tickets == parts["label", "b"].n_tickets == n
    assert not parts["language", "de"].too_few


def test_small_parts_are_marked_and_empty_ones_shown() -> None:
    """A part of 99 tickets is marked, one of 100 is not, and a part without tickets has no figures but stands there."""
    traits = Traits(np.array(["de"] * 99 + ["en"] * 100, object), np.array(["long"] * 199, object))
    found = slices(np.full(199, 0.8), np.ones(199, bool), np.zeros(199, np.intp), ("a", "b"), traits)
    parts = {(one.kind, one.name): one for one in found}
    assert [kind for kind, _ in parts] == ["all", "label", "label", *["language"] * 3, *["length"] * 3]
    assert parts["language", "de"].too_few
    assert not parts["language", "en"].too_few
    for empty in (("language", "other"), ("label", "b"), ("length", "short")):
        one = parts[empty]
        assert (one.n_tickets, one.mean_confidence, one.accuracy, one.ece, one.too_few) == (0, None, None, None, True)
