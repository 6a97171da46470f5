"""The laws of a search engine, kept by each of them."""

import hashlib
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.engine import Origin, Selection
from knowledge.memory import MemoryEngine

BOTH = Selection(kinds=("article", "ticket"))


FIELDS = ("passage", "ticket", "resolution")


def nearest(engine, vector, selection=BOTH, *, limit):
    """The nearest rows of all fields, best first."""
    parts = engine.nearest(vector, selection, fields=FIELDS, limit=limit)
    assert all(one.field == name for name, part in parts.items() for one in part)
    assert all(len(part) <= limit for part in parts.values())
    return sorted((one for part in parts.values() for one in part), key=lambda one: -one.score)


def keys(found):
    return [one.key for one in found]


def test_a_row_is_nearest_to_its_own_vector_with_cosine_one(engine, row):
    """Every row is the best answer to its own vector, with a cosine of 1."""
    rows = [row("a", "printer out of paper"), row("b", "vpn certificate expired"), row("c", "mailbox full")]
    engine.put(rows)
    for one in rows:
        best = nearest(engine, one.vector, limit=3)
        assert best[0].key == one.key
        assert best[0].score == pytest.approx(1.0, abs=1e-5)  # float32
        assert [found.score for found in best] == sorted((found.score for found in best), reverse=True)


def test_each_field_has_its_own_list(engine, row):
    """Many near rows of one field take no place away from another's, and only fields asked for answer."""
    engine.put([row(f"a{number}", "vpn") for number in range(9)] + [row("t", "mailbox", kind="ticket")])
    found = engine.nearest(row("x", "vpn").vector, BOTH, fields=("passage", "ticket"), limit=4)
    assert [len(found[name]) for name in ("passage", "ticket")] == [4, 1]
    assert list(engine.nearest(row("x", "vpn").vector, BOTH, fields=("ticket",), limit=4)) == ["ticket"]


def test_words_find_the_rows_that_hold_them_and_no_others(engine, row):
    """Only rows holding a term are found; more and rarer terms rank higher."""
    engine.put([row("a", "vpn vpn certificate"), row("b", "vpn"), row("c", "mailbox"), row("d", "vpn portal")])
    found = engine.matching(["certificate", "vpn"], BOTH, limit=10)
    assert set(keys(found)) == {"article:a:0", "article:b:0", "article:d:0"}
    assert found[0].key == "article:a:0"
    assert engine.matching(["nothing"], BOTH, limit=10) == []
    assert engine.matching([], BOTH, limit=10) == []


def test_signatures_are_a_column_of_their_own_matched_whole(engine, row):
    """A signature finds the rows marked with the very same one, not those that hold it as a word or as a part."""
    engine.put(
        [
            row("a", "x", signatures="keyerror@cart.load<shell ora-00060 keyerror"),
            row("b", "ora-00060", signatures="ora-000601 keyerror@cart.load keyerror"),
            row("c", "keyerror"),
        ]
    )
    assert keys(engine.matching(["ora-00060"], BOTH, limit=9, column="signatures")) == ["article:a:0"]
    assert keys(engine.matching(["keyerror@cart.load"], BOTH, limit=9, column="signatures")) == ["article:b:0"]
    assert set(keys(engine.matching(["keyerror"], BOTH, limit=9, column="signatures"))) == {
        "article:a:0",
        "article:b:0",
    }
    assert engine.matching(["cart"], BOTH, limit=9, column="signatures") == []
    assert keys(engine.matching(["ora-00060"], BOTH, limit=9)) == ["article:b:0"]
    narrowed = Selection(kinds=("article",), exclude=frozenset({"a"}))
    assert keys(engine.matching(["keyerror"], narrowed, limit=1, column="signatures")) == ["article:b:0"]


def test_signatures_in_rows_of_one_length_weigh_by_their_idf(engine, row):
    """What two of 32 rows share weighs much more than what nearly all do, and both add up."""
    rows = [row(str(number), "x", signatures="keyerror -") for number in range(30)]
    engine.put([*rows, row("rare", "x", signatures="ora-00060 keyerror"), row("other", "x", signatures="ora-00060 -")])
    first, second, third, *_ = engine.matching(["ora-00060", "keyerror"], BOTH, limit=40, column="signatures")
    assert (first.document, second.document) == ("rare", "other")
    assert second.score == pytest.approx(math.log1p(30.5 / 2.5), rel=1e-3)  # Lucene's idf of two rows among 32
    assert third.score == pytest.approx(math.log1p(1.5 / 31.5), rel=1e-3)  # float32, as above
    assert first.score == pytest.approx(second.score + third.score, rel=1e-3)


