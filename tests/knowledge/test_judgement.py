"""How a search is measured."""

import gzip
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Hit, Judgement, JudgementError, Query, evaluate_search, read_judgements
from knowledge.judgement import score_ranking
from tickets import Ticket


class Ranked:
    """Answers every query with the same ranking of known documents."""

    def __init__(self, ranking: dict[str, str]) -> None:
        self.ranking = ranking

    def search(self, query: Query) -> list[Hit]:
        """The ranking without other kinds and what is excluded."""
        hits = [
            Hit(kind=kind, id=one, title="", snippet="", score=0.5, why=())
            for one, kind in self.ranking.items()
            if kind in query.kinds and one not in query.exclude
        ]
        return hits[: query.limit]

    def encode(self, query: Query) -> None:
        """No vector."""

    def kinds_of(self, ids) -> dict[str, frozenset[str]]:
        """The kind each known id has."""
        return {one: frozenset({self.ranking[one]}) for one in ids if one in self.ranking}


def judged(*relevant: str, own: str | None = None) -> Judgement:
    return Judgement(query=Ticket(subject="x"), relevant=frozenset(relevant), id=own)


RANKING = {"A1": "article", "T1": "ticket", "T2": "ticket", "A2": "article"}


def test_measures_follow_their_formulas():
    """Relevant at ranks 2 and 4 of two: worked by hand."""
    report = evaluate_search([judged("T1", "A2")], Ranked(RANKING))
    assert report.all.n_queries == 1
    assert report.all.ndcg_at_10 == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3)))
    assert report.all.mrr_at_10 == 0.5
    assert (report.all.recall_at_5, report.all.recall_at_10, report.all.hit_at_5) == (1, 1, 1)


def test_each_kind_is_searched_and_judged_alone():
    """Under a kind only its documents count; queries without any of it are left out."""
    report = evaluate_search([judged("T1", "A2"), judged("T2")], Ranked(RANKING))
    assert (report.all.n_queries, report.article.n_queries, report.ticket.n_queries) == (2, 1, 2)
    assert report.article.mrr_at_10 == 0.5
    assert report.ticket.mrr_at_10 == 0.75


def test_a_querys_own_document_neither_counts_nor_appears():
    """With its own ticket first in the ranking, the next is judged as first."""
    report = evaluate_search([judged("A1", "T1", own="A1"), judged("A1", own="A1")], Ranked(RANKING))
    assert report.all.n_queries == 1
    assert report.all.mrr_at_10 == report.all.recall_at_10 == 1


def test_relevant_documents_that_are_not_indexed_count_as_missed():
    """An unknown id lowers recall over all and belongs to no kind."""
    report = evaluate_search([judged("T1", "gone")], Ranked(RANKING))
    assert report.all.recall_at_10 == 0.5
    assert report.ticket.recall_at_10 == 1
    assert report.article.n_queries == 0
    assert report.article.ndcg_at_10 == 0


RANKINGS = st.lists(st.integers(0, 30).map(str), unique=True, max_size=15)


@given(RANKINGS, st.sets(st.integers(0, 30).map(str), min_size=1))
def test_every_measure_is_a_share_and_the_ideal_ranking_is_one(ranking, relevant):
    """All measures lie in [0, 1]; putting the relevant first gives nDCG, reciprocal rank and hit of 1."""
    assert all(0 <= one <= 1 for one in score_ranking(ranking, relevant))
    ideal = score_ranking(sorted(relevant), relevant)
    assert ideal[0] == pytest.approx(1)
    assert ideal[1] == ideal[4] == 1


@pytest.mark.parametrize("name", ["q.jsonl", "q.jsonl.gz"])
def test_judgements_are_read_plain_and_gzip(tmp_path, name):
    """Both give the same judgements, told apart by content."""
    entries = [
        {"id": "T-1", "query": {"subject": "S", "body": "B", "language": "de"}, "relevant": ["a", "b"]},
        {"query": {"body": "nur Text"}, "relevant": ["c"]},
    ]
    content = "\n".join(map(json.dumps, entries)).encode() + b"\n\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    first, second = read_judgements(tmp_path / name)
    assert (first.id, first.relevant, first.query) == (
        "T-1",
        frozenset({"a", "b"}),
        Ticket(subject="S", body="B", language="de"),
    )
    assert (second.id, second.query.body) == (None, "nur Text")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"query": {"body": "x"}, "relevant": ["a"]}\n{bad', "line 2"),
        (b'{"relevant": ["a"]}', "line 1: has no query"),
        (b'{"query": {"subject": " "}, "relevant": ["a"]}', "has no query"),
        (b'{"query": {"body": "x"}, "relevant": []}', "names nothing relevant"),
        (b'{"query": {"body": "x"}, "relevant": [1]}', "names nothing relevant"),
        (b"[]", "has no query"),
        (b"", "holds no judgement"),
        (b"\xff\xfe\x00", "UTF-8"),
        (gzip.compress(b"x" * 100, mtime=0)[:20], "gzip"),
    ],
)
def test_bad_judgements_name_place_and_cure(tmp_path, content, told):
    """Each fault names its file, its line where there is one, and what to write."""
    file = tmp_path / "q.jsonl"
    file.write_bytes(content)
    with pytest.raises(JudgementError, match=told) as raised:
        read_judgements(file)
    assert str(file) in str(raised.value)
    assert ";" in str(raised.value)


def test_a_missing_file_of_judgements_is_told(tmp_path):
    """A path that is not there is an error that says so."""
    with pytest.raises(JudgementError, match="check the path"):
        read_judgements(tmp_path / "none.jsonl")


def test_a_knowledge_base_can_be_judged(base):
    """Against a real base, easy queries score 1 and the query's own ticket is left out."""
    judgements = [
        Judgement(query=Ticket(subject="Netzwerkdrucker einrichten"), relevant=frozenset({"KB-2"})),
        Judgement(query=Ticket(subject="Mailbox locked password"), relevant=frozenset({"KB-3", "T-2"}), id="T-2"),
    ]
    report = evaluate_search(judgements, base)
    assert report.article.n_queries == 2
    assert report.article.mrr_at_10 == 1
    assert report.ticket.n_queries == 0
