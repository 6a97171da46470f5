"""Decide: learn from a desk's solved tickets, and say of a new one who can solve it and what kind of work it is."""

from classifier.answers import Answers
from classifier.audit import contradicts, log_evidence
from classifier.calibration import expected_calibration_error
from classifier.comparison import Basis, Burden, Comparison, compare
from classifier.evaluation import Report, TargetReport, evaluate
from classifier.fingerprint import fingerprint
from classifier.kept_answers import KeptAnswers, keep_answers, kept_answers
from classifier.labelling import unsure, worth_labelling
from classifier.learnable import TrainingError
from classifier.learned import Forgotten, forgotten, forgotten_stamp, mark_forgotten, note_learned
from classifier.material import OnProgress
from classifier.model import BoundClassifier, EncoderMismatchError, TicketClassifier
from classifier.plan import PLAN_NAMES, Gates, PlanName, TrainingPlan
from classifier.prediction import Classification, Decision, Prediction, Reason, Resemblance, Word
from classifier.primer import primer_tickets
from classifier.promise import Promise
from classifier.promotion import Verdict, judge
from classifier.resampling import Change
from classifier.shelf import (
    DamagedModelError,
    ForeignModelError,
    Manifest,
    ModelShelf,
    NoChampionError,
    NothingToRollBackError,
    ShelfError,
    UnknownVersionError,
)
from classifier.tracking import TrackingError, aliased, track
from classifier.training import Trained, train
from classifier.verdict_page import verdict_page

__all__ = [
    "PLAN_NAMES",
    "Answers",
    "Basis",
    "BoundClassifier",
    "Burden",
    "Change",
    "Classification",
    "Comparison",
    "DamagedModelError",
    "Decision",
    "EncoderMismatchError",
    "ForeignModelError",
    "Forgotten",
    "Gates",
    "KeptAnswers",
    "Manifest",
    "ModelShelf",
    "NoChampionError",
    "NothingToRollBackError",
    "OnProgress",
    "PlanName",
    "Prediction",
    "Promise",
    "Reason",
    "Report",
    "Resemblance",
    "ShelfError",
    "TargetReport",
    "TicketClassifier",
    "TrackingError",
    "Trained",
    "TrainingError",
    "TrainingPlan",
    "UnknownVersionError",
    "Verdict",
    "Word",
    "aliased",
    "compare",
    "contradicts",
    "evaluate",
    "expected_calibration_error",
    "fingerprint",
    "forgotten",
    "forgotten_stamp",
    "judge",
    "keep_answers",
    "kept_answers",
    "log_evidence",
    "mark_forgotten",
    "note_learned",
    "primer_tickets",
    "track",
    "train",
    "unsure",
    "verdict_page",
    "worth_labelling",
]