@pytest.mark.parametrize(
    "filters",
    [
        {"product": "VPN"},
        {"customer": "O'Neil GmbH"},
        {"language": "de"},
        {"level": "2"},
        {"category": "bug", "level": "2"},
        {"product": "nobody"},
    ],
)
def test_filters_are_exact_before_ranking(engine, row, filters):
    """With a filter, exactly the rows equal in it are found, by vector and by words."""
    rows = [
        row(
            f"d{number}",
            "vpn certificate",
            product="VPN" if number == 37 else "Mail",
            customer="O'Neil GmbH" if number % 20 == 3 else None,
            language="de" if number % 2 else "en",
            labels={"level": str(number % 3), "category": "bug" if number % 5 == 0 else "question"},
        )
        for number in range(40)
    ]
    engine.put(rows)
    expected = {one.key for one in rows if all(getattr(one, name) == value for name, value in filters.items())}
    selection = Selection(kinds=("article",), equals=filters)
    assert set(keys(nearest(engine, rows[0].vector, selection, limit=40))) == expected
    assert set(keys(engine.matching(["vpn"], selection, limit=40))) == expected
    assert len(nearest(engine, rows[0].vector, selection, limit=1)) == min(1, len(expected))


def test_kinds_and_excluded_documents_are_left_out_before_ranking(engine, row):
    """An excluded document does not take a place away from another."""
    engine.put([row("a", "vpn"), row("b", "vpn"), row("a", "vpn", kind="ticket")])
    selection = Selection(kinds=("article",), exclude=frozenset({"a"}))
    vector = row("x", "vpn").vector
    assert keys(nearest(engine, vector, selection, limit=1)) == ["article:b:0"]
    assert keys(engine.matching(["vpn"], selection, limit=1)) == ["article:b:0"]
    assert keys(engine.matching(["vpn"], Selection(kinds=("ticket",)), limit=9)) == ["ticket:a:0"]


def test_putting_a_document_replaces_all_its_rows_and_only_its(engine, row):
    """A shorter document leaves no orphan behind, and a ticket of the same id is another document."""
    engine.put([row("a", "one"), row("a", "two", part=1), row("b", "three"), row("a", "four", kind="ticket")])
    engine.put([row("a", "five")])
    kept = {one.key: one.text for rows in engine.scan(size=2) for one in rows}
    assert kept == {"article:a:0": "five", "article:b:0": "three", "ticket:a:0": "four"}
    assert engine.matching(["two"], BOTH, limit=9) == []
    assert keys(engine.matching(["five"], BOTH, limit=9)) == ["article:a:0"]


def test_a_sample_is_of_the_rows_and_not_of_their_order(engine, row):
    """All rows where they are few; else about as many as asked for, the same ones in whatever order they came."""
    rows = [row(f"d{i}", "vpn", digest=hashlib.sha256(f"{i}".encode()).hexdigest()) for i in range(200)]
    engine.put(rows[:120])
    engine.put(rows[120:])
    assert [one.key for one in engine.sample(200)] == sorted(one.key for one in rows)
    sampled = engine.sample(50)
    assert 35 <= len(sampled) <= 65
    other = MemoryEngine()
    other.put(rows[::-1])
    assert [one.key for one in other.sample(50)] == [one.key for one in sampled]
    np.testing.assert_array_equal(sampled[0].vector, next(one.vector for one in rows if one.key == sampled[0].key))


def test_rows_come_back_as_they_were_put(engine, row):
    """Every fact of a row survives being kept."""
    facts = {
        "labels": {"level": "2", "queue": "Ö"},
        "resolution": "r",
        "url": "u",
        "product": "p",
        "customer": "c",
        "signatures": "ora-00060 keyerror@ä.b",
        "source": "/pages",
        "file": "/pages/ä b.md",
    }
    one = row("ä\"'", "Text mit <b> & Umlauten", language="de", **facts)
    engine.put([one, row("other", "x")])
    assert engine.rows(["missing"]) == {}
    back = engine.rows([one.key, "missing"])
    assert list(back) == [one.key]
    for name in ("document", "kind", "part", "field", "title", "text", "fts", "digest", "language", *facts):
        assert getattr(back[one.key], name) == getattr(one, name)
    np.testing.assert_allclose(back[one.key].vector, one.vector)


def test_deleting_takes_every_kind_and_counts_follow(engine, row):
    """After deletion a document is nowhere: not counted, not found, no digest."""
    engine.put([row("a", "vpn"), row("a", "more", part=1), row("a", "vpn", kind="ticket"), row("b", "vpn")])
    assert engine.count() == {"article": 2, "ticket": 1}
    assert engine.digests(["a", "b", "c"]) == {
        ("article", "a"): "vpn",
        ("ticket", "a"): "vpn",
        ("article", "b"): "vpn",
    }
    engine.delete(["a", "unknown"])
    assert engine.count() == {"article": 1}
    assert engine.digests(["a"]) == {}
    assert keys(engine.matching(["vpn"], BOTH, limit=9)) == ["article:b:0"]


