"""What solved it before: articles and solved tickets, kept and found again."""

from knowledge.article import KINDS, Article, Document, Passage
from knowledge.conditions import (
    FILTERS,
    FilterError,
    Filters,
    FilterValueError,
    QueryError,
    SeenBy,
    filters_of,
    metadata_of,
)
from knowledge.coverage import Case, Library, UnknownAnswersError, covered
from knowledge.difference import Difference, by_language, differences
from knowledge.distributed import NoRayError, RayWorkers, ray_cluster
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, Origin, WriteFailedError
from knowledge.fusion import FusionWeights
from knowledge.gaps import Gap, GapReport
from knowledge.generation import NoKnowledgeError, has_knowledge
from knowledge.index import KnowledgeBase
from knowledge.intake import Accepted, IndexCounts, IndexProgress, KindCounts, RejectedDocument, Workers
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
from knowledge.place import Address, AddressError, BusyKnowledgeError
from knowledge.preference import PreferenceWeights
from knowledge.provenance import Provenance
from knowledge.query import Channel, Hit, KindError, Query
from knowledge.search import QueryVectorError
from knowledge.serving import ForkedKnowledgeError, OtherEncoderError
from knowledge.snapshot import NoFolderError, folder_of, put_in_place, snapshot
from knowledge.sources import UnreadableSource, looks_like_articles, read_articles, read_source
from knowledge.themes import themes_of, vector_of
from knowledge.weighing import TooFewJudgementsError, Weighing

__all__ = [
    "FILTERS",
    "KINDS",
    "MEASURES",
    "NEAR_COPY",
    "Accepted",
    "Address",
    "AddressError",
    "Article",
    "BusyKnowledgeError",
    "Case",
    "Channel",
    "DamagedKnowledgeError",
    "Difference",
    "Document",
    "FilterError",
    "FilterValueError",
    "Filters",
    "ForkedKnowledgeError",
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
    "NoFolderError",
    "NoKnowledgeError",
    "NoRayError",
    "OpenTickets",
    "Origin",
    "OtherEncoderError",
    "Passage",
    "PreferenceWeights",
    "Provenance",
    "Query",
    "QueryError",
    "QueryVectorError",
    "RayWorkers",
    "RejectedDocument",
    "SearchReport",
    "SearchScores",
    "Searched",
    "SeenBy",
    "TooFewJudgementsError",
    "UnknownAnswersError",
    "UnreadableSource",
    "Waiting",
    "Weighing",
    "Workers",
    "WriteFailedError",
    "by_language",
    "covered",
    "differences",
    "evaluate_search",
    "filters_of",
    "folder_of",
    "has_knowledge",
    "judged_searches",
    "looks_like_articles",
    "metadata_of",
    "put_in_place",
    "ray_cluster",
    "read_articles",
    "read_judgements",
    "read_source",
    "report_of",
    "snapshot",
    "terms_of",
    "themes_of",
    "vector_of",
]
