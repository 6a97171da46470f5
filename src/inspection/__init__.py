"""Look: what is wrong, doubtful or unusual in a history, before anything is learned from it."""

from inspection.ceiling import Ceiling, label_accuracy
from inspection.drift import Drift, LabelDrift
from inspection.finding import DoubtfulRow, Finding, Kind
from inspection.inspection import inspect
from inspection.leaks import TellingColumn, TellingWord
from inspection.profile import LabelCount
from inspection.report import Inspection, TargetInspection, row_record

__all__ = [
    "Ceiling",
    "DoubtfulRow",
    "Drift",
    "Finding",
    "Inspection",
    "Kind",
    "LabelCount",
    "LabelDrift",
    "TargetInspection",
    "TellingColumn",
    "TellingWord",
    "inspect",
    "label_accuracy",
    "row_record",
]
