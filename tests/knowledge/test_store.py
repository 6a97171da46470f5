"""A knowledge base on an object store, against an emulator of S3 that the tests start."""

import multiprocessing
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from knowledge import (
    AddressError,
    Article,
    BusyKnowledgeError,
    KindCounts,
    KnowledgeBase,
    KnowledgeError,
    NoKnowledgeError,
    Query,
)
from knowledge.generation import Generation, point_to, pointer_of, read_generation
from knowledge.lease import Lease, LostLeaseError
from knowledge.place import place_of
from knowledge.store import StoreError

VPN = Article(id="KB-1", title="VPN", body="Das Zertifikat ist abgelaufen.", language="de")
MAIL = Article(id="KB-3", title="Mailbox", body="Choose a new password.", language="en")


def found(base, text, **more):
    return [hit.id for hit in base.search(Query(text=text, **more))]


def lease(address, **more):
    place = place_of(address)
    return Lease(
        place=place,
        read=lambda: place._get("writer.json"),
        put=lambda content, tag: place._try_put("writer.json", content, tag),
        **more,
    )


def everything(address) -> bytes:
    """The bytes of all objects at an address."""

    def read(store) -> bytes:
        paths = [one["path"] for objects in store.list() for one in objects]
        return b"".join(bytes(store.get(path).bytes()) for path in paths)

    return place_of(address)._asked(read)


def test_a_base_is_made_filled_searched_and_emptied_on_a_store(address, encoder, documents):
    """What works in a folder works on a store: nothing twice, changes, filters, removal, purging."""
    with pytest.raises(NoKnowledgeError, match="stellwerk index"):
        KnowledgeBase.open(address, encoder)
    with KnowledgeBase.open(address, encoder, create=True) as base:
        assert base.upsert(documents).by_kind == {"article": KindCounts(added=3), "ticket": KindCounts(added=3)}
        assert base.upsert(documents).by_kind == {"article": KindCounts(unchanged=3), "ticket": KindCounts(unchanged=3)}
        assert found(base, "Netzwerkdrucker einrichten")[0] == "KB-2"
        assert found(base, "mailbox", filters={"customer": "O'Neil GmbH"}) == ["T-2"]
        assert base.upsert([replace(VPN, body="Neue Fassung")]).of("article") == KindCounts(changed=1)
        assert base.remove(["KB-2", "unknown"]) == 1
        base.purge()
        assert base.count() == {"article": 2, "ticket": 3}
        assert "KB-2" not in found(base, "Netzwerkdrucker einrichten")


def test_a_store_and_a_folder_answer_the_same(address, base, encoder, documents):
    """The same documents are found in the same order with the same scores."""
    with KnowledgeBase.open(address, encoder, create=True) as stored:
        stored.upsert(documents)
        for words in ("Drucker druckt leere Seiten", "wrong password", "Zertifikat"):
            hits, expected = (one.search(Query(text=words)) for one in (stored, base))
            assert [(hit.id, hit.why) for hit in hits] == [(hit.id, hit.why) for hit in expected]
            assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=1e-6)  # float32


def test_a_rebuilt_base_takes_over_and_the_old_objects_go(address, encoder, documents):
    """A base that was open before follows within its second of grace, and one generation is left."""
    with KnowledgeBase.open(address, encoder, create=True) as opened:
        opened.upsert(documents)
        KnowledgeBase.rebuild(address, encoder, [MAIL])
        assert len(place_of(address).folders("rows-")) == 1
        assert opened.count() == {"article": 1, "ticket": 0}
        assert found(opened, "VPN Zertifikat") == ["KB-3"]


READER = """
import sys, time
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.knowledge.conftest import NgramEncoder
from knowledge import KnowledgeBase, Query
base = KnowledgeBase.open(sys.argv[1], NgramEncoder())
base.search(Query(text="Quittenmarmelade"))
print("open", base.count()["article"], flush=True)
while "NEW" not in [hit.id for hit in base.search(Query(text="Quittenmarmelade"))]:
    time.sleep(0.05)
print("seen", time.time(), flush=True)
"""


