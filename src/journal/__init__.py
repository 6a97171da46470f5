"""What was decided and what people said about it: decisions, corrections, votes and audits, kept in a database."""

from journal.errors import JournalError, UnknownClassificationError
from journal.journal import Journal
from journal.records import (
    Audit,
    Correction,
    DecisionRecord,
    Draw,
    ErasedCounts,
    JournalCounts,
    RecordedPrediction,
    RecordedReason,
    Vote,
)

__all__ = [
    "Audit",
    "Correction",
    "DecisionRecord",
    "Draw",
    "ErasedCounts",
    "Journal",
    "JournalCounts",
    "JournalError",
    "RecordedPrediction",
    "RecordedReason",
    "UnknownClassificationError",
    "Vote",
]
