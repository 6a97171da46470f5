"""What solved it before: articles and solved tickets, kept and found again."""

from knowledge.article import KINDS, Article, Document, Passage
from knowledge.coverage import Case, Library, UnknownAnswersError, covered
from knowledge.difference import Difference, by_language, differences
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, WriteFailedError
from knowledge.fusion import FusionWeights
from knowledge.gaps import Gap, GapReport
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
from knowledge.themes import themes_of, vector_of

__all__ = [
    "FILTERS",
    "KINDS",
    "MEASURES",
    "NEAR_COPY",
    "Article",
    "BusyKnowledgeError",
    "Case",
    "Channel",
    "DamagedKnowledgeError",
    "Difference",
    "Document",
    "FilterError",
    "FusionWeights",
    "Gap",
    "GapReport",
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
    "Library",
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
    "UnknownAnswersError",
    "UnreadableSource",
    "Waiting",
    "WriteFailedError",
    "by_language",
    "covered",
    "differences",
    "evaluate_search",
    "judged_searches",
    "looks_like_articles",
    "read_articles",
    "read_judgements",
    "report_of",
    "terms_of",
    "themes_of",
    "vector_of",
]
