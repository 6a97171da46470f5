"""The journal's tables as they are after the newest revision in `journal.migrations`."""

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

revisions = Table("journal_revision", MetaData(), Column("version_num", String(32), primary_key=True))
"""Which revision the tables have; Alembic makes and writes this one."""

versions = Table("journal_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))
"""What told a journal's version before there were revisions."""

decisions = Table(
    "journal_decision",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("time", UtcTime, nullable=False, index=True),
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

audits = Table(
    "journal_audit",
    metadata,
    # Goes with its decision, also where an older Stellwerk, which does not know this table, erases it.
    Column("classification_id", ForeignKey(decisions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", String(255), nullable=False, index=True),
    Column("time", UtcTime, nullable=False),
    Column("wrong", Boolean),
)

withdrawals = Table(
    "journal_withdrawal",
    metadata,
    Column("model", String(255), primary_key=True),
    Column("time", UtcTime, nullable=False),
)

documents = Table(
    "journal_document",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("id", String(512), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("customer", String(255), index=True),
    Column("time", UtcTime, nullable=False),
    Column("source", Text),
    Column("file", Text),
    # Nothing where the document was removed and must still leave the index.
    Column("content", JSON(none_as_null=True)),
)

document_home = Table(
    "journal_document_home",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
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

shadows = Table(
    "journal_shadow",
    metadata,
    Column("classification_id", ForeignKey(decisions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", String(255), primary_key=True, index=True),
    Column("time", UtcTime, nullable=False),
    Column("action", String(16), nullable=False),
    Column("labels", JSON, nullable=False),
)
"""What a challenger would have answered; no word of a ticket, and gone with its decision."""
