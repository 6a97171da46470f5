"""The ten traps of LanceDB 0.40 that were found by measuring it, each kept shut.

1 doubled new keys, 2 optimising beside writers, 3 nothing flushed, 4 deletes that only hide, 5 stale or broken
readers, 6 positions in the index, 7 a log line a query, 8 forked processes, 9 slow kinds of vector index, 10 marks in
words and values. Upgrade LanceDB only with these, `test_faults` and `benchmarks/knowledge/faults.py` green.
"""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn._subprocess

from knowledge import Article, ForkedKnowledgeError, KnowledgeBase, Query, folder_place, lance, table
from knowledge.engine import Selection
from knowledge.lance import LanceEngine

ALL = Selection(kinds=("article", "ticket"))
DIMENSION = 64


@pytest.fixture
def folder(tmp_path, row) -> Path:
    """An engine's folder with one document."""
    LanceEngine.create(tmp_path, dimension=DIMENSION).put([row("a", "vpn certificate")])
    return tmp_path


def test_trap_1_a_new_key_put_by_several_at_once_is_there_once(folder, row):
    """Four engines put the same new documents together, without any lock: no row is doubled."""
    engines = [LanceEngine.open(folder, dimension=DIMENSION) for _ in range(4)]
    for number in range(5):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda engine, number=number: engine.put([row(f"n{number}", "new")]), engines))
    keys = [one.key for rows in LanceEngine.open(folder, dimension=DIMENSION).scan(size=100) for one in rows]
    assert sorted(keys) == sorted({"article:a:0", *(f"article:n{number}:0" for number in range(5))})


def test_trap_2_optimising_waits_for_the_writer_and_never_loses(base, encoder, monkeypatch):
    """Beside a writer who never rests, every optimising ends well, for both hold the same lock."""
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    ended = threading.Event()

    def write() -> None:
        with KnowledgeBase.open(base._serving.place.path, encoder) as own:
            number = 0
            while not ended.is_set():
                own.upsert([Article(id=f"W-{number % 7}", title="vpn", body=f"vpn {number}")], maintain=False)
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            with base._serving.writing() as engine:
                engine.maintain()  # raises where it lost
                assert engine._table.index_stats("fts_idx").num_unindexed_rows == 0
    finally:
        ended.set()
        writer.join()


def test_trap_3_every_commit_is_flushed(folder, row, monkeypatch):
    """Each act that writes returns after the disk has it; what a power cut tears is healed (`test_lance`)."""
    flushed: list[Path] = []
    flush = folder_place.flush

    def counted(place: Path) -> None:
        flush(place)
        flushed.append(place)

    monkeypatch.setattr(folder_place, "flush", counted)
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    engine.put([row("b", "vpn")])
    engine.append([row("c", "vpn")])
    engine.delete(["b"])
    engine.maintain()
    assert flushed == [folder] * 4


def test_trap_4_a_removal_leaves_no_byte_behind(base):
    """Deleting alone leaves the words in the files; upkeep takes them out (more in `test_wiping`)."""
    base.upsert([Article(id="S", title="x", body="Verschlusssache für niemanden")])

    def on_disk() -> bool:
        return any(
            b"Verschlusssache" in file.read_bytes() for file in base._serving.place.path.rglob("*") if file.is_file()
        )

    base.remove(["S"])
    assert on_disk()
    base.maintain(purge_within_seconds=0)
    assert not on_disk()


def test_trap_5_readers_stay_whole_and_see_the_new_within_a_second(folder, row, monkeypatch):
    """A reader opened before writes and optimising goes on without an error, and is never a second behind."""
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    reader, writer = (LanceEngine.open(folder, dimension=DIMENSION) for _ in range(2))
    for number in range(3):
        writer.put([row(f"n{number}", f"fresh{number}")])
        written = time.monotonic()
        writer.maintain()
        while not reader.matching([f"fresh{number}"], ALL, limit=1):
            assert time.monotonic() - written < 1.5  # the second, and this machine's slowest search
            time.sleep(0.02)
        assert reader.matching(["vpn"], ALL, limit=1)
    assert lance._KEPT_VERSIONS.total_seconds() >= 60  # a reader in the middle of a search keeps its files


def test_trap_6_the_words_index_keeps_no_positions(folder, row, monkeypatch):
    """Optimising, which has crashed with positions, is done again and again over replaced rows."""
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    assert table.full_text().with_position is False
    for number in range(6):
        engine.put([row(f"d{one}", f"common word{number}") for one in range(20)])
        engine.maintain()
    assert len(engine.matching(["common"], ALL, limit=50)) == 20
    assert engine.matching(["word0"], ALL, limit=50) == []


def test_trap_7_searching_is_quiet(folder, run_python):
    """A search by words and by vector writes nothing to either stream."""
    code = (
        "import sys, numpy as np; from pathlib import Path; from knowledge.engine import Selection\n"
        "from knowledge.lance import LanceEngine\n"
        "engine = LanceEngine.open(Path(sys.argv[1]), dimension=64); chosen = Selection(kinds=('article',))\n"
        "assert engine.matching(['vpn'], chosen, limit=3)\n"
        "assert engine.nearest(np.ones(64, 'f4'), chosen, fields=('passage',), limit=3)['passage']\n"
    )
    done = run_python(code, folder)
    assert (done.stdout, done.stderr) == ("", "")


def _search_after_fork(base: KnowledgeBase, answers) -> None:
    try:
        base.search(Query(text="vpn"))
        answers.put("answered")
    except ForkedKnowledgeError as error:
        answers.put(str(error))


@pytest.mark.filterwarnings("ignore:.*fork.*")
def test_trap_8_a_forked_process_is_told_and_server_processes_are_spawned(base):
    """A base taken over a fork, whose threads are gone, says so instead of hanging; the server never forks."""
    assert uvicorn._subprocess.spawn.get_start_method() == "spawn"
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_search_after_fork, args=(base, answers))
    child.start()
    child.join(30)
    alive = child.is_alive()
    if alive:
        os.kill(child.pid, 9)
    assert not alive
    assert "spawn" in answers.get()


def test_trap_9_the_vector_index_is_the_fast_kind_and_only_where_it_pays(folder, row, monkeypatch):
    """Below the threshold there is none, and answers are exact; from it on it is of the kind that builds fast."""
    assert lance._VECTOR_INDEX_FROM == 50_000
    monkeypatch.setattr(lance, "_UNINDEXED_ROWS", 1)
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    engine.put([row(f"d{number}", f"text {number * 7919}") for number in range(300)])
    engine.maintain()
    assert "vector_idx" not in {index.name for index in engine._table.list_indices()}
    monkeypatch.setattr(lance, "_VECTOR_INDEX_FROM", 300)
    engine.put([row("more", "vpn")])
    engine.maintain()
    kinds = {index.name: index.index_type for index in engine._table.list_indices()}
    assert "rq" in kinds["vector_idx"].lower()


@pytest.mark.parametrize("words", ['"vpn', "vpn:*", "+vpn -x", "(vpn", "vpn'", "", "\\", "O'Neil GmbH"])
def test_trap_10_marks_in_words_and_values_are_no_syntax(folder, row, words):
    """Whatever stands in a query's term or a filter's value is data (any text at all: `test_engine`)."""
    engine = LanceEngine.open(folder, dimension=DIMENSION)
    engine.put([row("c", "vpn", customer=words)])
    assert "article:a:0" in {one.key for one in engine.matching([words, "vpn"], ALL, limit=5)}
    chosen = Selection(kinds=("article",), equals={"customer": words})
    assert [one.document for one in engine.matching(["vpn"], chosen, limit=5)] == ["c"]
