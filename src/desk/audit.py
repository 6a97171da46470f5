"""The live audit: a random share of automatic decisions is asked back, and a promise they contradict is withdrawn."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from classifier import Promise, contradicts
from desk.answers import AuditAnswer, ClassificationAnswer, ReasonAnswer, ReasonCode
from journal import Audit, Journal, JournalError

PATIENCE: Final = timedelta(days=14)
"""How long an unanswered draw counts as right. Contradictions come sooner than confirmations, so without patience the
first answers would speak against every model."""
_FRESH_SECONDS: Final = 2.0

Standing: TypeAlias = Literal["kept", "withdrawn", "unchecked"]

log = logging.getLogger(__name__)


class PromiseAudit:
    """Draws decisions, and keeps in mind for two seconds how each model version's promise stands in the journal.

    Safe to share between threads; other processes learn of a withdrawal from the journal.
    """

    def __init__(self, journal: Callable[[], Journal], *, share: float) -> None:
        self._journal = journal
        self._share = share
        self._chance = random.SystemRandom()  # no two worker processes draw alike
        self._known: dict[str, tuple[float, Standing]] = {}

    def audited(
        self, answers: Sequence[ClassificationAnswer], version: str, promise: Promise
    ) -> list[ClassificationAnswer]:
        """The answers as they may leave: some drawn for the audit, none automatic where the promise does not stand."""
        if promise.threshold is None:
            return list(answers)
        standing = self.standing(version, promise)
        return [self._audited(answer, standing) for answer in answers]

    def standing(self, version: str, promise: Promise, *, anew: bool = False) -> Standing:
        """How a version's promise stands: unchecked where the journal cannot be read or written.

        What was found at most two seconds ago is not read again, unless ``anew``.
        """
        looked, standing = self._known.get(version, (-_FRESH_SECONDS, "unchecked"))
        if anew or time.monotonic() - looked >= _FRESH_SECONDS:
            standing = self._look(version, promise)
            self._known[version] = (time.monotonic(), standing)
        return standing

    def told(self, version: str) -> AuditAnswer | None:
        """What has been asked and answered so far; None where the journal cannot be read."""
        try:
            audit = self._journal().audit(version)
        except JournalError as error:
            log.error("audit unreadable model=%s error=%s", version, error)  # noqa: TRY400 - the message says it all
            return None
        return AuditAnswer(
            n_drawn=len(audit.draws),
            n_answered=audit.n_answered,
            n_wrong=audit.n_wrong,
            withdrawn_since=audit.withdrawn,
        )

    def _look(self, version: str, promise: Promise) -> Standing:
        try:
            audit = self._journal().audit(version)
            if audit.withdrawn is not None:
                return "withdrawn"
            if not contradicts(_outcomes(audit), promise):
                return "kept"
            first = self._journal().withdraw_promise(version)
        except JournalError as error:
            log.error("promise unchecked model=%s error=%s", version, error)  # noqa: TRY400 - the message says it all
            return "unchecked"
        if first:
            log.warning(
                "promise withdrawn model=%s n_drawn=%d n_answered=%d n_wrong=%d max_error=%s",
                version,
                len(audit.draws),
                audit.n_answered,
                audit.n_wrong,
                promise.max_error,
            )
        return "withdrawn"

    def _audited(self, answer: ClassificationAnswer, standing: Standing) -> ClassificationAnswer:
        decision = answer.decision
        if standing == "withdrawn":
            decision = decision.model_copy(update={"promise": None, "certain": []})
        if decision.action == "auto":
            changes: dict[str, object] = {"audit": self._chance.random() < self._share}
            if standing != "kept":
                reason = ReasonCode.PROMISE_WITHDRAWN if standing == "withdrawn" else ReasonCode.PROMISE_UNCHECKED
                changes = {"action": "suggest", "reasons": [ReasonAnswer(code=reason)]}
            decision = decision.model_copy(update=changes)
        return answer.model_copy(update={"decision": decision})


def _outcomes(audit: Audit) -> list[bool | None]:
    """Whether each draw was wrong: right while it may still be answered, None when nobody ever did."""
    oldest = datetime.now(UTC) - PATIENCE
    return [False if draw.wrong is None and draw.time > oldest else draw.wrong for draw in audit.draws]