def test_all_documents_and_all_rows_of_some_are_told(engine, row):
    """The inventory names each document once with its digest; rows of documents come whole, of every kind."""
    engine.put([row("a", "vpn"), row("a", "more", part=1), row("a", "other", kind="ticket"), row("b", "vpn")])
    assert engine.inventory() == {("article", "a"): "vpn", ("ticket", "a"): "other", ("article", "b"): "vpn"}
    assert {one.key for one in engine.rows_of(["a", "c"])} == {"article:a:0", "article:a:1", "ticket:a:0"}
    assert engine.rows_of(["c"]) == []


def test_one_kind_can_be_deleted_alone(engine, row):
    """A ticket of the same id stays where only the article is let go of."""
    engine.put([row("a", "vpn"), row("a", "vpn", kind="ticket"), row("b", "vpn")])
    engine.delete(["a"], kind="article")
    assert engine.count() == {"article": 1, "ticket": 1}
    assert set(engine.digests(["a"])) == {("ticket", "a")}


def test_where_documents_were_read_is_known(engine, row):
    """Each document's origin is told once; what came from no file is absent, and the newest put counts."""
    page = {"source": "/p", "file": "/p/a.md"}
    engine.put([row("a", "x", **page), row("a", "y", part=1, **page), row("b", "x")])
    engine.put([row("a", "x", kind="ticket", source="/t.csv", file="/t.csv")])
    expected = {
        ("article", "a"): Origin(source="/p", file="/p/a.md"),
        ("ticket", "a"): Origin(source="/t.csv", file="/t.csv"),
    }
    assert engine.origins() == expected
    engine.put([row("a", "x", source="/q", file="/q/a.md")])
    engine.delete(["a"], kind="ticket")
    assert engine.origins() == {("article", "a"): Origin(source="/q", file="/q/a.md")}


def test_an_empty_engine_answers_nothing(engine, row):
    """Reading before anything was written is no error."""
    assert nearest(engine, row("a", "x").vector, limit=5) == []
    assert engine.matching(["x"], BOTH, limit=5) == []
    assert engine.rows([]) == engine.digests([]) == engine.inventory() == engine.count() == {}
    assert engine.rows([]) == engine.digests([]) == engine.count() == engine.origins() == {}
    assert engine.matching(["x"], BOTH, limit=5, column="signatures") == []
    assert [one for rows in engine.scan(size=5) for one in rows] == []
    engine.put([])
    engine.delete([])
    engine.maintain()


def test_threads_read_while_one_writes(engine, row):
    """Readers always see whole documents while a writer replaces them."""

    def read(_: int) -> int:
        return len({one.document for one in engine.matching(["vpn"], BOTH, limit=50)})

    engine.put([row(str(number), "vpn") for number in range(5)])
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(read, number) for number in range(24)]
        for number in range(5):
            engine.put([row(str(number), "vpn again")])
        assert {answer.result() for answer in answers} == {5}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_term_can_break_the_engine(engine, row, term):
    """Any text at all as a term or a filter value is data, never syntax."""
    if not engine.count():
        engine.put([row("a", "vpn", signatures="vpn")])
    assert keys(engine.matching([term, "vpn"], BOTH, limit=5, column="signatures")) == ["article:a:0"]
    assert keys(engine.matching([term, "vpn"], BOTH, limit=5)) == ["article:a:0"]
    assert engine.matching(["vpn"], Selection(kinds=("article",), equals={"product": term}), limit=5) == []
    assert engine.digests([f"{term}!"]) == {}


def test_versions_are_told_once_a_product(engine, row):
    """Products with a version are told, those without are not."""
    engine.put([row("a", "vpn", product="Portal", version="4.9"), row("b", "vpn", product="Mail"), row("c", "vpn")])
    engine.put([row("d", "vpn", product="Portal", version="4.9"), row("e", "vpn", product="Portal", version="5")])
    assert engine.versions() == {("Portal", "4.9"), ("Portal", "5")}


def test_a_rows_times_and_counts_come_back(engine, row):
    """What a document is preferred by is kept with it."""
    facts = {"closed_at": datetime(2026, 3, 2, 12, tzinfo=UTC), "created_at": datetime(2026, 3, 1, tzinfo=UTC)}
    facts |= {"n_reopened": 2, "metadata": {"article_id": ("KB-1",)}, "version": "4.9"}
    engine.put([row("a", "vpn", **facts)])
    (kept,) = engine.rows(["article:a:0"]).values()
    assert {name: getattr(kept, name) for name in facts} == facts
    assert (kept.date, kept.article_id) == (facts["closed_at"], "KB-1")
