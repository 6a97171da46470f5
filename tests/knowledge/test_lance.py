"""What only the engine on disk must keep: reopening, torn commits, damage, upkeep."""

import logging

import pytest

from knowledge import DamagedKnowledgeError, lance
from knowledge.engine import Selection
from knowledge.lance import LanceEngine

DIMENSION = 64
ALL = Selection(kinds=("article", "ticket"))


@pytest.fixture
def folder(tmp_path, row):
    """An engine's folder with two documents, each written by a commit of its own."""
    engine = LanceEngine.create(tmp_path, dimension=DIMENSION)
    engine.put([row("a", "vpn certificate")])
    engine.put([row("b", "printer paper")])
    return tmp_path


def manifests(folder):
    """The commits' manifests, oldest first."""
    return sorted((folder / "rows.lance" / "_versions").glob("*.manifest"), key=lambda file: -int(file.stem))


def test_what_was_written_is_there_after_reopening(folder):
    """Rows survive the engine that wrote them."""
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    assert engine.count() == {"article": 2}
    assert [one.document for one in engine.matching(["printer"], ALL, limit=5)] == ["b"]


@pytest.mark.parametrize("keep", [0, 10, -3])
def test_a_commit_torn_by_a_power_cut_is_moved_away(folder, keep, row, caplog):
    """With the newest manifest empty or cut off, the commit before it opens, and writing goes on."""
    newest = manifests(folder)[-1]
    newest.write_bytes(newest.read_bytes()[:keep])
    with caplog.at_level(logging.WARNING):
        engine = LanceEngine.open(folder, dimension=DIMENSION)
    assert "torn" in caplog.text
    assert engine.count() == {"article": 1}
    engine.put([row("b", "printer paper")])
    assert engine.count() == {"article": 2}
    assert LanceEngine.open(folder, dimension=DIMENSION).count() == {"article": 2}


def test_damage_and_wrong_dimension_name_the_cure(folder, tmp_path):
    """Missing tables, lost files and another dimension are one kind of error that names the cure."""
    with pytest.raises(DamagedKnowledgeError, match="dimensions"):
        LanceEngine.open(folder, dimension=DIMENSION + 1)
    with pytest.raises(DamagedKnowledgeError, match="--rebuild"):
        LanceEngine.open(tmp_path / "empty", dimension=DIMENSION)
    for file in (folder / "rows.lance" / "data").iterdir():
        file.unlink()
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    with pytest.raises(DamagedKnowledgeError, match="--rebuild"):
        next(engine.scan(size=10))


def test_another_handle_sees_what_was_written(folder, row):
    """A reader opened before a commit finds it once its second of grace is over."""
    reader, writer = (LanceEngine.open(folder, dimension=DIMENSION) for _ in range(2))
    assert reader.count() == {"article": 2}
    writer.put([row("c", "mailbox")])
    reader._table.checkout_latest()  # what the read consistency interval does after a second
    assert reader.count() == {"article": 3}


def test_upkeep_changes_no_answer(folder, row, monkeypatch):
    """Optimising brings all rows into the indexes and leaves what is found as it was."""
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    engine.put([row(f"d{number}", f"word{number} common") for number in range(30)])
    engine.put([row("d3", "replaced common")])
    engine.delete(["d4"])
    before = [one.key for one in engine.matching(["common"], ALL, limit=50)]
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    engine.maintain()
    assert engine._table.index_stats("fts_idx").num_unindexed_rows == 0
    after = [one.key for one in engine.matching(["common"], ALL, limit=50)]
    assert sorted(after) == sorted(before)
    assert len(after) == 29
    assert engine.matching(["word3"], ALL, limit=5) == []


@pytest.mark.parametrize("scored_exactly", [0, 200])
def test_the_vector_index_still_finds_a_row_by_its_vector(tmp_path, row, monkeypatch, scored_exactly):
    """Once rows are many enough for an index, each still answers to its own vector, filtered or not.

    With a filter that lets few pass these are scored without the index, and a field without any is empty.
    """
    monkeypatch.setattr(lance, "_SCORED_EXACTLY", scored_exactly)
    monkeypatch.setattr(lance, "_VECTOR_INDEX_FROM", 500)
    monkeypatch.setattr(lance, "_SCANNED_AT_ONCE", 500)
    engine = LanceEngine.create(tmp_path, dimension=DIMENSION)
    rows = [
        row(f"d{number}", f"text {number * 7919} about {number % 13}", product=f"p{number % 5}")
        for number in range(600)
    ]
    engine.put(rows)
    engine.maintain()
    assert "vector_idx" in {index.name for index in engine._table.list_indices()}
    for one in rows[::97]:
        for equals in ({}, {"product": one.product}):
            selection = Selection(kinds=("article",), equals=equals)
            found = engine.nearest(one.vector, selection, fields=("passage", "ticket"), limit=3)
            assert found["passage"][0].score == pytest.approx(1.0, abs=1e-4)
            assert [len(found[name]) for name in ("passage", "ticket")] == [3, 0]


def test_a_filter_that_few_pass_is_exact_beside_the_vector_index(tmp_path, row, monkeypatch):
    """With an index and a quoted customer, the rows that pass are ranked as a comparison with each of them ranks."""
    monkeypatch.setattr(lance, "_VECTOR_INDEX_FROM", 500)
    monkeypatch.setattr(lance, "_SCANNED_AT_ONCE", 500)
    engine = LanceEngine.create(tmp_path, dimension=DIMENSION)
    customers = ["O'Neil GmbH", 'Müller "und" Söhne', "c"]
    rows = [row(f"d{number}", f"text {number * 7919}", customer=customers[number % 3]) for number in range(600)]
    engine.put(rows)
    engine.maintain()
    asked = row("x", "text 4711").vector
    for customer in customers:
        selection = Selection(kinds=("article",), equals={"customer": customer}, exclude=frozenset({"d0", "d'1"}))
        found = engine.nearest(asked, selection, fields=("passage",), limit=20)["passage"]
        theirs = {one.key: float(one.vector @ asked) for one in rows if one.customer == customer}
        theirs.pop("article:d0:0", None)
        expected = sorted(theirs.values(), reverse=True)[:20]
        assert [one.score for one in found] == pytest.approx(expected, abs=1e-5)  # float32
        assert [theirs[one.key] for one in found] == pytest.approx(expected, abs=1e-5)
