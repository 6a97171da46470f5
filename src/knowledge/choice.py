"""Which of the documents found are shown: preferred by what else is known of them, one for each solution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.engine import Row, SearchEngine
from knowledge.fusion import Ranked, share_of
from knowledge.grouping import Solution, into_groups
from knowledge.preference import Circumstances, PreferenceWeights
from knowledge.query import Channel, Flag, Query
from knowledge.rows import own_words_key
from knowledge.versions import Version

_PAGE: Final = 30
"""Documents looked at together, at least: preferring changes the order only within these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A document to show, the row that speaks best for it, and those it stands for."""

    row: Row
    own_words: Row
    score: float
    why: tuple[Channel, ...]
    flags: tuple[Flag, ...] = ()
    similar: tuple[str, ...] = ()


def choose(
    ranked: Sequence[Ranked],
    *,
    query: Query,
    engine: SearchEngine,
    newest: Mapping[str, Version],
    weights: PreferenceWeights,
) -> list[Choice]:
    """At most ``query.limit`` of the documents ``ranked``, best first.

    They are read page by page until there are enough solutions; a row that a writer replaced in between is
    left out.

    Parameters
    ----------
    newest : mapping of product family to version
        Against these a document's version is old.
    """
    chosen = list[Choice]()
    groups = into_groups(())
    for page in _pages(ranked, query, engine, newest, weights):
        chosen += page
        if not query.grouping:
            break
        groups = into_groups((Solution.of(one.row, one.own_words) for one in page), groups)
        if len(groups) >= query.limit:
            break
    if query.grouping:
        by_document = {(one.row.kind, one.row.document): one for one in chosen}
        chosen = [
            replace(by_document[group.lead.document], similar=tuple(document for _, document in group.similar))
            for group in groups
        ]
    return sorted(chosen, key=lambda choice: -choice.score)[: query.limit]


def _pages(
    ranked: Sequence[Ranked],
    query: Query,
    engine: SearchEngine,
    newest: Mapping[str, Version],
    weights: PreferenceWeights,
) -> Iterator[list[Choice]]:
    size = max(_PAGE, 3 * query.limit) if query.grouping or query.preferring else query.limit
    product = query.ticket.product if query.ticket is not None else None
    circumstances: Circumstances | None = None
    for start in range(0, len(ranked), size):
        page = ranked[start : start + size]
        keys = [one.key for one in page]
        if query.grouping:
            keys += [own_words_key(*one.document) for one in page if one.document[0] == "ticket"]
        rows = engine.rows(set(keys))
        if query.preferring and circumstances is None:
            circumstances = Circumstances.of(
                rows.values(), product=product, approval=query.approval, newest=newest, weights=weights
            )
        choices = [_choice(one, rows, circumstances) for one in page if one.key in rows]
        yield sorted(choices, key=lambda choice: -choice.score) if query.preferring else choices


def _choice(one: Ranked, rows: Mapping[str, Row], circumstances: Circumstances | None) -> Choice:
    row = rows[one.key]
    worth, flags = circumstances.advice(row) if circumstances else (0.0, ())
    return Choice(
        row=row,
        own_words=rows.get(own_words_key(*one.document), row),
        score=share_of(one.worth + worth) if worth else one.score,
        why=one.why,
        flags=flags,
    )
