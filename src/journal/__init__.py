"""What was decided, what people said about it, and the documents as they came, kept in a database."""

from journal.activity import Activity, DayCount, SourceCount
from journal.documents import Documents
from journal.errors import JournalError, UnknownClassificationError
from journal.feedback import Feedback, JudgedDecision
from journal.forgettings import Forgetting, Forgettings, Subject
from journal.journal import Journal
from journal.keys import KeptKey, Keys
from journal.once import Answered, Claimed, Once, Pending
from journal.records import (
    Audit,
    Correction,
    DecisionRecord,
    DocumentKey,
    Draw,
    ErasedCounts,
    JournalCounts,
    KeptDocument,
    Provenance,
    RecordedPrediction,
    RecordedReason,
    Vote,
)
from journal.retention import Periods
from journal.reviews import ReviewQueue, Reviews
from journal.shadows import ShadowedDecision, ShadowRecord, Shadows
from journal.trail import Act, Outcome

__all__ = [
    "Act",
    "Activity",
    "Answered",
    "Audit",
    "Claimed",
    "Correction",
    "DayCount",
    "DecisionRecord",
    "DocumentKey",
    "Documents",
    "Draw",
    "ErasedCounts",
    "Feedback",
    "Forgetting",
    "Forgettings",
    "Journal",
    "JournalCounts",
    "JournalError",
    "JudgedDecision",
    "KeptDocument",
    "KeptKey",
    "Keys",
    "Once",
    "Outcome",
    "Pending",
    "Periods",
    "Provenance",
    "RecordedPrediction",
    "RecordedReason",
    "ReviewQueue",
    "Reviews",
    "ShadowRecord",
    "ShadowedDecision",
    "Shadows",
    "SourceCount",
    "Subject",
    "UnknownClassificationError",
    "Vote",
]
