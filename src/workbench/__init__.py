"""The data scientist's door: read a history, learn, measure, compare and promote, with tables in and out."""

from workbench.comparison import Comparison, compare
from workbench.estimator import TicketClassifier
from workbench.promotion import Promotion, keep, promote
from workbench.reading import read_history
from workbench.report import EvaluationReport, evaluate

__all__ = [
    "Comparison",
    "EvaluationReport",
    "Promotion",
    "TicketClassifier",
    "compare",
    "evaluate",
    "keep",
    "promote",
    "read_history",
]
