"""Taxonomies: the built-in one, a desk's own, and the cure for each that is wrong."""

import pytest

from tickets import Taxonomy, TaxonomyError

QUEUE = """
[[target]]
name = "queue"
labels = ["office", { name = "sap", display = { de = "SAP-Team" } }]
display = { de = "Team" }
cost = { "sap" = { "office" = 3 } }
default_cost = 2
"""


def test_the_builtin_taxonomy_asks_the_two_questions_of_every_desk():
    """Level is ordinal with 1, 2, 3; category is not, with four labels; both have names in two languages."""
    level, category = Taxonomy.builtin()
    assert (level.name, level.label_names, level.ordinal) == ("level", ("1", "2", "3"), True)
    assert (category.name, category.ordinal) == ("category", False)
    assert category.label_names == ("bug", "question", "requirement", "update")
    for target in (level, category):
        for language in ("de", "en"):
            assert target.shown_in(language) != target.name
            assert all(language in label.display for label in target.labels)


def test_confusions_cost_what_the_taxonomy_says():
    """A named confusion has its own cost, another the default, and the right answer none."""
    level, category = Taxonomy.builtin()
    assert level.cost_of(true="3", answered="1") == 40.0
    assert level.cost_of(true="2", answered="2") == 0.0
    assert category.cost_of(true="update", answered="bug") == 10.0


def test_an_unnamed_confusion_of_an_ordinal_target_costs_by_the_step():
    """Two levels too high cost twice as much as one, and less than two too low; without an order all cost the same."""
    level, category = Taxonomy.builtin()
    assert [level.cost_of(true="1", answered=answered) for answered in "123"] == [0.0, 10.0, 20.0]
    assert level.cost_of(true="3", answered="1") > level.cost_of(true="1", answered="3")
    assert category.cost_of(true="bug", answered="update") == category.cost_of(true="bug", answered="question")


def test_asking_a_person_costs_what_the_file_says():
    """The cost of asking stands once for all targets, and stays with some of them."""
    taxonomy = Taxonomy.parse("review_cost = 2\n" + QUEUE, source="test")
    assert taxonomy.review_cost == 2.0
    assert taxonomy.only(("queue",)).review_cost == 2.0
    assert Taxonomy.parse(QUEUE, source="test").review_cost == Taxonomy.builtin().review_cost == 5.0


def test_a_desks_own_taxonomy_is_read(tmp_path):
    """A target of a desk's own needs no code; names without a display stand for themselves."""
    path = tmp_path / "taxonomy.toml"
    path.write_text(QUEUE, "utf-8")
    [queue] = Taxonomy.read(path)
    assert (queue.name, queue.label_names, queue.ordinal) == ("queue", ("office", "sap"), False)
    assert (queue.shown_in("de"), queue.shown_in("en")) == ("Team", "queue")
    assert [label.shown_in("de") for label in queue.labels] == ["office", "SAP-Team"]
    assert queue.cost_of(true="sap", answered="office") == 3.0
    assert queue.cost_of(true="office", answered="sap") == 2.0


def test_a_part_of_the_targets_keeps_the_taxonomys_order():
    """Targets are chosen by name, in the taxonomy's order, and an unknown name lists the known."""
    builtin = Taxonomy.builtin()
    assert builtin.only(("category", "level")).names == ("level", "category")
    assert builtin.only(("category",)).names == ("category",)
    with pytest.raises(TaxonomyError, match="no target called urgency; choose from level, category"):
        builtin.only(("urgency",))


def test_a_target_is_found_by_name_only():
    """A name that no target has is a KeyError with that name."""
    with pytest.raises(KeyError, match="urgency"):
        Taxonomy.builtin()["urgency"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[target", "is not TOML"),
        ("", r"add one \[\[target\]\]"),
        ("target = 5", r"add one \[\[target\]\]"),
        ("target = [5]", r"add one \[\[target\]\]"),
        ('[[target]]\nlabels = ["a", "b"]', "target name None is not a plain word"),
        ('[[target]]\nname = "a b"\nlabels = ["a", "b"]', "use letters, digits and _"),
        ('[[target]]\nname = "q"\nlabels = ["a"]', "fewer than two labels"),
        ('[[target]]\nname = "q"', "fewer than two labels"),
        ('[[target]]\nname = "q"\nlabels = ["a", "a"]', "names label a twice"),
        ('[[target]]\nname = "q"\nlabels = ["a", ""]', "label '' has no name"),
        ('[[target]]\nname = "q"\nlabels = ["a", 5]', "label 5 has no name"),
        ('[[target]]\nname = "q"\nlabels = ["a", {name = "b", shown = "c"}]', "unknown key shown in a label"),
        ('[[target]]\nname = "q"\nlabels = ["a", {name = "b", display = "c"}]', "display is not a table"),
        ('[[target]]\nname = "q"\nlabels = ["a", "b"]\ncolour = 5', "unknown key colour; use cost"),
        (
            '[[target]]\nname = "q"\nlabels = ["a", "b"]\ndisplay = {de = 5}',
            "display is not a table of words",
        ),
        ('[[target]]\nname = "q"\nlabels = ["a", "b"]\ncost = {a = 5}', "cost is not a table of tables"),
        (
            '[[target]]\nname = "q"\nlabels = ["a", "b"]\ncost = {a = {c = 5}}',
            "cost names unknown label c; use a, b",
        ),
        (
            '[[target]]\nname = "q"\nlabels = ["a", "b"]\ncost = {a = {b = -1}}',
            "cost -1 is not a number from 0",
        ),
        (
            'review_costs = 5\n[[target]]\nname = "q"\nlabels = ["a", "b"]',
            "unknown key review_costs; use review_cost, target",
        ),
        ('review_cost = -1\n[[target]]\nname = "q"\nlabels = ["a", "b"]', "cost -1.* is not a number from 0"),
        ('[[target]]\nname = "q"\nlabels = ["a", "b"]\ndefault_cost = true', "cost True is not a number"),
        ('[[target]]\nname = "q"\nlabels = ["a", "b"]\n' * 2, "names q twice"),
    ],
)
def test_a_fault_in_a_taxonomy_names_the_cure(text, said):
    """Each fault is told with the file, the place and what to write instead."""
    with pytest.raises(TaxonomyError, match=said) as raised:
        Taxonomy.parse(text, source="mine.toml")
    assert str(raised.value).startswith("taxonomy mine.toml")


def test_a_taxonomy_that_cannot_be_read_is_named(tmp_path):
    """A missing file and one that is no text are told by their path."""
    with pytest.raises(TaxonomyError, match="check the path"):
        Taxonomy.read(tmp_path / "gone.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes(b"# \xfc\xff")
    with pytest.raises(TaxonomyError, match="save it as UTF-8"):
        Taxonomy.read(path)
