"""One desk's Stellwerk put together: settings, the answers of both doors, and the desk that gives them."""

from desk.answers import (
    AuditAnswer,
    ChannelAnswer,
    ClassificationAnswer,
    DecisionAnswer,
    EvidenceAnswer,
    HitAnswer,
    IndexAnswer,
    KindCounts,
    ModelAnswer,
    ModelEntry,
    ModelsAnswer,
    PredictionAnswer,
    PromiseAnswer,
    ReasonAnswer,
    ReasonCode,
    SearchAnswer,
    WordAnswer,
)
from desk.desk import Desk
from desk.encoder import encoder_of
from desk.errors import USER_ERRORS, DeskError, UnknownLabelError
from desk.settings import Settings
from desk.training import (
    DecisionReportAnswer,
    EvaluationAnswer,
    LabelScoreAnswer,
    ProvenPromiseAnswer,
    TargetReportAnswer,
    TrainingAnswer,
    evaluate,
    train,
)

__all__ = [
    "USER_ERRORS",
    "AuditAnswer",
    "ChannelAnswer",
    "ClassificationAnswer",
    "DecisionAnswer",
    "DecisionReportAnswer",
    "Desk",
    "DeskError",
    "EvaluationAnswer",
    "EvidenceAnswer",
    "HitAnswer",
    "IndexAnswer",
    "KindCounts",
    "LabelScoreAnswer",
    "ModelAnswer",
    "ModelEntry",
    "ModelsAnswer",
    "PredictionAnswer",
    "PromiseAnswer",
    "ProvenPromiseAnswer",
    "ReasonAnswer",
    "ReasonCode",
    "SearchAnswer",
    "Settings",
    "TargetReportAnswer",
    "TrainingAnswer",
    "UnknownLabelError",
    "WordAnswer",
    "encoder_of",
    "evaluate",
    "train",
]
