"""How well solved tickets and articles are found again, beside plain BM25 on the same documents."""

import gzip
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import bm25s

from benchmarks.sample import DATA, encoder, solved_tickets
from benchmarks.scope import MissingDatasetError, Scope
from knowledge import (
    Article,
    Document,
    Hit,
    Judgement,
    KnowledgeBase,
    Query,
    UnreadableSource,
    evaluate_search,
    read_articles,
    read_judgements,
)

_SUMO = "sumo-kb"


def measure(scope: Scope) -> dict[str, Any]:
    """The sample corpus, and Mozilla's support questions where they lie at hand."""
    articles = list(read_articles([DATA / "articles.jsonl"], report=_tell))
    judgements = read_judgements(DATA / "search_qrels.jsonl")
    figures: dict[str, Any] = {"sample": _searched([*articles, *solved_tickets()], judgements)}
    figures["sample_articles_bm25"] = _bm25(articles, judgements)
    try:
        folder = scope.folder(_SUMO)
    except MissingDatasetError as error:
        figures[_SUMO] = str(error)
        return figures
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [_page(line) for line in lines]
    questions = read_judgements(folder / "search_qrels.jsonl.gz")
    figures[_SUMO] = _searched(pages, questions)
    figures[f"{_SUMO}_bm25"] = _bm25(pages, questions)
    return figures


def _tell(fault: UnreadableSource) -> None:
    raise ValueError(f"the sample cannot be read: {fault}")


def _searched(documents: Sequence[Document], judgements: Sequence[Judgement]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        base, _ = KnowledgeBase.rebuild(Path(folder) / "knowledge", encoder(), documents)
        with base:
            return asdict(evaluate_search(judgements, base))


class _PlainBm25:
    """Lucene's BM25 on lower-case words, asked as a knowledge base is asked."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._ids = [article.id for article in articles]
        self._index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        texts = [f"{article.title} {article.body}" for article in articles]
        self._index.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)

    def search(self, query: Query) -> list[Hit]:
        ticket = query.ticket
        words = query.text or (f"{ticket.subject} {ticket.body}" if ticket else "")
        tokens = bm25s.tokenize([words], stopwords=None, show_progress=False)
        k = min(query.limit + len(query.exclude), len(self._ids))
        found, scores = self._index.retrieve(tokens, k=k, show_progress=False)
        ranked = [(self._ids[i], float(s)) for i, s in zip(found[0], scores[0], strict=True)]
        return [
            Hit(kind="article", id=id_, title="", snippet="", score=score, why=())
            for id_, score in ranked
            if id_ not in query.exclude
        ][: query.limit]

    def encode(self, query: Query) -> None:  # noqa: ARG002 - words need no vector
        return None

    def kinds_of(self, ids: Any) -> dict[str, frozenset[str]]:
        known = set(self._ids)
        return {id_: frozenset({"article"}) for id_ in ids if id_ in known}


def _bm25(articles: Sequence[Article], judgements: Sequence[Judgement]) -> dict[str, Any]:
    return {"article": asdict(evaluate_search(judgements, _PlainBm25(articles)))["article"]}


def _page(line: str) -> Article:
    entry = json.loads(line)
    return Article(id=entry["id"], title=entry["title"], body=entry["body"], language="en")
