"""What solved it before: articles and solved tickets, kept and found again."""

from knowledge.article import KINDS, Article, Document, Passage
from knowledge.difference import Difference, by_language, differences
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, WriteFailedError
from knowledge.fusion import FusionWeights
from knowledge.generation import BusyKnowledgeError, NoKnowledgeError
from knowledge.index import KnowledgeBase, OtherEncoderError
from knowledge.intake import IndexCounts, IndexProgress, KindCounts, RejectedDocument
from knowledge.judgement import (
    MEASURES,
    JudgedSearch,
    Judgement,
    JudgementError,
    Searched,
    SearchReport,
    SearchScores,
    evaluate_search,
    judged_searches,
    read_judgements,
    report_of,
)
from knowledge.open_tickets import NearCopy, OpenTickets, Waiting, terms_of
from knowledge.overlap import NEAR_COPY
from knowledge.preference import PreferenceWeights
from knowledge.query import FILTERS, Channel, FilterError, Hit, KindError, Query, QueryError
from knowledge.search import QueryVectorError
from knowledge.sources import UnreadableSource, looks_like_articles, read_articles

__all__ = [
    "FILTERS",
    "KINDS",
    "MEASURES",
    "NEAR_COPY",
    "Article",
    "BusyKnowledgeError",
    "Channel",
    "DamagedKnowledgeError",
    "Difference",
    "Document",
    "FilterError",
    "FusionWeights",
    "Hit",
    "IndexCounts",
    "IndexProgress",
    "JudgedSearch",
    "Judgement",
    "JudgementError",
    "KindCounts",
    "KindError",
    "KnowledgeBase",
    "KnowledgeError",
    "NearCopy",
    "NoKnowledgeError",
    "OpenTickets",
    "OtherEncoderError",
    "Passage",
    "PreferenceWeights",
    "Query",
    "QueryError",
    "QueryVectorError",
    "RejectedDocument",
    "SearchReport",
    "SearchScores",
    "Searched",
    "UnreadableSource",
    "Waiting",
    "WriteFailedError",
    "by_language",
    "differences",
    "evaluate_search",
    "judged_searches",
    "looks_like_articles",
    "read_articles",
    "read_judgements",
    "report_of",
    "terms_of",
]
