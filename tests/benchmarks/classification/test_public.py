"""Public sets become tickets."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.classification.public import near_twins, repositories, topics
from benchmarks.classification.split import Split, words

_LONG = "The window stays black after the second monitor was plugged in and the laptop woke up again. "


@pytest.fixture
def folder(tmp_path):
    """A small set with the columns of both public ones."""
    rows = [
        {"id": f"{repo}-{i}", "subject": f"subject {i}", "body": _LONG * (1 + i), "language": "en", "repo": repo,
         "label": label, "Topic_group": label, "created_at": ""}
        for repo in ("a/a", "b/b")
        for i, label in enumerate(("bug", "feature", "question"))
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "train.parquet")
    pq.write_table(pa.Table.from_pylist(rows[:4]), tmp_path / "test.parquet")
    return tmp_path


def test_each_repository_learns_alone(folder) -> None:
    """The official protocol: only its own issues, and one target."""
    first, second = repositories(folder)
    assert (first.name, second.name) == ("a/a", "b/b")
    assert [len(first.split.learn), len(first.split.test), len(second.split.test)] == [3, 3, 1]
    assert {ticket.ticket.id[:3] for ticket in first.split.learn} == {"a/a"}
    assert first.split.taxonomy["category"].label_names == ("bug", "feature", "question")
    assert first.split.learn[0].labels == {"category": "bug"}


def test_each_public_ticket_is_its_own_problem(folder) -> None:
    """Nothing says which of them are siblings."""
    split = topics(folder)
    assert split.taxonomy.names == ("topic",)
    assert len({ticket.problem for ticket in split.learn}) == len(split.learn) == 6


def test_twins_are_nearly_the_same_text(small_history, taxonomy) -> None:
    """A ticket with a word changed is a twin, a ticket of another problem is none."""
    from dataclasses import replace

    learn = small_history[:100]
    known = next(one for one in learn if len(words(one.ticket)) > 200)
    changed = replace(known, ticket=replace(known.ticket, body=f"{known.ticket.body} Danke!"))
    other = next(one for one in small_history[100:] if one.problem not in {ticket.problem for ticket in learn})
    assert near_twins(Split(learn=learn, test=(changed, other), taxonomy=taxonomy)).tolist() == [True, False]
