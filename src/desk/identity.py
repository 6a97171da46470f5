"""Who asks, and what they may do: scopes, and the customers whose tickets they see."""

from dataclasses import dataclass
from enum import StrEnum

from desk.errors import DeskError


class Scope(StrEnum):
    """What a key or token may be used for; the list is closed."""

    CLASSIFY = "classify"
    SEARCH = "search"
    FEEDBACK = "feedback"
    KNOWLEDGE = "knowledge"
    MODELS = "models"
    METRICS = "metrics"
    ADMIN = "admin"
    """Everything."""


CUSTOMER_SCOPES = frozenset({Scope.CLASSIFY, Scope.SEARCH, Scope.FEEDBACK, Scope.KNOWLEDGE})
"""What may be bound to customers; the others concern all of them."""


class UnknownCredentialError(DeskError):
    """A key, token or session opens nothing; the message says what to do and repeats nothing of it."""


class IssuerError(DeskError):
    """Nobody can tell whether a token is good, because its issuer does not answer as it must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks: the ``actor`` that the audit trail names, and what it may do.

    ``customers`` is None where it sees the tickets of all.
    """

    actor: str
    scopes: frozenset[Scope]
    customers: frozenset[str] | None = None

    def may(self, scope: Scope) -> bool:
        """Whether this is among what it may do."""
        if self.customers is not None and scope not in CUSTOMER_SCOPES:
            return False
        return scope in self.scopes or (self.customers is None and Scope.ADMIN in self.scopes)


TRIAL = Identity(actor="trial", scopes=frozenset({Scope.ADMIN}))
"""Whoever asks where authentication is off."""
