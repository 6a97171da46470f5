"""What preferring and grouping do to a search: nDCG with and without, and how many solutions a person sees."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean
from typing import Any, Final

from benchmarks.sample import DATA, encoder, solved_tickets
from benchmarks.scope import Scope
from knowledge import (
    JudgedSearch,
    Judgement,
    KnowledgeBase,
    PreferenceWeights,
    Query,
    UnreadableSource,
    differences,
    judged_searches,
    read_articles,
    read_judgements,
    report_of,
)

_EVERY: Final = 5
"""One judgement in so many is searched; all of them take long."""
_NOTHING: Final = PreferenceWeights(approval=0, same_product=0, recent=0, old_version=0, reopened=0)


def measure(scope: Scope) -> dict[str, Any]:
    """Against ranking by words and meaning alone: preferring where the ticket names no product, and where it does."""
    solved = scope.limited(solved_tickets())
    products = {one.ticket.id: one.ticket.product for one in solved}
    judgements = read_judgements(DATA / "search_qrels.jsonl")[::_EVERY]
    told = [replace(one, query=replace(one.query, product=products.get(one.id))) for one in judgements]
    articles = read_articles([DATA / "articles.jsonl"], report=_tell)
    with tempfile.TemporaryDirectory() as name:
        folder, reading = Path(name) / "knowledge", encoder()
        preferring, _ = KnowledgeBase.rebuild(folder, reading, [*articles, *solved])
        with preferring, KnowledgeBase.open(folder, reading, preference=_NOTHING) as plain:
            without = judged_searches(told, plain)
            product = judged_searches(told, preferring)
            bare = judged_searches(judgements, preferring)
            grouped = _grouped(told, preferring)
    unnamed = [replace(one, judgement=judgement) for one, judgement in _paired(without, bare)]
    return {
        "n_judgements": len(judgements),
        "without": asdict(report_of(without)),
        "preferring": _compared(unnamed, bare),
        "preferring_with_product": _compared(without, product),
        "grouped_with_product": grouped,
    }


def _paired(one: Sequence[JudgedSearch], other: Sequence[JudgedSearch]) -> list[tuple[JudgedSearch, Judgement]]:
    """The first searches, whose queries name a product, beside the second's judgements, which do not."""
    return [(a, b.judgement) for a, b in zip(one, other, strict=True)]


def _compared(this: Sequence[JudgedSearch], other: Sequence[JudgedSearch]) -> dict[str, Any]:
    apart = differences(this, other)
    return {
        **asdict(report_of(other)),
        "differences": {of: asdict(found["ndcg_at_10"]) for of, found in apart.items()},
    }


def _grouped(judgements: Sequence[Judgement], base: KnowledgeBase) -> dict[str, float]:
    """Solved tickets as they are shown: how often the first five hits, or what they stand for, hold a relevant one."""
    hit, stood_for = [], []
    for one in judgements:
        own = frozenset() if one.id is None else frozenset({one.id})
        if not (relevant := one.relevant - own):
            continue
        found = base.search(Query(ticket=one.query, kinds=("ticket",), limit=5, exclude=own))
        hit.append(any({each.id, *each.similar} & relevant for each in found))
        stood_for.append(sum(len(each.similar) for each in found))
    return {"hit_at_5": mean(map(float, hit)), "tickets_stood_for": mean(stood_for)}


def _tell(fault: UnreadableSource) -> None:
    raise ValueError(f"the sample cannot be read: {fault}")
