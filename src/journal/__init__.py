"""What was decided, what people said about it, and the documents as they came, kept in a database."""

from journal.documents import Documents
from journal.errors import JournalError, UnknownClassificationError
from journal.journal import Journal
from journal.records import (
    Audit,
    Correction,
    DecisionRecord,
    DocumentKey,
    Draw,
    ErasedCounts,
    JournalCounts,
    KeptDocument,
    RecordedPrediction,
    RecordedReason,
    Vote,
)
from journal.shadows import ShadowedDecision, ShadowRecord, Shadows

__all__ = [
    "Audit",
    "Correction",
    "DecisionRecord",
    "DocumentKey",
    "Documents",
    "Draw",
    "ErasedCounts",
    "Journal",
    "JournalCounts",
    "JournalError",
    "KeptDocument",
    "RecordedPrediction",
    "RecordedReason",
    "ShadowRecord",
    "ShadowedDecision",
    "Shadows",
    "UnknownClassificationError",
    "Vote",
]
