"""Train anew when people, drift or a broken promise ask for it; one at a time, and only through the gates."""

import json
import logging
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from classifier import Manifest, ModelShelf, OnProgress, TrainingPlan, fingerprint, forgotten, kept_answers
from desk.comparing import kept_verdict
from desk.errors import DeskError
from desk.feedback import with_feedback
from desk.privacy import Privacy
from desk.settings import Settings
from desk.trail import acting_alone
from desk.training import TrainingAnswer, conclude, train
from journal import Journal, JudgedDecision
from tickets import SolvedTicket, Taxonomy

LEAST_CORRECTIONS: Final = 100
_FILE: Final = "retraining.json"
_LOCK: Final = ".retraining.lock"
_RECENT: Final = timedelta(days=30)
_MOST: Final = 5_000
_FEWEST_DECISIONS: Final = 200
_STRANGE: Final = 0.05
"""Share of tickets unlike the history from which it has drifted; a new model says so of 0.02 of its own desk's."""
_Z: Final = 1.6448536269514722
"""Of a one-sided bound of 95 %."""

log = logging.getLogger(__name__)


class RetrainingStateError(DeskError):
    """What the last retraining left cannot be read."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} cannot be read; delete it, and the next retraining begins anew")


class ReasonToTrain(BaseModel):
    """Why a model is to be trained."""

    model_config = ConfigDict(frozen=True)

    code: Literal["no_model", "corrections", "drift", "promise", "forgotten", "interrupted"]
    detail: str


class RetrainingAnswer(BaseModel):
    """What a retraining found and did."""

    model_config = ConfigDict(frozen=True)

    outcome: Literal["nothing to do", "would train", "busy", "kept back", "promoted"]
    reasons: list[ReasonToTrain]
    detail: str
    version: str | None = Field(default=None, description="the candidate; null where none was trained")
    training: TrainingAnswer | None = Field(default=None, description="null where an interrupted one was concluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The last retraining: when it began, of which data and plan, and how it ended; open where it did not end."""

    begun: str
    data: str
    plan: str
    version: str | None = None
    ended: str | None = None


def retrain(
    settings: Settings,
    read: Callable[[], Sequence[SolvedTicket]],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    source: str,
    least_corrections: int = LEAST_CORRECTIONS,
    dry_run: bool = False,
    progress: OnProgress | None = None,
) -> RetrainingAnswer:
    """Train on the history and all corrections where something asks for it, and promote what passes the gates.

    A second one that runs at the same time does nothing. One that was killed is taken up by the next: a candidate that
    stands on the shelf is judged, an unfinished training begins again.

    Parameters
    ----------
    read : callable
        Gives the history; called only where it is needed.
    """
    settings.models.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.models / _LOCK, timeout=0):
            last = _last(settings)
            reasons = reasons_to_train(settings, last, least_corrections=least_corrections)
            if not reasons:
                return RetrainingAnswer(outcome="nothing to do", reasons=[], detail=_no_reason(least_corrections))
            if dry_run:
                return RetrainingAnswer(outcome="would train", reasons=reasons, detail="a dry run trains nothing")
            return _retrained(settings, read(), last, reasons, taxonomy, plan, source, progress)
    except Timeout:
        return RetrainingAnswer(outcome="busy", reasons=[], detail="another retraining is at work; it was left alone")


def reasons_to_train(
    settings: Settings, last: Attempt | None, *, least_corrections: int = LEAST_CORRECTIONS
) -> list[ReasonToTrain]:
    """What asks for a new model since the champion, and the last attempt to replace it."""
    shelf, reasons = ModelShelf(settings.models), []
    if last is not None and last.ended is None:
        reasons.append(ReasonToTrain(code="interrupted", detail=f"the retraining begun at {last.begun} did not end"))
    if (version := shelf.champion) is None:
        return [*reasons, ReasonToTrain(code="no_model", detail="no model serves yet")]
    champion = shelf.manifest(version)
    if since := forgotten(settings.models / version).since:
        reasons.append(ReasonToTrain(code="forgotten", detail=f"tickets it learned from are forgotten since {since}"))
    if not Journal.exists(settings.journal):
        return reasons
    with Journal.open(settings.journal) as journal:
        return [*reasons, *_said_by_journal(journal, champion, last, least_corrections)]


