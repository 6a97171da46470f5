"""What one would have used instead: BM25 plain and analysed, and one sentence encoder alone."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, TypeAlias

import bm25s
import numpy as np
from numpy.typing import NDArray

from benchmarks.sample import encoder
from knowledge import Article, Document, Hit, Query
from text import Role, analyse, clean, detect_language

Scores: TypeAlias = Callable[[str], NDArray[Any]]
"""A score of every document for some words; higher is better."""


class Peer:
    """Whole documents ranked by one score, asked as a knowledge base is asked."""

    def __init__(self, documents: Sequence[Document], fit: Callable[[Sequence[str]], Scores]) -> None:
        named = [_named(document) for document in documents]
        self._kinds = np.array([kind for kind, _, _ in named])
        self._ids = np.array([identity for _, identity, _ in named])
        self._scores = fit([words for _, _, words in named])

    def search(self, query: Query) -> list[Hit]:
        """The best documents of the kinds asked for; one that shares nothing with the query is none."""
        ticket = query.ticket
        scores = self._scores(query.text or (f"{ticket.subject}\n{clean(ticket.body)}".strip() if ticket else ""))
        allowed = np.isin(self._kinds, query.kinds) & ~np.isin(self._ids, list(query.exclude)) & (scores > 0)
        scores = np.where(allowed, scores, -np.inf)
        best = np.argsort(-scores, kind="stable")[: query.limit]
        return [
            Hit(kind=str(self._kinds[i]), id=str(self._ids[i]), title="", snippet="", score=float(scores[i]), why=())
            for i in best
            if allowed[i]
        ]

    def encode(self, query: Query) -> None:  # noqa: ARG002 - each search encodes for itself
        """Nothing to keep."""
        return

    def kinds_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The kinds of document each id names."""
        kinds = dict(zip(self._ids.tolist(), self._kinds.tolist(), strict=True))
        return {one: frozenset({kinds[one]}) for one in ids if one in kinds}


def plain_bm25(texts: Sequence[str]) -> Scores:
    """Lucene's BM25 on lower-case words."""
    return _bm25(texts, lambda text: bm25s.tokenize([text], stopwords=None, show_progress=False, return_ids=False)[0])


def analysed_bm25(texts: Sequence[str]) -> Scores:
    """Lucene's BM25 on the product's own terms: stemmed, without stop words, compounds parted."""
    return _bm25(texts, lambda text: list(dict.fromkeys(_terms(text))), index_terms=_terms)


def e5(texts: Sequence[str]) -> Scores:
    """The cosine of the built-in encoder alone, as its makers mean it: query against passage."""
    opened = encoder()
    return _dense(texts, lambda some, role: opened.encode(some, role=role))


def minilm(texts: Sequence[str]) -> Scores:
    """The cosine of all-MiniLM-L6-v2 alone; it knows English and was trained on Stack Exchange among others."""
    model = _minilm()
    return _dense(texts, lambda some, _: model.encode(some, normalize_embeddings=True, show_progress_bar=False))


PEERS: dict[str, Callable[[Sequence[str]], Scores]] = {
    "bm25": plain_bm25,
    "bm25_analysed": analysed_bm25,
    "e5": e5,
    "minilm": minilm,
}


def _bm25(
    texts: Sequence[str], terms: Callable[[str], list[str]], index_terms: Callable[[str], list[str]] | None = None
) -> Scores:
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index([(index_terms or terms)(text) for text in texts], show_progress=False)
    none = np.zeros(len(texts), np.float32)
    return lambda words: index.get_scores(known) if (known := _known(index, terms(words))) else none


def _known(index: Any, terms: Sequence[str]) -> list[str]:
    return [term for term in terms if term in index.vocab_dict]


def _dense(texts: Sequence[str], encode: Callable[[Sequence[str], Role], NDArray[Any]]) -> Scores:
    vectors = encode(texts, "passage")

    @cache  # each question is asked of articles, of tickets and of both
    def asked(words: str) -> NDArray[Any]:
        vector: NDArray[Any] = encode([words], "query")[0]
        return vector

    def scores(words: str) -> NDArray[Any]:
        cosines: NDArray[Any] = vectors @ asked(words)
        return cosines + 1.0  # above 0: a cosine always says something

    return scores


def _terms(text: str) -> list[str]:
    return analyse(text, detect_language(text))


@cache
def _minilm() -> Any:
    from benchmarks.classification import minilm as yardstick  # noqa: PLC0415 - loads torch

    return yardstick.opened()


def _named(document: Document) -> tuple[str, str, str]:
    if isinstance(document, Article):
        return "article", document.id, f"{document.title}\n{document.body}"
    ticket, solution = document.ticket, document.solution
    resolution = solution.resolution if solution else ""
    return "ticket", ticket.id or "", "\n".join((ticket.subject, clean(ticket.body), resolution)).strip()
