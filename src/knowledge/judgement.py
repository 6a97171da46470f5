"""How well a search finds what people judged relevant."""

import gzip
import json
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from knowledge.article import KINDS
from knowledge.engine import Vector
from knowledge.query import Hit, Query
from tickets import Ticket

MEASURES = ("ndcg_at_10", "mrr_at_10", "recall_at_5", "recall_at_10", "hit_at_5")
"""What is measured of each search, in order."""
ALL_AND_KINDS = ("all", *KINDS)
_DEPTH = 10
_GZIP = b"\x1f\x8b"


class JudgementError(ValueError):
    """A file of judgements cannot be used as it stands."""

    def __init__(self, path: Path, line: int | None, fault: str, cure: str) -> None:
        place = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {fault}; {cure}")
        self.path, self.line = path, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One ticket and the ids of the documents people found relevant to it."""

    query: Ticket
    relevant: frozenset[str]
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScores:
    """Means over the judged queries, each in [0, 1]; zeros where ``n_queries`` is 0."""

    n_queries: int
    ndcg_at_10: float
    mrr_at_10: float
    recall_at_5: float
    recall_at_10: float
    hit_at_5: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """Both kinds in one list; only articles searched and judged; only tickets."""

    all: SearchScores
    article: SearchScores
    ticket: SearchScores


@dataclass(frozen=True, slots=True)
class JudgedSearch:
    """One search for one judgement: ``of`` both kinds (``all``) or of one, what it found, and its measures."""

    judgement: Judgement
    of: str
    relevant: frozenset[str]
    """The relevant documents that count in this search."""
    hits: tuple[Hit, ...]
    scores: tuple[float, ...]
    """In the order of `MEASURES`."""


class Searched(Protocol):
    """What can be judged: a knowledge base, or whatever stands before one."""

    def search(self, query: Query) -> list[Hit]:
        """The hits, best first."""

    def encode(self, query: Query) -> Vector | None:
        """The query's vector, so that three searches encode once."""

    def kinds_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The kinds of document each id names; ids of nothing are absent."""


def read_judgements(path: Path) -> list[Judgement]:
    """The judgements in a JSON Lines file, plain or gzip.

    Raises
    ------
    JudgementError
        The file cannot be read, holds nothing, or has a bad line; the message names the line and the cure.
    """
    judgements = [
        _judgement(path, number, line) for number, line in enumerate(_text(path).splitlines(), start=1) if line.strip()
    ]
    if not judgements:
        raise JudgementError(path, None, "holds no judgement", 'write one {"query": {...}, "relevant": [...]} a line')
    return judgements


def evaluate_search(judgements: Iterable[Judgement], searched: Searched) -> SearchReport:
    """How well ``searched`` finds what was judged relevant.

    A document with a judgement's own id neither counts nor appears. Under ``article`` and ``ticket`` only
    relevant documents of that kind count, and queries without any are left out; ``all`` also counts relevant
    ids that are not in the knowledge base, as missed. Documents are judged, so none is hidden in a group.

    References
    ----------
    Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques", for nDCG; gains are 0
    and 1.
    """
    return report_of(judged_searches(judgements, searched))


def judged_searches(judgements: Iterable[Judgement], searched: Searched) -> list[JudgedSearch]:
    """Every search that `evaluate_search` does, with what it found and how well."""
    wanted = list(judgements)
    kinds_of = searched.kinds_of({one for judgement in wanted for one in judgement.relevant})
    found = list[JudgedSearch]()
    for judgement in wanted:
        own = frozenset() if judgement.id is None else frozenset({judgement.id})
        relevant = judgement.relevant - own
        if not relevant:
            continue
        vector = searched.encode(Query(ticket=judgement.query))
        for name in ALL_AND_KINDS:
            kinds = KINDS if name == "all" else (name,)
            of_kind = relevant if name == "all" else {one for one in relevant if name in kinds_of.get(one, ())}
            if of_kind:
                query = Query(
                    ticket=judgement.query, vector=vector, kinds=kinds, limit=_DEPTH, exclude=own, grouping=False
                )
                hits = tuple(searched.search(query))
                scores = tuple(score_ranking([hit.id for hit in hits], of_kind))
                found.append(JudgedSearch(judgement, name, frozenset(of_kind), hits, scores))
    return found


def report_of(judged: Sequence[JudgedSearch]) -> SearchReport:
    """The means of searches that were judged."""
    return SearchReport(**{name: _means([one.scores for one in judged if one.of == name]) for name in ALL_AND_KINDS})


def score_ranking(ranking: Sequence[str], relevant: Collection[str]) -> list[float]:
    """nDCG@10, reciprocal rank@10, recall@5, recall@10 and hit@5 of one ranking of ids."""
    hits = [place for place, one in enumerate(dict.fromkeys(ranking)) if one in relevant and place < _DEPTH]
    ideal = sum(1 / math.log2(place + 2) for place in range(min(len(relevant), _DEPTH)))
    in_five = sum(place < 5 for place in hits)
    return [
        sum(1 / math.log2(place + 2) for place in hits) / ideal,
        1 / (hits[0] + 1) if hits else 0.0,
        in_five / len(relevant),
        len(hits) / len(relevant),
        float(in_five > 0),
    ]


def _means(scores: Sequence[Sequence[float]]) -> SearchScores:
    columns = zip(*scores, strict=True) if scores else ((0.0,),) * 5
    ndcg, mrr, recall_5, recall_10, hit_5 = (sum(column) / len(column) for column in map(tuple, columns))
    return SearchScores(
        n_queries=len(scores),
        ndcg_at_10=ndcg,
        mrr_at_10=mrr,
        recall_at_5=recall_5,
        recall_at_10=recall_10,
        hit_at_5=hit_5,
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if content.startswith(_GZIP) else content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JudgementError(path, None, "is not UTF-8 text", "save it as UTF-8") from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise JudgementError(path, None, "is not whole gzip", "compress it again") from error
    except OSError as error:
        raise JudgementError(path, None, f"cannot be read ({error.strerror})", "check the path") from error


def _judgement(path: Path, number: int, line: str) -> Judgement:
    try:
        entry: Any = json.loads(line)
    except ValueError as error:
        raise JudgementError(path, number, f"is not JSON ({error})", "write one JSON object a line") from error
    query = entry.get("query") if isinstance(entry, dict) else None
    if not isinstance(query, dict) or not any(_words(query, name).strip() for name in ("subject", "body")):
        raise JudgementError(path, number, "has no query", 'write "query": {"subject": "...", "body": "..."}')
    relevant = entry.get("relevant")
    if not isinstance(relevant, list) or not relevant or not all(isinstance(one, str) and one for one in relevant):
        raise JudgementError(path, number, "names nothing relevant", 'write "relevant": ["id", ...]')
    own = entry.get("id")
    ticket = Ticket(
        subject=_words(query, "subject"),
        body=_words(query, "body"),
        language=_words(query, "language") or None,
        product=_words(query, "product") or None,
        customer=_words(query, "customer") or None,
    )
    return Judgement(query=ticket, relevant=frozenset(relevant), id=None if own is None else str(own))


def _words(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""
