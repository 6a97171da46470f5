"""Which decisions are asked back, what was answered, and which promises were withdrawn for it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from journal import rows
from journal.records import Audit, DecisionRecord, Draw
from journal.schema import audits, corrections, decisions, withdrawals
from tickets import Labels

WITH_AUDIT: Final = select(decisions, audits.c.classification_id.is_not(None).label("audit")).outerjoin(audits)
"""All decisions, and of each whether it is audited."""


def draw(connection: Connection, records: Sequence[DecisionRecord]) -> None:
    """Remember that these decisions will be asked back."""
    if records:
        connection.execute(insert(audits), [rows.of_audit(record) for record in records])


def answer(connection: Connection, classification_id: str) -> None:
    """Judge a decision anew by all that people said of it; nothing, where it is not audited."""
    decided: Labels | None = connection.scalar(
        select(decisions.c.labels).join(audits).where(decisions.c.id == classification_id)
    )
    if decided is None:
        return
    theirs = select(corrections.c.labels).where(corrections.c.classification_id == classification_id)
    said: dict[str, str] = {}
    for labels in connection.scalars(theirs.order_by(corrections.c.time, corrections.c.id)):
        said |= labels
    chosen = audits.c.classification_id == classification_id
    connection.execute(update(audits).where(chosen).values(wrong=_wrong(decided, said)))


def of_model(connection: Connection, model: str) -> Audit:
    """The audit of one model version."""
    theirs = select(audits.c.time, audits.c.wrong).where(audits.c.model == model)
    found = connection.execute(theirs.order_by(audits.c.time, audits.c.classification_id))
    return Audit(
        draws=tuple(Draw(time, wrong) for time, wrong in found),
        withdrawn=connection.scalar(select(withdrawals.c.time).where(withdrawals.c.model == model)),
    )


def withdraw(connection: Connection, model: str) -> bool:
    """Withdraw a model version's promise; whether nobody had before."""
    try:
        connection.execute(insert(withdrawals), {"model": model, "time": datetime.now(UTC)})
    except IntegrityError:
        return False
    return True


def _wrong(decided: Labels, said: Mapping[str, str]) -> bool | None:
    """Whether people contradict a decision, target by target; None while they have confirmed but a part of it."""
    if any(said.get(target, label) != label for target, label in decided.items()):
        return True
    return False if decided.keys() <= said.keys() else None
