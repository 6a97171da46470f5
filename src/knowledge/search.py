"""One search: a query made ready, the channels asked side by side, documents ranked, hits made."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from knowledge.choice import Choice, choose
from knowledge.conditions import FilterError, HasMetadata, SeenBy, conditions_of
from knowledge.engine import Field, Found, KnowledgeError, SearchEngine, Selection, Vector
from knowledge.fusion import CosineScale, FusionWeights, fuse
from knowledge.preference import PreferenceWeights
from knowledge.query import Hit, Query, sound
from knowledge.snippet import snippet_of
from knowledge.versions import Version
from steps import carried, step
from text import SentenceEncoder, analyse, clean, detect_language, signatures_of

DEPTH = 100
"""Rows asked of each field's vectors; a longer answer asks for more."""

_LONGEST_RAW, _LONGEST_QUERY, _MOST_TERMS = 20_000, 4_000, 200
_LONGEST_LOG = 200_000
_LONGEST_PRODUCT = 200
_SURE_FROM = 6  # words; what language fewer words are in, detection only guesses
_LANGUAGES = (None, "de", "en")  # how words of unsure language are analysed
_FIELDS: Mapping[str, tuple[Field, ...]] = {"article": ("passage",), "ticket": ("ticket", "resolution")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A query as the engine is asked: analysed terms, a unit vector, the language where it is sure, signatures."""

    terms: tuple[str, ...]
    vector: Vector | None
    language: str | None
    signatures: tuple[str, ...] = ()


class QueryVectorError(KnowledgeError, ValueError):
    """A query came with a vector that does not fit the base."""

    def __init__(self, shape: tuple[int, ...], dimension: int) -> None:
        super().__init__(
            f"the query's vector has shape {shape}, not ({dimension},); encode it with the base's own encoder"
        )


def words_of(query: Query) -> str:
    """The words a query searches by: its text as it is, its ticket's product and cleaned words; cut short."""
    pieces = [query.text[:_LONGEST_RAW]]
    if query.ticket is not None:
        ticket = query.ticket
        pieces += [(ticket.product or "")[:_LONGEST_PRODUCT], ticket.subject[:_LONGEST_RAW]]
        pieces.append(clean(ticket.body[:_LONGEST_RAW]))
    return sound("\n".join(piece for piece in pieces if piece.strip())[:_LONGEST_QUERY]).strip()


def prepare(query: Query, encoder: SentenceEncoder) -> Prepared:
    """The query's words analysed in its language and encoded, unless it brought its vector.

    Raises
    ------
    QueryVectorError
        The vector it brought has another shape than the encoder's.
    """
    words = words_of(query)
    language = _language(query, words)
    analysed = analyse(words, language) if language else [term for one in _LANGUAGES for term in analyse(words, one)]
    vector = query.vector
    if vector is None and words:
        with step("encode", n_texts=1):
            vector = encoder.encode([words], role="query")[0]
    if vector is not None and vector.shape != (encoder.dimension,):
        raise QueryVectorError(vector.shape, encoder.dimension)
    if vector is not None and not (np.isfinite(vector).all() and vector.any()):
        vector = None
    return Prepared(
        terms=tuple(dict.fromkeys(analysed))[:_MOST_TERMS],
        vector=vector,
        language=language,
        signatures=_signatures(query),
    )


def find(
    query: Query,
    prepared: Prepared,
    *,
    engine: SearchEngine,
    executor: Executor,
    scale: CosineScale,
    weights: FusionWeights,
    preference: PreferenceWeights,
    newest: Mapping[str, Version],
) -> list[Hit]:
    """The hits, best first, at most ``query.limit``; one a solution, or one a document without grouping."""
    depth = max(DEPTH, 2 * query.limit)
    kinds = tuple(dict.fromkeys(query.kinds))
    fields = [name for kind in kinds for name in _FIELDS[kind]]
    exclude = frozenset(map(sound, query.exclude))
    where = conditions_of(query.filters)
    if query.customers is not None:
        where = (*where, SeenBy(frozenset(map(sound, query.customers))))
    wanted = Selection(kinds=kinds, where=where, exclude=exclude)
    near = None
    if (vector := prepared.vector) is not None:
        near = executor.submit(carried(_nearest), engine, vector, wanted, fields=fields, limit=depth)
    with step("search words"):
        words = engine.matching(prepared.terms, wanted, limit=4 * depth) if prepared.terms else []
    with step("search signatures"):
        marked = engine.matching(prepared.signatures, wanted, limit=4 * depth, column="signatures")
    ranked = fuse(
        near.result() if near is not None else {},
        words,
        marked,
        limit=5 * depth if query.grouping or query.preferring else query.limit,
        depth=depth,
        scale=scale,
        weights=weights,
        trusted=lambda found: _trusted(found, prepared.language),
    )
    if not ranked and query.customers is None:  # else the fault would tell what others' documents have
        _refuse_unknown_filters(wanted, engine)
    return _hits(choose(ranked, query=query, engine=engine, newest=newest, weights=preference), prepared)


def _nearest(
    engine: SearchEngine, vector: Vector, wanted: Selection, *, fields: Sequence[Field], limit: int
) -> dict[str, list[Found]]:
    with step("search meaning"):
        return engine.nearest(vector, wanted, fields=fields, limit=limit)


def _hits(choices: list[Choice], prepared: Prepared) -> list[Hit]:
    return [
        Hit(
            kind=row.kind,
            id=row.document,
            title=row.title,
            snippet=snippet_of(row.text, prepared.terms, row.language),
            score=choice.score,
            why=choice.why,
            resolution=row.resolution,
            url=row.url,
            labels=row.labels,
            product=row.product,
            customer=row.customer,
            language=row.language,
            article_id=row.article_id,
            version=row.version,
            dated=row.date,
            similar=choice.similar,
            flags=choice.flags,
        )
        for choice in choices
        for row in (choice.row,)
    ]


def _refuse_unknown_filters(wanted: Selection, engine: SearchEngine) -> None:
    """Say that a filter names nothing any document has, which else would look like nothing found."""
    for condition in wanted.where:
        if isinstance(condition, HasMetadata) and not engine.has_metadata(condition.name) and engine.count():
            raise FilterError(condition.name)


def _signatures(query: Query) -> tuple[str, ...]:
    """The signatures of all that was written, before cleaning shortens its logs."""
    told = query.ticket
    pieces = [query.text] if told is None else [query.text, told.subject, told.body]
    return signatures_of(sound("\n".join(piece[:_LONGEST_LOG] for piece in pieces)))


def _language(query: Query, words: str) -> str | None:
    told = query.ticket.language if query.ticket is not None else None
    if told and told.strip():
        return told.strip().lower()[:2]
    return detect_language(words) if len(words.split()) >= _SURE_FROM else None


def _trusted(found: Found, language: str | None) -> bool:
    """Whether a row's words may count: words of another language match by accident."""
    return language is None or found.language is None or found.language == language
