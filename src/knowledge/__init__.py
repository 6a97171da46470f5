"""What solved it before: articles and solved tickets, kept and found again."""

from knowledge.article import KINDS, Article, Document, Passage
from knowledge.distributed import NoRayError, RayWorkers
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, WriteFailedError
from knowledge.fusion import FusionWeights
from knowledge.generation import NoKnowledgeError
from knowledge.index import KnowledgeBase, OtherEncoderError
from knowledge.intake import IndexCounts, IndexProgress, KindCounts, RejectedDocument, Workers
from knowledge.judgement import (
    Judgement,
    JudgementError,
    Searched,
    SearchReport,
    SearchScores,
    evaluate_search,
    read_judgements,
)
from knowledge.place import Address, AddressError, BusyKnowledgeError
from knowledge.query import FILTERS, Channel, FilterError, Hit, KindError, Query, QueryError
from knowledge.search import QueryVectorError
from knowledge.sources import UnreadableSource, looks_like_articles, read_articles

__all__ = [
    "FILTERS",
    "KINDS",
    "Address",
    "AddressError",
    "Article",
    "BusyKnowledgeError",
    "Channel",
    "DamagedKnowledgeError",
    "Document",
    "FilterError",
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
    "NoRayError",
    "OtherEncoderError",
    "Passage",
    "Query",
    "QueryError",
    "QueryVectorError",
    "RayWorkers",
    "RejectedDocument",
    "SearchReport",
    "SearchScores",
    "Searched",
    "UnreadableSource",
    "Workers",
    "WriteFailedError",
    "evaluate_search",
    "looks_like_articles",
    "read_articles",
    "read_judgements",
]