def _said_by_journal(
    journal: Journal, champion: Manifest, last: Attempt | None, least_corrections: int
) -> list[ReasonToTrain]:
    reasons = []
    ended = datetime.fromisoformat(last.ended) if last and last.ended else champion.trained_at
    n_corrected = journal.feedback.n_corrected(since=max(champion.trained_at, ended))
    if n_corrected >= least_corrections:
        detail = f"{n_corrected} tickets were corrected or confirmed since the last training"
        reasons.append(ReasonToTrain(code="corrections", detail=detail))
    audit = journal.audit(champion.version)
    if audit.withdrawn is not None:
        detail = f"the promise is withdrawn since {audit.withdrawn}: {audit.n_wrong} of {audit.n_answered} were wrong"
        reasons.append(ReasonToTrain(code="promise", detail=detail))
    recent = journal.feedback.recent(datetime.now(UTC) - _RECENT, limit=_MOST)
    flags = [_is_strange(one) for one in recent if one.decision.model == champion.version]
    if len(flags) >= _FEWEST_DECISIONS and at_least(sum(flags), len(flags)) > _STRANGE:
        detail = f"{sum(flags)} of the last {len(flags)} tickets are unlike the history"
        reasons.append(ReasonToTrain(code="drift", detail=detail))
    return reasons


def at_least(n_found: int, n: int) -> float:
    """A lower bound of a share with 95 % confidence, where ``n_found`` of ``n`` were found.

    References
    ----------
    E. B. Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference.
    """
    share, weight = n_found / n, _Z**2 / n
    return (share + weight / 2 - _Z * math.sqrt(share * (1 - share) / n + weight / (4 * n))) / (1 + weight)


def _is_strange(one: JudgedDecision) -> bool:
    return any(reason.code == "no_similar_history" for reason in one.decision.reasons)


def _retrained(
    settings: Settings,
    solved: Sequence[SolvedTicket],
    last: Attempt | None,
    reasons: list[ReasonToTrain],
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    source: str,
    progress: OnProgress | None,
) -> RetrainingAnswer:
    judged = _judged(settings)
    together, _ = with_feedback(Privacy(settings).solved(solved), judged, taxonomy)
    data, planned = fingerprint(together), json.dumps(plan.as_record(), sort_keys=True)
    if last is not None and last.ended is not None and (last.data, last.plan) == (data, planned):
        detail = f"the same tickets were learned from at {last.ended}, as {last.version}; new ones must come first"
        return RetrainingAnswer(outcome="nothing to do", reasons=reasons, detail=detail)
    begun = last.begun if last is not None and last.ended is None else datetime.now(UTC).isoformat()
    attempt = Attempt(begun=begun, data=data, plan=planned)
    _write(settings, attempt)
    candidate = _unjudged(settings, attempt)
    with acting_alone(settings, "retrain", ", ".join(reason.code for reason in reasons)):
        if candidate is not None:
            training, version = None, candidate.version
            promoted = conclude(settings, candidate, together, promote=True, source=source).promoted
        else:
            training = train(
                settings,
                solved,
                taxonomy=taxonomy,
                plan=plan,
                promote=True,
                source=source,
                judged=judged,
                progress=progress,
            )
            version, promoted = training.version, training.promoted
    _write(settings, Attempt(**asdict(attempt) | {"version": version, "ended": datetime.now(UTC).isoformat()}))
    verdict = kept_verdict(settings.models / version)
    return RetrainingAnswer(
        outcome="promoted" if promoted else "kept back",
        reasons=reasons,
        detail="; ".join(verdict.reasons) if verdict else "",
        version=version,
        training=training,
    )


def _unjudged(settings: Settings, attempt: Attempt) -> Manifest | None:
    """A whole candidate that an interrupted attempt on the same data and plan left without a verdict."""
    for one in ModelShelf(settings.models).manifests():
        folder = settings.models / one.version
        is_its = one.trained_at.isoformat() >= attempt.begun and one.data_fingerprint == attempt.data
        if is_its and json.dumps(one.plan, sort_keys=True) == attempt.plan and kept_answers(folder) is not None:
            return one
    return None


def _judged(settings: Settings) -> list[JudgedDecision]:
    if not Journal.exists(settings.journal):
        return []
    with Journal.open(settings.journal) as journal:
        return journal.feedback.judged()


def _no_reason(least_corrections: int) -> str:
    return (
        f"fewer than {least_corrections} tickets were corrected since the last training, the promise stands, "
        "and tickets are like the history"
    )


def _last(settings: Settings) -> Attempt | None:
    file = settings.models / _FILE
    try:
        return Attempt(**json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise RetrainingStateError(file) from error


def _write(settings: Settings, attempt: Attempt) -> None:
    draft = settings.models / f".{_FILE}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(attempt), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(settings.models / _FILE)
