"""What a challenger would have answered, beside what was decided and what people said of it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Connection, func, insert, select

from journal.schema import corrections, decisions, shadows
from tickets import Labels

Session: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRecord:
    """What one model would have answered to a ticket that another one decided."""

    classification_id: str
    model: str
    action: str
    labels: Labels
    time: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowedDecision:
    """A decision beside the challenger's, and the labels people said are right; none where nobody did."""

    action: str
    labels: Labels
    shadow_action: str
    shadow_labels: Labels
    said: Labels


class Shadows:
    """The challengers' answers in one journal."""

    def __init__(self, reading: Session, writing: Session) -> None:
        self._reading, self._writing = reading, writing

    def record(self, records: Sequence[ShadowRecord]) -> None:
        """Remember all these answers; those whose decision was erased in the meantime are not kept."""
        if not records:
            return
        with self._writing() as connection:
            ids = [record.classification_id for record in records]
            known = set(connection.scalars(select(decisions.c.id).where(decisions.c.id.in_(ids))))
            kept = [
                {"classification_id": record.classification_id, "model": record.model, "time": record.time}
                | {"action": record.action, "labels": dict(record.labels)}
                for record in records
                if record.classification_id in known
            ]
            if kept:
                connection.execute(insert(shadows), kept)

    def compared(self, model: str, *, since: datetime) -> list[ShadowedDecision]:
        """Every decision since then that this challenger has scored too, oldest first."""
        chosen = (shadows.c.model == model) & (shadows.c.time >= since)
        theirs = (
            select(corrections.c.classification_id, corrections.c.labels)
            .join(shadows, shadows.c.classification_id == corrections.c.classification_id)
            .where(chosen)
            .order_by(corrections.c.time, corrections.c.id)
        )
        pairs = (
            select(
                decisions.c.id,
                decisions.c.action,
                decisions.c.labels,
                shadows.c.action.label("shadow_action"),
                shadows.c.labels.label("shadow_labels"),
            )
            .join(shadows)
            .where(chosen)
            .order_by(decisions.c.time, decisions.c.id)
        )
        said: dict[str, dict[str, str]] = {}
        with self._reading() as connection:
            for classification_id, labels in connection.execute(theirs):
                said.setdefault(classification_id, {}).update(labels)
            return [
                ShadowedDecision(
                    action=row.action,
                    labels=row.labels,
                    shadow_action=row.shadow_action,
                    shadow_labels=row.shadow_labels,
                    said=said.get(row.id, {}),
                )
                for row in connection.execute(pairs)
            ]

    def n_decided(self, model: str, *, since: datetime) -> int:
        """How many decisions other models than this one have made since then."""
        chosen = (decisions.c.time >= since) & decisions.c.model.is_not(None) & (decisions.c.model != model)
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(decisions).where(chosen)) or 0
