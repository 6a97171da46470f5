"""Decide: learn from a desk's solved tickets, and say of a new one who can solve it and what kind of work it is."""

from classifier.answers import Answers
from classifier.audit import contradicts, log_evidence
from classifier.calibration import expected_calibration_error
from classifier.comparison import Basis, Burden, Comparison, compare
from classifier.drift import Reference, stability_index, traits_of
from classifier.evaluation import Report, TargetReport, evaluate, label_indices
from classifier.fingerprint import fingerprint
from classifier.kept_answers import KeptAnswers, keep_answers, kept_answers
from classifier.labelling import unsure, worth_labelling
from classifier.learnable import TrainingError, problem_groups
from classifier.learned import Forgotten, forgotten, forgotten_stamp, mark_forgotten, note_learned
from classifier.material import OnProgress
from classifier.model import BoundClassifier, DeskModel, EncoderMismatchError
from classifier.out_of_fold import OutOfFold, out_of_fold
from classifier.plan import PLAN_NAMES, Gates, PlanName, TrainingPlan
from classifier.plots import confusion_figure, reliability_figure
from classifier.prediction import Classification, Decision, Prediction, Reason, Resemblance, Word
from classifier.primer import primer_tickets
from classifier.promise import Promise
from classifier.promotion import Verdict, judge
from classifier.reading import ticket_words
from classifier.resampling import Change, Resampling, macro_f1, ratio
from classifier.scoring import Scorer, Surroundings, probability_column, scores_frame
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
from classifier.tracking import TrackingError, Training, aliased, track
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
    "DeskModel",
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
    "OutOfFold",
    "PlanName",
    "Prediction",
    "Promise",
    "Reason",
    "Reference",
    "Report",
    "Resampling",
    "Resemblance",
    "Scorer",
    "ShelfError",
    "Surroundings",
    "TargetReport",
    "TrackingError",
    "Trained",
    "Training",
    "TrainingError",
    "TrainingPlan",
    "UnknownVersionError",
    "Verdict",
    "Word",
    "aliased",
    "compare",
    "confusion_figure",
    "contradicts",
    "evaluate",
    "expected_calibration_error",
    "fingerprint",
    "forgotten",
    "forgotten_stamp",
    "judge",
    "keep_answers",
    "kept_answers",
    "label_indices",
    "log_evidence",
    "macro_f1",
    "mark_forgotten",
    "note_learned",
    "out_of_fold",
    "primer_tickets",
    "probability_column",
    "problem_groups",
    "ratio",
    "reliability_figure",
    "scores_frame",
    "stability_index",
    "ticket_words",
    "track",
    "train",
    "traits_of",
    "unsure",
    "verdict_page",
    "worth_labelling",
]
