"""A base's files at one moment, and a base put in place from them."""

import pytest

from knowledge import Article, BusyKnowledgeError, DamagedKnowledgeError, KnowledgeBase, put_in_place, snapshot


def test_a_snapshot_keeps_its_moment(base, encoder, tmp_path):
    """What is written, removed and wiped afterwards is not in it; put in place, open bases follow."""
    with snapshot(base._serving.place.path, meanwhile=lambda: None) as folder:
        base.upsert([Article(id="N", title="Neu", body="frisch")])
        base.remove(["KB-1"])
        base.purge()
        with KnowledgeBase.open(folder, encoder) as then:
            assert then.kinds_of(["N", "KB-1"]).keys() == {"KB-1"}
        place = base._serving.place.path / "waiting"
        folder.rename(place)
    put_in_place(base._serving.place.path, place)
    assert base.kinds_of(["N", "KB-1"]).keys() == {"KB-1"}
    assert len(list(base._serving.place.path.glob("rows-*"))) == 1
    assert not list(base._serving.place.path.glob("snapshot-*"))


def test_nobody_writes_while_the_moment_lasts(base):
    """What else is copied in the same moment is copied with the writer's lock held."""

    def meanwhile() -> None:
        with pytest.raises(BusyKnowledgeError), base._serving.place.writing(patience_seconds=0):
            pass

    with snapshot(base._serving.place.path, meanwhile=meanwhile), base._serving.place.writing(patience_seconds=0):
        pass


def test_without_a_base_there_is_no_folder(tmp_path):
    """The act beside it is done all the same, and nothing is made."""
    done = []
    with snapshot(tmp_path / "nothing", meanwhile=lambda: done.append(1)) as folder:
        assert folder is None
    assert done == [1]
    assert not (tmp_path / "nothing").exists()


def test_wiping_takes_a_broken_off_snapshot_too_but_none_in_use(base):
    """Links that a killed backup left behind hold removed words; one that is being used is left alone."""
    leftover = base._serving.place.path / "snapshot-killed"
    leftover.mkdir()
    (leftover / "rows").write_text("Verschlusssache")
    with base._serving.place.writing(role="snapshot"):
        base.purge()
        assert leftover.exists()
    base.purge()
    assert not leftover.exists()


def test_what_is_no_base_is_not_put_in_place(base, tmp_path):
    """A pointer to rows that are not there replaces nothing."""
    with snapshot(base._serving.place.path, meanwhile=lambda: None) as folder:
        place = base._serving.place.path / "waiting"
        place.mkdir()
        (folder / "knowledge.json").rename(place / "knowledge.json")
    with pytest.raises(DamagedKnowledgeError, match="missing"):
        put_in_place(base._serving.place.path, place)
    assert base.kinds_of(["KB-1"])
