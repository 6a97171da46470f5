"""What solved it before: articles and solved tickets, kept and found again."""

from knowledge.article import KINDS, Article, Document, Passage
from knowledge.conditions import FILTERS, FilterError, Filters, FilterValueError, QueryError, filters_of, metadata_of
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, Origin, WriteFailedError
from knowledge.fusion import FusionWeights
from knowledge.generation import BusyKnowledgeError, NoKnowledgeError, has_knowledge
from knowledge.index import ForkedKnowledgeError, KnowledgeBase, OtherEncoderError
from knowledge.intake import Accepted, IndexCounts, IndexProgress, KindCounts, RejectedDocument
from knowledge.judgement import (
    Judgement,
    JudgementError,
    Searched,
    SearchReport,
    SearchScores,
    evaluate_search,
    read_judgements,
)
from knowledge.provenance import Provenance
from knowledge.query import Channel, Hit, KindError, Query
from knowledge.search import QueryVectorError
from knowledge.snapshot import put_in_place, snapshot
from knowledge.sources import UnreadableSource, looks_like_articles, read_articles, read_source

__all__ = [
    "FILTERS",
    "KINDS",
    "Accepted",
    "Article",
    "BusyKnowledgeError",
    "Channel",
    "DamagedKnowledgeError",
    "Document",
    "FilterError",
    "FilterValueError",
    "Filters",
    "ForkedKnowledgeError",
    "FusionWeights",
    "Hit",
    "IndexCounts",
    "IndexProgress",
    "Judgement",
    "JudgementError",
    "KindCounts",
    "KindError",
    "KnowledgeBase",
    "KnowledgeError",
    "NoKnowledgeError",
    "Origin",
    "OtherEncoderError",
    "Passage",
    "Provenance",
    "Query",
    "QueryError",
    "QueryVectorError",
    "RejectedDocument",
    "SearchReport",
    "SearchScores",
    "Searched",
    "UnreadableSource",
    "WriteFailedError",
    "evaluate_search",
    "filters_of",
    "has_knowledge",
    "looks_like_articles",
    "metadata_of",
    "put_in_place",
    "read_articles",
    "read_judgements",
    "read_source",
    "snapshot",
]
