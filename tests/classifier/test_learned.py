"""What a model says of the tickets it learned from."""

import pytest

from classifier import DamagedModelError, forgotten, mark_forgotten, note_learned


def test_a_model_is_marked_for_its_own_tickets_alone(tmp_path) -> None:
    """By the ticket's hash or by that of somebody it names; a second mark keeps the time of the first."""
    note_learned(tmp_path, {"t1": ["anna"], "t2": ["anna", "bert"], "t3": []})
    assert mark_forgotten(tmp_path, {"t9"}) == 0
    assert forgotten(tmp_path).since is None
    assert mark_forgotten(tmp_path, {"t3"}) == 1
    first = forgotten(tmp_path)
    assert first.tickets == {"t3"}
    assert mark_forgotten(tmp_path, {"anna"}) == 2
    assert forgotten(tmp_path).since == first.since
    assert forgotten(tmp_path).tickets == {"t1", "t2", "t3"}


def test_a_model_that_does_not_say_is_marked(tmp_path) -> None:
    """It may have learned from anything."""
    assert mark_forgotten(tmp_path, {"t1"}) is None
    assert forgotten(tmp_path).tickets == {"t1"}


def test_a_damaged_mark_is_told(tmp_path) -> None:
    """What must not be shown is never guessed."""
    (tmp_path / "forgotten.json").write_text("{}")
    with pytest.raises(DamagedModelError):
        forgotten(tmp_path)
