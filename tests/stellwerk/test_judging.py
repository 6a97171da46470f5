"""The search measured, compared, and its worst queries written down."""

import json
from pathlib import Path

import pytest
import typer

from knowledge import Channel, Hit, Judgement, Query, judged_searches
from stellwerk.search_setup import SearchSetup
from stellwerk.worst_queries import UnwritablePageError, write_page
from tickets import Ticket

WORDS = '<script>alert("x")</script> Drucker'


KINDS = {"A1": "article", "A2": "article", "T1": "ticket"}


class Shelf:
    """Answers every query with the same documents, best first."""

    def search(self, query: Query) -> list[Hit]:
        """The documents of the kinds asked for."""
        return [
            Hit(kind=kind, id=id_, title=f"<b>{id_}</b>", snippet="", score=0.5, why=(Channel("words", 7),))
            for id_, kind in KINDS.items()
            if kind in query.kinds
        ][: query.limit]

    def encode(self, query: Query) -> None:
        """No vector."""

    def kinds_of(self, ids) -> dict[str, frozenset[str]]:
        """The kind of each known id; what is gone was an article."""
        return {id_: frozenset({KINDS.get(id_, "article")}) for id_ in ids}


def test_the_page_tells_what_was_wanted_and_what_came_first(tmp_path: Path) -> None:
    """Ranks, what was missed, and the channels stand in the page; words of tickets are text, never markup."""
    judgements = [Judgement(query=Ticket(subject="S", body=WORDS), relevant=frozenset({"A2", "gone"}), id="4711")]
    file = tmp_path / "worst.html"
    write_page(file, judged_searches(judgements, Shelf()), Shelf())
    page = file.read_text("utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert "rank 2" in page
    assert "not among the first 50" in page
    assert "words 7" in page
    assert "Articles: 1 of 1 queries" in page
    assert "Solved tickets: 0 of 0 queries" in page


def test_the_page_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    """No address stands in it that a browser would load, and the policy forbids all."""
    file = tmp_path / "worst.html"
    write_page(file, [], Shelf())
    page = file.read_text("utf-8")
    assert "default-src 'none'" in page
    assert not any(word in page for word in ("src=", "href=", "@import", "url("))


def test_a_page_that_cannot_be_written_names_the_cure(tmp_path: Path) -> None:
    """A folder that is not there is told."""
    with pytest.raises(UnwritablePageError, match="name a file in a folder"):
        write_page(tmp_path / "none" / "worst.html", [], Shelf())


def test_a_setup_is_a_folder_or_weights() -> None:
    """A bare word is a folder; names change weights or the folder, the rest stays."""
    assert SearchSetup.parse("var/other") == SearchSetup(knowledge=Path("var/other"))
    setup = SearchSetup.parse("words=0.6, same_product=0,knowledge=k")
    assert (setup.knowledge, setup.fusion.words, setup.preference.same_product) == (Path("k"), 0.6, 0)
    assert setup.fusion.resolution == SearchSetup().fusion.resolution


@pytest.mark.parametrize("option", ["wordz=1", "words=", "words=much", "words=1,"])
def test_a_faulty_setup_is_wrong_usage(option: str) -> None:
    """Unknown names and what is no number are refused."""
    with pytest.raises(typer.BadParameter):
        SearchSetup.parse(option)


@pytest.mark.slow
def test_a_search_is_compared_with_another(run, folder: Path, encoder_folder: Path, monkeypatch) -> None:
    """The contract's figures come first, then languages, and what other weights change with its interval."""
    monkeypatch.setenv("STELLWERK_ENCODER", str(encoder_folder))
    articles = [
        {"id": "1", "title": "VPN Zertifikat erneuern", "body": "Im Portal erneuern.", "language": "de"},
        {"id": "2", "title": "Drucker einrichten", "body": "Treiber laden.", "language": "de"},
    ]
    Path("a.jsonl").write_text("\n".join(map(json.dumps, articles)), "utf-8")
    queries = [
        {"query": {"subject": "Zertifikat für VPN ist abgelaufen"}, "relevant": ["1"]},
        {"query": {"subject": "Drucker lässt sich nicht einrichten"}, "relevant": ["2"]},
    ]
    Path("q.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    assert run("index", "a.jsonl").status == 0
    ended = run("evaluate-search", "q.jsonl", "--against", "words=0", "--page", "w.html", "--json")
    assert ended.status == 0, ended.err
    answer = json.loads(ended.out)
    assert answer["article"]["n_queries"] == answer["all"]["n_queries"] == 2
    assert answer["languages"]["de"]["article"] == answer["article"]
    assert answer["against"]["differences"]["article"]["ndcg_at_10"]["n_queries"] == 2
    assert "Articles" in Path("w.html").read_text("utf-8")
