"""The journal's tables, and their version."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA_VERSION = 1
"""Raised with every change of the tables; a journal of another version is refused, never guessed at."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC in databases that know no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time to store: UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time that was stored, with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

versions = Table("journal_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

decisions = Table(
    "journal_decision",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("time", UtcTime, nullable=False),
    Column("ticket_id", String(255), index=True),
    Column("customer", String(255), index=True),
    Column("ticket", JSON, nullable=False),
    Column("predictions", JSON, nullable=False),
    Column("action", String(16), nullable=False),
    Column("labels", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("model", String(255)),
)

corrections = Table(
    "journal_correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("classification_id", ForeignKey(decisions.c.id), nullable=False, index=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("labels", JSON, nullable=False),
    Column("source", String(255)),
)

votes = Table(
    "journal_vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("time", UtcTime, nullable=False),
    Column("query", Text, nullable=False),
    Column("hit_id", String(255), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
)
