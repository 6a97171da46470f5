"""Documents with the same solution made into one hit."""

from dataclasses import replace

import pytest
from tests.knowledge.conftest import solved

from knowledge import KnowledgeBase, Query
from knowledge.grouping import Solution, into_groups, normalised
from knowledge.overlap import overlap

RESOLUTION = "Firmware des Scanners auf 2.1 aktualisiert und neu gestartet."


def offer(name, resolution=None, *, article=None, terms="", kind="ticket", family=None):
    return Solution(
        document=(kind, name),
        resolution=normalised(resolution or ""),
        family=family,
        article=article,
        terms=frozenset(terms.split()),
    )


def test_a_resolution_is_compared_by_its_words_alone():
    """Case, punctuation and spaces do not matter, numbers do; what is said of anything is not compared."""
    assert normalised("Firmware  auf 2.1 aktualisiert, OK!") == normalised("firmware auf 2.1\naktualisiert – ok")
    assert normalised("Firmware auf 2.1 aktualisiert ok") != normalised("Firmware auf 2.2 aktualisiert ok")
    assert normalised("Erledigt.") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (offer("a", RESOLUTION), offer("b", RESOLUTION.upper()), True),
        (offer("a", RESOLUTION, family="scanner"), offer("b", RESOLUTION, family="mail"), False),
        (offer("a", "Erledigt."), offer("b", "Erledigt."), False),
        (offer("a", article="KB-1"), offer("b", article="KB-1"), True),
        (
            offer("a", terms="scanner liest keine etiketten"),
            offer("b", terms="scanner liest keine etiketten mehr"),
            True,
        ),
        (offer("a", terms="scanner liest keine etiketten"), offer("b", terms="scanner ist kaputt"), False),
        (offer("a", terms="scanner etiketten"), offer("b", terms="scanner etiketten", kind="article"), False),
    ],
)
def test_what_is_the_same_solution(one, other, same):
    """The same resolution for one product, the same article, or nearly the same words; never across kinds."""
    assert one.is_same(other) is same
    assert other.is_same(one) is same


def test_the_best_stands_for_its_group_and_the_order_is_kept():
    """Groups come in the order of their best member, members in their own."""
    groups = into_groups([offer("a", article="K"), offer("b"), offer("c", article="K"), offer("d", article="K")])
    assert [(group.lead.document[1], [one for _, one in group.similar]) for group in groups] == [
        ("a", ["c", "d"]),
        ("b", []),
    ]


def test_overlap_is_a_cosine():
    """Half of the words shared both ways is a half; nothing shared with nothing is zero."""
    assert overlap({"a", "b"}, {"b", "c"}) == pytest.approx(0.5)
    assert overlap(set(), set()) == 0


@pytest.fixture
def repeated(base) -> KnowledgeBase:
    """A base in which the scanner's problem was closed in the same words five times, and once otherwise."""
    base.upsert(
        [solved(f"S-{n}", f"Scanner {n}", f"Der Scanner piept {n}", RESOLUTION, product="Scanner") for n in range(5)]
        + [solved("S-9", "Scanner piept", "Der Scanner piept und blinkt", "Akku getauscht.", product="Scanner")]
    )
    return base


def test_a_solution_is_shown_once(repeated):
    """Five tickets of one resolution are one hit that names the other four; another solution has its own hit."""
    hits = repeated.search(Query(text="Scanner piept", kinds=("ticket",), limit=10))
    (group,) = [hit for hit in hits if hit.resolution == RESOLUTION]
    assert {group.id, *group.similar} == {f"S-{n}" for n in range(5)}
    assert "S-9" in {hit.id for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_grouping_makes_room_for_other_solutions(repeated):
    """With a limit of two, the second hit is another solution, not the first one again."""
    first, second = repeated.search(Query(text="Scanner piept", kinds=("ticket",), limit=2))
    assert first.resolution != second.resolution


def test_without_grouping_each_document_is_a_hit(repeated):
    """Switched off, the same search gives all six, none of them standing for another."""
    hits = repeated.search(Query(text="Scanner piept", kinds=("ticket",), limit=6, grouping=False))
    assert len({hit.id for hit in hits}) == 6
    assert {hit.similar for hit in hits} == {()}


def test_filling_the_limit_looks_beyond_the_first_page(base):
    """Sixty tickets of one resolution before another one do not hide it."""
    many = [
        solved(f"S-{n:02}", "Scanner piept", f"Scanner piept {n}", RESOLUTION, product="Scanner") for n in range(60)
    ]
    base.upsert([*many, solved("Z", "Drucker", "Ein Drucker piept auch", "Papier nachgelegt.", product="Drucker")])
    query = Query(text="Scanner piept", kinds=("ticket",), limit=2)
    assert len(base.search(query)[0].similar) == 59
    assert len(base.search(query)) == 2
    assert len(base.search(replace(query, grouping=False))) == 2
