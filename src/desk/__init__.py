"""One desk's Stellwerk put together: settings, the answers of both doors, and the desk that gives them."""

from desk.answers import (
    AuditAnswer,
    BackupAnswer,
    ChannelAnswer,
    ClassificationAnswer,
    DecisionAnswer,
    DuplicateAnswer,
    DuplicatesAnswer,
    EvidenceAnswer,
    GapAnswer,
    GapsAnswer,
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
    RefusedModelAnswer,
    SearchAnswer,
    ShadowAnswer,
    ShadowTargetAnswer,
    VerdictAnswer,
    WordAnswer,
)
from desk.backup import back_up, restore
from desk.batches import BatchWork, worked_out
from desk.collection import Collection
from desk.comparing import ComparisonAnswer, compare_models, taxonomy_of
from desk.desk import Desk
from desk.drift import DriftAnswer
from desk.encoder import encoder_of, search_encoder_of
from desk.errors import USER_ERRORS, DeskError, UnknownLabelError
from desk.evaluation import (
    CalibrationSliceAnswer,
    DecisionReportAnswer,
    EvaluationAnswer,
    LabelScoreAnswer,
    ProvenPromiseAnswer,
    ReliabilityBinAnswer,
    TargetReportAnswer,
)
from desk.exposure import OPEN_BANNER, ExposedServiceError, check_access, is_loopback
from desk.feedback import FeedbackAnswer, judged_decisions
from desk.forgetting import ForgettingAnswer, ForgettingsAnswer, NoPersonError
from desk.identity import CUSTOMER_SCOPES, TRIAL, Identity, IssuerError, Scope, UnknownCredentialError
from desk.insight import KnowledgeInsightAnswer, ModelInsightAnswer, WeekAnswer
from desk.issuer import Issuer, IssuerSettingsError
from desk.keeping import Keeping, RetentionAnswer
from desk.keys import (
    SESSION_LASTS,
    AccessKeys,
    CreatedKeyAnswer,
    KeyAnswer,
    KeyRequestError,
    KeysAnswer,
    UnknownKeyError,
)
from desk.labelling import LabellingQueueAnswer, TicketToLabel
from desk.readiness import NotReadyError
from desk.rehearsal import RehearsalError
from desk.retraining import LEAST_CORRECTIONS, ReasonToTrain, RetrainingAnswer, retrain
from desk.reviewing import DocumentAnswer, OpenedTicketAnswer, ReviewAnswer, ReviewsAnswer, TicketAnswer
from desk.settings import Settings
from desk.standing import ServingFacts
from desk.together import n_processors
from desk.trail import COMMAND_LINE, ITSELF, ActAnswer, AuditTrail, AuditTrailAnswer
from desk.training import (
    Learned,
    TrainingAnswer,
    evaluate,
    keep,
    learned,
    surroundings_of,
    train,
)
from desk.view import DeskView, OtherCustomerError, UnknownDocumentError, UnknownTicketError

__all__ = [
    "COMMAND_LINE",
    "CUSTOMER_SCOPES",
    "ITSELF",
    "LEAST_CORRECTIONS",
    "OPEN_BANNER",
    "SESSION_LASTS",
    "TRIAL",
    "USER_ERRORS",
    "AccessKeys",
    "ActAnswer",
    "AuditAnswer",
    "AuditTrail",
    "AuditTrailAnswer",
    "BackupAnswer",
    "BatchWork",
    "CalibrationSliceAnswer",
    "ChannelAnswer",
    "ClassificationAnswer",
    "Collection",
    "ComparisonAnswer",
    "CreatedKeyAnswer",
    "DecisionAnswer",
    "DecisionReportAnswer",
    "Desk",
    "DeskError",
    "DeskView",
    "DocumentAnswer",
    "DriftAnswer",
    "DuplicateAnswer",
    "DuplicatesAnswer",
    "EvaluationAnswer",
    "EvidenceAnswer",
    "ExposedServiceError",
    "FeedbackAnswer",
    "ForgettingAnswer",
    "ForgettingsAnswer",
    "GapAnswer",
    "GapsAnswer",
    "HitAnswer",
    "Identity",
    "IndexAnswer",
    "Issuer",
    "IssuerError",
    "IssuerSettingsError",
    "Keeping",
    "KeyAnswer",
    "KeyRequestError",
    "KeysAnswer",
    "KindCounts",
    "KnowledgeInsightAnswer",
    "LabelScoreAnswer",
    "LabellingQueueAnswer",
    "Learned",
    "ModelAnswer",
    "ModelEntry",
    "ModelInsightAnswer",
    "ModelsAnswer",
    "NoPersonError",
    "NotReadyError",
    "OpenedTicketAnswer",
    "OtherCustomerError",
    "PredictionAnswer",
    "PromiseAnswer",
    "ProvenPromiseAnswer",
    "ReasonAnswer",
    "ReasonCode",
    "ReasonToTrain",
    "RefusedModelAnswer",
    "RehearsalError",
    "ReliabilityBinAnswer",
    "RetentionAnswer",
    "RetrainingAnswer",
    "ReviewAnswer",
    "ReviewsAnswer",
    "Scope",
    "SearchAnswer",
    "ServingFacts",
    "Settings",
    "ShadowAnswer",
    "ShadowTargetAnswer",
    "TargetReportAnswer",
    "TicketAnswer",
    "TicketToLabel",
    "TrainingAnswer",
    "UnknownCredentialError",
    "UnknownDocumentError",
    "UnknownKeyError",
    "UnknownLabelError",
    "UnknownTicketError",
    "VerdictAnswer",
    "WeekAnswer",
    "WordAnswer",
    "back_up",
    "check_access",
    "compare_models",
    "encoder_of",
    "evaluate",
    "is_loopback",
    "judged_decisions",
    "keep",
    "learned",
    "n_processors",
    "restore",
    "retrain",
    "search_encoder_of",
    "surroundings_of",
    "taxonomy_of",
    "train",
    "worked_out",
]