def test_a_reader_in_another_process_sees_writes_within_about_a_second(address, encoder):
    """A document is found by an open reader elsewhere soon after it was acknowledged."""
    from tests.conftest import ROOT

    with KnowledgeBase.open(address, encoder, create=True) as base:
        base.upsert([VPN])
        command = [sys.executable, "-c", READER, address, str(ROOT), str(ROOT / "src")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout.readline() == "open 1\n"
            base.upsert([Article(id="NEW", title="Neu", body="Quittenmarmelade", language="de")])
            acknowledged = time.time()
            word, seen = reader.stdout.readline().split()
    assert word == "seen"
    assert float(seen) - acknowledged < 4  # a second of grace, and searches on a busy machine


def _write(address: str, encoder, number: int) -> None:
    base = KnowledgeBase.open(address, encoder)
    base.upsert([VPN, *(Article(id=f"{number}-{n}", title=f"Seite {n}", body="Text") for n in range(3))])


def test_writers_in_several_processes_lose_and_double_nothing(address, encoder):
    """Two processes write at once, one document in common: each document is there once."""
    with KnowledgeBase.open(address, encoder, create=True) as base:
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=_write, args=(address, encoder, number)) for number in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(90)
            assert writer.exitcode == 0
        assert base.count() == {"article": 7, "ticket": 0}


def test_a_second_writer_waits_and_then_says_so(address):
    """While one writes another cannot; afterwards it can at once."""
    with (
        place_of(address).writing(),
        pytest.raises(BusyKnowledgeError, match="try again"),
        place_of(address).writing(patience_seconds=0.3),
    ):
        pass
    with place_of(address).writing(patience_seconds=0):
        pass


def test_a_lease_is_renewed_while_its_holder_lives_and_expires_when_it_does_not(address):
    """Beyond its lifetime a living holder keeps the lease; a silent one loses it to the one that waits."""
    holder = lease(address, lifetime_seconds=0.8)
    assert holder.acquire(patience_seconds=0)
    assert not lease(address).acquire(patience_seconds=1.6)
    assert holder.is_held
    holder._ended.set()  # its thread stops, as when its machine does
    began = time.monotonic()
    next_one = lease(address, lifetime_seconds=0.8)
    assert next_one.acquire(patience_seconds=5)
    assert time.monotonic() - began >= 0.8
    assert not holder.is_held
    holder.release()
    assert next_one.is_held
    next_one.release()


def test_one_that_lost_its_lease_can_neither_commit_nor_take_over_the_pointer(address, row):
    """A writer that was silent too long is told, and what serves stays as the other writer left it."""
    place = place_of(address)
    with place.writing():
        point_to(place, Generation("rows-1", "e5", 64), before=None)
        place._writers.lease._renewed = -1e9  # as when the machine slept
        with pytest.raises(LostLeaseError, match="run it again"):
            place.settle()
        with pytest.raises(LostLeaseError):
            point_to(place, Generation("rows-2", "e5", 64), before=pointer_of(place))
    assert read_generation(place_of(address)).folder == "rows-1"


def test_of_two_that_swap_one_wins(address):
    """A pointer that changed in between is left alone."""
    place = place_of(address)
    with place.writing():
        place.swap("knowledge.json", old=None, new=b"1")
        with pytest.raises(BusyKnowledgeError):
            place.swap("knowledge.json", old=None, new=b"2")
        place.swap("knowledge.json", old=b"1", new=b"3")
    assert place.read("knowledge.json") == b"3"


def test_a_store_that_cannot_be_used_says_what_to_check(address, encoder, monkeypatch):
    """A missing bucket, no bucket and an address of another kind each name their cure."""
    with pytest.raises(StoreError, match="check that the bucket exists"):
        KnowledgeBase.open("s3://nobodys/desk", encoder, create=True)
    with pytest.raises(StoreError, match="no bucket"):
        place_of("s3:///desk")
    with pytest.raises(AddressError, match="s3://bucket/prefix"):
        place_of("gs://bucket/desk")
    assert issubclass(StoreError, KnowledgeError)


def test_what_was_removed_is_wiped_from_the_store(address, encoder, documents):
    """Upkeep writes the base anew beside the one that serves; no object holds the removed words, the rest is found."""
    secret = Article(id="S", title="x", body="Verschlusssache für niemanden")
    with KnowledgeBase.rebuild(address, encoder, [*documents, secret])[0] as base:
        assert b"Verschlusssache" in everything(address)
        base.remove(["S"])
        base.maintain(purge_within_seconds=0)
        assert b"Verschlusssache" not in everything(address)
        assert base.count()["article"] + base.count()["ticket"] == len(documents)
