"""Filters: by column, by a document's own metadata, by date; the same in every engine."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import Article, FilterError, FilterValueError, Query, filters_of, metadata_of
from knowledge.conditions import DATE, Period, SeenBy, conditions_of
from knowledge.engine import Selection

START = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS = ("article", "ticket")
_REAL_VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def found(engine, row, **filters):
    """The documents that pass these filters, by vector, after making sure that words find the same."""
    selection = Selection(kinds=_KINDS, where=conditions_of(filters))
    near = engine.nearest(row("x", "vpn").vector, selection, fields=("passage",), limit=500)["passage"]
    matching = engine.matching(["vpn"], selection, limit=500)
    assert {one.document for one in near} == {one.document for one in matching}
    return {one.document for one in near}


@pytest.fixture
def dated(engine, row):
    """An engine with 100 rows: one a day, of three queues and two tags; every tenth knows no date."""
    engine.put(
        [
            row(
                f"d{day}",
                "vpn certificate",
                product="Mail" if day % 2 else "VPN",
                metadata={"queue": (f"q{day % 3}",), "tags": ("all", f"t{day % 50}")},
                **({} if day % 10 == 9 else {"updated_at": START + timedelta(days=day)}),
            )
            for day in range(100)
        ]
    )
    return engine


def test_metadata_is_exact_under_any_selectivity(dated, row):
    """From every document to one in a hundred and none, exactly those with the value pass."""
    assert len(found(dated, row, tags="all")) == 100
    assert found(dated, row, queue="q1") == {f"d{day}" for day in range(100) if day % 3 == 1}
    assert found(dated, row, queue="q1", tags="t7") == {"d7"}
    assert found(dated, row, queue="q") == set()
    assert found(dated, row, Queue="q1", product="VPN") == {f"d{day}" for day in range(100) if day % 6 == 4}


def test_of_several_values_one_will_do(dated, row):
    """Values of one name widen, names narrow."""
    either = found(dated, row, tags=["t3", "t4"])
    assert either == {"d3", "d4", "d53", "d54"}
    assert found(dated, row, tags=["t3", "t4"], product=["VPN", "nothing"]) == {"d4", "d54"}


def test_dates_narrow_to_whole_days_and_leave_out_the_undated(dated, row):
    """Both ends of a period belong to it, an open end is no bound, and a document without a date is never in one."""
    assert found(dated, row, since="2026-03-30") == {"d88"} | {f"d{day}" for day in range(90, 99)}
    assert found(dated, row, until="2026-01-02") == {"d0", "d1"}
    assert found(dated, row, since="2026-01-02", until="2026-01-03") == {"d1", "d2"}
    assert found(dated, row, updated_at="2026-01-05..2026-01-06") == {"d4", "d5"}
    assert found(dated, row, updated_at="2026-01-05") == {"d4"}
    assert found(dated, row, updated_at="..2026-01-01T00:00:00+00:00") == {"d0"}
    assert found(dated, row, updated_at="2026-01-01T01:00+01:00") == {"d0"}
    assert found(dated, row, closed_at="2020-01-01..") == set()


def test_what_no_document_has_is_told_apart_from_what_none_matches(dated):
    """An engine knows which names its documents' metadata have."""
    assert dated.has_metadata("queue")
    assert not dated.has_metadata("q1")
    assert not dated.has_metadata("queue=q1'")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_REAL_VALUES, _REAL_VALUES)
def test_any_words_are_values_never_syntax(engine, row, value, other):
    """Quotes, backslashes and marks in a value pass exactly the document that has it."""
    engine.put([row("a", "vpn", metadata={"note": (value,)}), row("b", "vpn", metadata={"note": (f"{value}{other}",)})])
    assert found(engine, row, note=value) == {"a"}
    assert found(engine, row, note=f"{value}{other}") == {"b"}


def test_since_and_until_are_one_period():
    """Together they bound one time: the document's own date."""
    (condition,) = conditions_of({"since": "2026-01-01", "until": "2026-01-31"})
    assert condition == Period(DATE, START, START + timedelta(days=31))


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "gestern"},
        {"until": "2026-02-30"},
        {"created_at": ".."},
        {"closed_at": ["2026-01-01", "2026-01-02"]},
        {"product": []},
        {"updated_at": "9999-12-31"},
    ],
)
def test_a_filter_that_cannot_be_read_names_the_cure(filters):
    """A date that is none, two dates, and no value are refused before anything is searched."""
    with pytest.raises(FilterValueError, match=r"date|value"):
        Query(text="x", filters=filters)


def test_filters_are_read_from_words():
    """A name given twice has both values; what is not NAME=VALUE is refused."""
    assert filters_of(["queue=A=B", " level = 2", "queue=C"]) == {"queue": ["A=B", "C"], "level": ["2"]}
    for wrong in ("queue", "=x", "queue="):
        with pytest.raises(FilterValueError, match="NAME=VALUE"):
            filters_of([wrong])


def test_metadata_keeps_what_can_be_filtered_by():
    """Lists count by each value; nested, empty and very long values are left out, and so are our own names."""
    facts = {"Status": "ok", "tags": ["a", "b", "a"], "n": 3, "draft": True, "day": START.date(), "nested": {"a": 1}}
    kept = metadata_of(facts | {"empty": " ", "long": "x" * 256, "product": "other", "a=b": "c"})
    assert kept == {
        "status": ("ok",),
        "tags": ("a", "b"),
        "n": ("3",),
        "draft": ("true",),
        "day": ("2026-01-01",),
        "a_b": ("c",),
    }


def test_a_base_is_narrowed_by_labels_and_an_articles_own_fields(base):
    """A desk's own target, a ticket's channel and an article's further fields are filters; unknown ones are told."""
    from tests.knowledge.conftest import solved

    base.upsert(
        [
            Article(id="KB-9", title="Mailbox", body="Mailbox voll", metadata={"status": ("released",)}),
            solved("T-9", "Mailbox", "Mailbox voll", labels={"queue": "Netz", "level": "1"}, channel="mail"),
        ]
    )

    def ids(**filters):
        return {hit.id for hit in base.search(Query(text="Mailbox", filters=filters))}

    assert ids(status="released") == {"KB-9"}
    assert ids(queue="Netz", channel="mail", level="1") == {"T-9"}
    assert ids(queue="Netz", status="released") == set()
    with pytest.raises(FilterError, match="quue"):
        ids(quue="Netz")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(whose=st.frozensets(st.sampled_from(["Nord", 'O\'Neil "GmbH"', "Süd", "", "NULL"]), max_size=3))
def test_a_customer_sees_own_documents_and_nobodys_articles(engine, row, whose):
    """Each engine lets pass exactly what the condition sees, by words and by vectors."""
    owners = ["Nord", 'O\'Neil "GmbH"', "Süd", "", "NULL", None]
    rows = [
        row(f"{kind}-{n}", "vpn", kind=kind, customer=owner)
        for kind in ("article", "ticket")
        for n, owner in enumerate(owners)
    ]
    engine.put(rows)
    seen = SeenBy(whose)
    expected = {one.key for one in rows if seen.sees(one.kind, one.customer)}
    selection = Selection(kinds=("article", "ticket"), where=(seen,))
    assert {one.key for one in engine.matching(["vpn"], selection, limit=100)} == expected
    found = engine.nearest(rows[0].vector, selection, fields=("passage", "ticket"), limit=100)
    assert {one.key for part in found.values() for one in part} == expected
    assert not any(one.kind == "ticket" and one.customer not in whose for one in rows if one.key in expected)
