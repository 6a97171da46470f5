"""Errors that a user can act on: each message says what is wrong and what to do."""

from classifier import EncoderMismatchError, ShelfError, TrackingError, TrainingError
from desk.rehearsal import RehearsalError
from history import HistoryError, MappingError
from journal import JournalError, UnknownClassificationError
from knowledge import JudgementError, KnowledgeError, QueryError
from masking import MaskingKeyError
from text import BundleError, EncoderFolderError, NotTunableError, VectorCacheError
from tickets import Taxonomy, TaxonomyError


class DeskError(RuntimeError):
    """The desk cannot do what was asked."""


class UnknownLabelError(DeskError):
    """A person corrected a ticket with a target or label that the desk does not have."""

    def __init__(self, target: str, label: str, taxonomy: Taxonomy) -> None:
        if target in taxonomy.names:
            fault, allowed = f"target {target} has no label {label!r}", taxonomy[target].label_names
        else:
            fault, allowed = f"there is no target {target!r}", taxonomy.names
        super().__init__(f"{fault}; use {', '.join(allowed)}")
        self.target = target
        self.label = label


USER_ERRORS: tuple[type[Exception], ...] = (
    BundleError,
    DeskError,
    EncoderFolderError,
    EncoderMismatchError,
    HistoryError,
    JournalError,
    JudgementError,
    KnowledgeError,
    MappingError,
    MaskingKeyError,
    NotTunableError,
    QueryError,
    RehearsalError,
    ShelfError,
    TaxonomyError,
    TrackingError,
    TrainingError,
    UnknownClassificationError,
    VectorCacheError,
)
