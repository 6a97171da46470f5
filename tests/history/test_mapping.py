"""Mappings by option and file, and the cure for each that is wrong."""

import pytest

from history import HistoryMapping, MappingError


def test_options_are_read():
    """Options name columns and labels; the desk's names may hold = and :."""
    mapping = HistoryMapping.parse(
        ["body=Description", "subject = a=b "],
        ["category:Incident=bug", "category:A: x=y=question", "level:L1=1"],
    )
    assert mapping.columns == {"body": "Description", "subject": "a=b"}
    assert mapping.labels == {"category": {"Incident": "bug", "A: x=y": "question"}, "level": {"L1": "1"}}


def test_a_file_is_read_and_options_go_over_it(tmp_path):
    """What an option says wins over the file, and the rest of the file stays; numbers are labels too."""
    path = tmp_path / "mapping.toml"
    path.write_text(
        '[columns]\nbody = "Text"\nid = "Nr"\n[labels.category]\nIncident = "bug"\nWunsch = "question"\n'
        "[labels.level]\nTier1 = 1\n",
        "utf-8-sig",
    )
    mapping = HistoryMapping.parse(["body=Description"], ["category:Wunsch=requirement"], path)
    assert mapping.columns == {"body": "Description", "id": "Nr"}
    assert mapping.labels == {
        "category": {"Incident": "bug", "Wunsch": "requirement"},
        "level": {"Tier1": "1"},
    }


@pytest.mark.parametrize("option", ["body", "=Description", "body=", "", " = "])
def test_a_column_option_without_its_parts_names_the_cure(option):
    """A column option that is no pair shows how one looks."""
    with pytest.raises(MappingError, match="write it as --column body=Description"):
        HistoryMapping.parse([option])


@pytest.mark.parametrize("option", ["category", "Incident=bug", "category:Incident", ":a=b", "c:=b", "c:a=", ""])
def test_a_label_option_without_its_parts_names_the_cure(option):
    """A label option that lacks a part shows how one looks."""
    with pytest.raises(MappingError, match="write it as --label category:Incident=bug"):
        HistoryMapping.parse([], [option])


def test_options_that_contradict_each_other_are_refused():
    """Two meanings for one name are told; the same one twice is no fault."""
    assert HistoryMapping.parse(["id=A", "id=A"], ["c:a=b", "c:a=b"]).columns == {"id": "A"}
    with pytest.raises(MappingError, match='"id" is already "A"'):
        HistoryMapping.parse(["id=A", "id=B"])
    with pytest.raises(MappingError, match='"a" is already "b"'):
        HistoryMapping.parse([], ["c:a=b", "c:a=d"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[columns", "is not TOML"),
        (b"\xff\xfe", "save it as UTF-8"),
        (b'[column]\nbody = "a"', 'unknown table or key "column"'),
        (b"columns = 5", "is not a table of names"),
        (b"[columns]\nbody = 5.5", "body = 5.5 is not a name"),
        (b'[columns]\nbody = " "', "is not a name"),
        (b"labels = 5", "labels is not a table"),
        (b'[labels]\nIncident = "bug"', r"write \[labels.category\]"),
        (b"[labels.category]\nIncident = true", "Incident = True is not a name"),
    ],
)
def test_a_file_with_a_fault_names_the_cure(tmp_path, content, said):
    """A mapping file that cannot be used is named with what to write instead."""
    path = tmp_path / "mapping.toml"
    path.write_bytes(content)
    with pytest.raises(MappingError, match=said) as raised:
        HistoryMapping.parse(file=path)
    assert str(path) in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    """A mapping file that is not there says so."""
    with pytest.raises(MappingError, match="check the path"):
        HistoryMapping.parse(file=tmp_path / "gone.toml")
