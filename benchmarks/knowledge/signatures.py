"""Whether a log finds the one ticket with the same signature among ten thousand, beside BM25."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from benchmarks.knowledge.logs import Fault, LoggedTicket, made_faults, told
from benchmarks.scope import Scope
from knowledge import FusionWeights, KnowledgeBase, Query
from text import Vectors
from tickets import Solution, SolvedTicket, Ticket

SEED = 2026_11
"""The seed that is reported; what can be chosen was chosen on others."""

_N_TICKETS, _N_QUERIES = 10_000, 100


class HashedWords:
    """Words hashed to 384 numbers: encodes ten thousand tickets in seconds, the real encoder in many minutes."""

    name, dimension = "hashed words", 384

    def __init__(self) -> None:
        self._hashing = HashingVectorizer(n_features=self.dimension, norm="l2")

    def encode(self, texts: Sequence[str], *, role: str = "query") -> Vectors:  # noqa: ARG002 - one for both
        """Unit vectors in the order of ``texts``; a text without words points nowhere in particular."""
        vectors = self._hashing.transform(texts).toarray().astype(np.float32) + 1e-6
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def measure(scope: Scope) -> dict[str, Any]:  # noqa: ARG001 - nothing is read
    """How many of a hundred logs find their ticket first."""
    return measured(SEED, n_tickets=_N_TICKETS, n_queries=_N_QUERIES)


def measured(seed: int, *, n_tickets: int, n_queries: int) -> dict[str, Any]:
    """The same with another seed or size."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    faults = made_faults(int(n_tickets * 0.7), chance)
    asked = chance.sample(faults, n_queries)
    others = sorted(set(range(len(faults))) - {faults.index(one) for one in asked})
    again = [faults[place] for place in chance.choices(others, k=n_tickets - len(faults))]
    tickets = [told(fault, chance) for fault in (*faults, *again)]
    chance.shuffle(tickets)
    questions = [told(fault, chance) for fault in asked]
    wanted = [str(next(n for n, one in enumerate(tickets) if one.fault == fault)) for fault in asked]
    figures: dict[str, Any] = {
        "seed": seed,
        "n_tickets": len(tickets),
        "n_queries": len(questions),
        "n_faults": len(faults),
        "encoder": HashedWords.name,
        "same_exception": _shared(asked, tickets),
    }
    figures["bm25"] = _scores(_bm25(tickets), questions, wanted)
    with tempfile.TemporaryDirectory() as folder:
        place, encoder = Path(folder) / "knowledge", HashedWords()
        KnowledgeBase.rebuild(place, encoder, [_solved(n, one) for n, one in enumerate(tickets)])[0].close()
        for name, weight in (("stellwerk", FusionWeights()), ("stellwerk_without", FusionWeights(signature=0.0))):
            with KnowledgeBase.open(place, encoder, weights=weight) as base:
                figures[name] = _scores(partial(_found, base), questions, wanted)
    return figures


def _solved(number: int, one: LoggedTicket) -> SolvedTicket:
    ticket = Ticket(id=str(number), subject=one.subject, body=one.body, language=one.language, product=one.product)
    return SolvedTicket(ticket=ticket, labels={}, solution=Solution(resolution=one.resolution))


def _shared(asked: Sequence[Fault], tickets: Sequence[LoggedTicket]) -> float:
    """In how many other tickets the exception of a question stands, on average."""
    counts = Counter((one.fault.platform, one.fault.exception) for one in tickets)
    return sum(counts[fault.platform, fault.exception] - 1 for fault in asked) / len(asked)


def _found(base: KnowledgeBase, one: LoggedTicket) -> list[str]:
    ticket = Ticket(subject=one.subject, body=one.body, language=one.language, product=one.product)
    return [hit.id for hit in base.search(Query(ticket=ticket, kinds=("ticket",), limit=10))]


def _bm25(tickets: Sequence[LoggedTicket]) -> Callable[[LoggedTicket], list[str]]:
    """Lucene's BM25 on the lower-case words of subject and body, logs and all."""
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    texts = [f"{one.subject} {one.body}" for one in tickets]
    index.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)

    def find(one: LoggedTicket) -> list[str]:
        tokens = bm25s.tokenize([f"{one.subject} {one.body}"], stopwords=None, show_progress=False)
        found, _ = index.retrieve(tokens, k=10, show_progress=False)
        return [str(number) for number in found[0]]

    return find


def _scores(
    find: Callable[[LoggedTicket], list[str]], questions: Sequence[LoggedTicket], wanted: Sequence[str]
) -> dict[str, Any]:
    ranks, seconds = [], []
    for question, ticket in zip(questions, wanted, strict=True):
        start = time.perf_counter()
        ranking = find(question)
        seconds.append(time.perf_counter() - start)
        ranks.append(ranking.index(ticket) + 1 if ticket in ranking else None)
    first = Counter(one.fault.platform for one, rank in zip(questions, ranks, strict=True) if rank == 1)
    asked = Counter(one.fault.platform for one in questions)
    return {
        "n_first": sum(rank == 1 for rank in ranks),
        "n_in_10": sum(rank is not None for rank in ranks),
        "mrr_at_10": sum(1 / rank for rank in ranks if rank) / len(ranks),
        "first_by_platform": {name: f"{first[name]} of {n}" for name, n in sorted(asked.items())},
        "median_seconds": float(np.median(seconds)),
    }
