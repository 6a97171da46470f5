"""Removed words leave the disk in time, while others read and write."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from knowledge import Article, BusyKnowledgeError, KnowledgeBase, Query
from knowledge.place import place_of
from knowledge.removal import mark_removal, removed_since, take_up, wiped


def on_disk(base, words: str) -> bool:
    """Whether any file under the base's folder holds these words."""
    return any(words.encode() in file.read_bytes() for file in base._serving.place.path.rglob("*") if file.is_file())


def secret(number: int) -> Article:
    return Article(id=f"S-{number}", title=f"Geheimnis{number}", body=f"Verschlusssache{number} für niemanden")


def test_upkeep_wipes_what_was_removed_once_it_is_due(base):
    """Before half of the time has passed the bytes may stay; after it they are in no file, and the mark is gone."""
    base.upsert([secret(1)])
    base.remove(["S-1"])
    base.maintain(purge_within_seconds=3_600)
    assert on_disk(base, "Verschlusssache1")
    assert removed_since(base._serving.place) is not None
    base.maintain(purge_within_seconds=0)
    assert not on_disk(base, "Verschlusssache1")
    assert not on_disk(base, "verschlusssache1")  # nor its analysed words
    assert removed_since(base._serving.place) is None
    assert base.search(Query(text="VPN Zertifikat"))[0].id == "KB-1"


def test_nothing_is_written_anew_where_nothing_was_removed(base):
    """Upkeep leaves the folder that serves alone."""
    before = (base._serving.place.path / "knowledge.json").read_bytes()
    base.maintain(purge_within_seconds=0)
    assert (base._serving.place.path / "knowledge.json").read_bytes() == before


def test_what_is_written_during_a_wiping_is_carried_over(base):
    """Documents put, changed and removed while the copy is made are as they were left, and removals are due again."""
    base.upsert([secret(1), secret(2), Article(id="C", title="Alt", body="vorher")])
    base.remove(["S-1"])
    serving = base._serving.engine()

    class Slow:
        """The engine that serves, with a writer who is quicker than the copying."""

        def scan(self, *, size):
            rows = list(serving.scan(size=size))
            base.upsert([Article(id="N", title="Neu", body="frisch"), Article(id="C", title="Alt", body="nachher")])
            base.remove(["S-2"])
            return iter(rows)

        def __getattr__(self, name):
            return getattr(serving, name)

    from knowledge.wiping import wipe

    assert wipe(base._serving.place, Slow)
    assert base.kinds_of(["S-1", "S-2", "N"]).keys() == {"N"}
    assert "nachher" in base.search(Query(text="Alt nachher"))[0].snippet
    assert not on_disk(base, "Verschlusssache1")
    assert removed_since(base._serving.place) is not None
    base.purge()
    assert not on_disk(base, "Verschlusssache2")
    assert removed_since(base._serving.place) is None


def test_a_wiping_overtaken_by_a_rebuild_gives_way(base, encoder):
    """The rebuilt base serves on, and no half-made copy is left."""
    serving = base._serving.engine()

    class Overtaken:
        def scan(self, *, size):
            rows = list(serving.scan(size=size))
            KnowledgeBase.rebuild(base._serving.place.path, encoder, [secret(3)])[0].close()
            return iter(rows)

        def __getattr__(self, name):
            return getattr(serving, name)

    from knowledge.wiping import wipe

    assert not wipe(base._serving.place, Overtaken)
    assert base.kinds_of(["S-3", "KB-1"]).keys() == {"S-3"}
    assert len(list(base._serving.place.path.glob("rows-*"))) == 1


def test_searching_goes_on_during_a_wiping(base):
    """While the base is written anew, every search answers."""
    base.upsert([secret(number) for number in range(50)])
    ended, answers = threading.Event(), []

    def search() -> None:
        while not ended.is_set():
            answers.append(base.search(Query(text="VPN Zertifikat"))[0].id)

    reader = threading.Thread(target=search)
    reader.start()
    for _ in range(3):
        assert base.purge()
    ended.set()
    reader.join()
    assert set(answers) == {"KB-1"}


def test_one_wiping_at_a_time(base):
    """A second process that begins one is refused, and its upkeep passes over it."""
    base.upsert([secret(1)])
    base.remove(["S-1"])
    with base._serving.place.writing(role="wiping"):
        with pytest.raises(BusyKnowledgeError):
            base.purge()
        base.maintain(purge_within_seconds=0)
    assert on_disk(base, "Verschlusssache1")


def test_the_mark_survives_a_wiping_that_never_ended(tmp_path):
    """The first removal's time stands until it is wiped, whatever came in between; a torn mark is due at once."""
    place = place_of(tmp_path)
    mark_removal(place)
    first = removed_since(place)
    assert datetime.now(UTC) - first < timedelta(minutes=1)
    take_up(place)
    mark_removal(place)
    assert removed_since(place) == first
    take_up(place)  # the one before never ended
    assert removed_since(place) == first
    mark_removal(place)
    wiped(place)
    assert removed_since(place) > first
    (tmp_path / "removed").write_text("20")
    assert removed_since(place) < first
