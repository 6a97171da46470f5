"""The desk's labels read as ours."""

import pytest

from history import HistoryMapping
from history.fault import RowFault
from history.labels import LabelReader, label_readers
from tickets import Label, Target, Taxonomy


def test_a_mapping_wins_over_our_own_name():
    """A desk may mean something else by one of our words."""
    mapping = HistoryMapping(labels={"category": {"bug": "question", "0.0": "update"}})
    reader = label_readers(Taxonomy.builtin(), mapping)["category"]
    assert reader.read("bug", "Art") == "question"
    assert reader.read(0, "Art") == "update"
    assert reader.read(0.0, "Art") == "update"


def test_capitals_matter_only_where_they_part_two_labels():
    """A label is found in other capitals, unless two labels differ by nothing else."""
    reader = LabelReader(Target(name="queue", labels=(Label("IT"), Label("it"), Label("Office"))), {"Büro": "Office"})
    assert [reader.read(word, "q") for word in ("IT", "it", "OFFICE", "BÜRO")] == [
        "IT",
        "it",
        "Office",
        "Office",
    ]
    with pytest.raises(RowFault, match="--label queue:It=IT"):
        reader.read("It", "q")


def test_the_cure_can_be_pasted_into_a_shell():
    """A label with spaces is quoted in the option that maps it, and a very long one is cut."""
    reader = label_readers(Taxonomy.builtin(), HistoryMapping())["category"]
    with pytest.raises(RowFault, match=r"--label 'category:Service Request=bug' \(or question, requirement, update\)"):
        reader.read("Service Request", "Art")
    with pytest.raises(RowFault) as raised:
        reader.read("x" * 5000, "Art")
    assert len(raised.value.message) < 300


def test_an_empty_cell_has_no_label():
    """Nothing, space and NaN are no label."""
    reader = label_readers(Taxonomy.builtin(), HistoryMapping())["level"]
    assert [reader.read(value, "Stufe") for value in (None, " ", float("nan"))] == [None, None, None]
