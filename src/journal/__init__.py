"""What was decided and what people said about it: decisions, corrections and votes, kept in a database."""

from journal.errors import JournalError, UnknownClassificationError
from journal.journal import Journal
from journal.records import (
    Correction,
    DecisionRecord,
    ErasedCounts,
    JournalCounts,
    RecordedPrediction,
    RecordedReason,
    Vote,
)

__all__ = [
    "Correction",
    "DecisionRecord",
    "ErasedCounts",
    "Journal",
    "JournalCounts",
    "JournalError",
    "RecordedPrediction",
    "RecordedReason",
    "UnknownClassificationError",
    "Vote",
]
