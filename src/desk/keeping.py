"""How long one desk keeps what its journal holds, and the removal of what is older."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from desk.settings import Settings
from desk.trail import ITSELF, AuditTrail
from journal import Journal, Periods

log = logging.getLogger(__name__)
_Count = Annotated[int, Field(ge=0)]


class RetentionAnswer(BaseModel):
    """How many of each kind were removed for their age."""

    model_config = ConfigDict(frozen=True)

    decisions: _Count
    corrections: _Count = Field(description="beside those that went with their decision")
    audits: _Count = Field(description="beside those that went with their decision")
    votes: _Count
    requests: _Count = Field(description="answers kept under an `Idempotency-Key`")
    acts: _Count = Field(description="of the audit trail")


class Keeping:
    """The periods that the settings name, enforced on the journal."""

    def __init__(self, settings: Settings, journal: Callable[[], Journal], trail: AuditTrail) -> None:
        self._settings, self._journal, self._trail = settings, journal, trail

    def enforce_daily(self) -> None:
        """Remove what is too old, once a day, by one of all processes that ask.

        Where the clock says that more than 45 days went by since, it is doubted, and nothing is removed.
        """
        now, retention = datetime.now(UTC), self._journal().retention
        gap = retention.gap(now)
        if not retention.is_due(now):
            return
        if gap is not None:
            log.error("nothing removed for its age, is the clock right? days=%d cure=stellwerk retain", gap.days)
            return
        self.enforce(actor=ITSELF)

    def enforce(self, *, actor: str) -> RetentionAnswer:
        """Remove what is too old now."""
        with self._trail.acting("retain", actor=actor):
            removed = self._journal().retention.enforce(_periods(self._settings), datetime.now(UTC))
        log.info("removed for its age %s", " ".join(f"{kind}={n}" for kind, n in removed.items()))
        return RetentionAnswer(**removed)


def _periods(settings: Settings) -> Periods:
    return Periods(
        decisions=_days(settings.retain_decisions_days),
        corrections=_days(settings.retain_corrections_days),
        audits=_days(settings.retain_audits_days),
        votes=_days(settings.retain_votes_days),
        requests=timedelta(hours=settings.idempotency_hours),
        acts=_days(settings.retain_audit_trail_days),
    )


def _days(n_days: int) -> timedelta | None:
    return timedelta(days=n_days) if n_days else None
