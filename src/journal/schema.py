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
    LargeBinary,
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


class Readable(TypeDecorator[str]):
    """Words that every database keeps alike: half a character and NUL, which some refuse, are replaced.

    PostgreSQL keeps no NUL, and nothing that is not UTF-8.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The words to store, or to compare with what is stored."""
        return None if value is None else readable(value)


class ReadableText(Readable):
    """`Readable` of any length."""

    impl = Text
    cache_ok = True


def readable(words: str) -> str:
    """Words without what some databases refuse."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")


metadata = MetaData()

revisions = Table("journal_revision", MetaData(), Column("version_num", String(32), primary_key=True))
"""Which revision the tables have; Alembic makes and writes this one."""

versions = Table("journal_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))
"""What told a journal's version before there were revisions; 2 since, so that such a Stellwerk refuses it."""

decisions = Table(
    "journal_decision",
    metadata,
    Column("id", Readable(255), primary_key=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("ticket_id", Readable(255), index=True),
    Column("customer", Readable(255), index=True),
    Column("ticket", JSON, nullable=False),
    Column("predictions", JSON, nullable=False),
    Column("action", String(16), nullable=False),
    Column("labels", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("model", Readable(255)),
)

corrections = Table(
    "journal_correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("classification_id", ForeignKey(decisions.c.id), nullable=False, index=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("labels", JSON, nullable=False),
    Column("source", Readable(255)),
    # Nothing where nobody said; then it is read from the labels.
    Column("provenance", String(16)),
)

audits = Table(
    "journal_audit",
    metadata,
    # Goes with its decision, also where an older Stellwerk, which does not know this table, erases it.
    Column("classification_id", ForeignKey(decisions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", Readable(255), nullable=False, index=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("wrong", Boolean),
)

withdrawals = Table(
    "journal_withdrawal",
    metadata,
    Column("model", Readable(255), primary_key=True),
    Column("time", UtcTime, nullable=False),
)

documents = Table(
    "journal_document",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("id", Readable(512), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("customer", Readable(255), index=True),
    Column("time", UtcTime, nullable=False),
    Column("source", ReadableText),
    Column("file", ReadableText),
    # Nothing where the document was removed and must still leave the index.
    Column("content", JSON(none_as_null=True)),
)

document_home = Table(
    "journal_document_home",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", ReadableText, nullable=False),
)

votes = Table(
    "journal_vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("query", ReadableText, nullable=False),
    Column("hit_id", Readable(255), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
)

acts = Table(
    "journal_act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("time", UtcTime, nullable=False, index=True),
    Column("actor", Readable(255), nullable=False),
    Column("act", String(64), nullable=False),
    Column("subject", Readable(512)),
    Column("outcome", String(16), nullable=False),
)

requests = Table(
    "journal_request",
    metadata,
    Column("actor", Readable(255), primary_key=True),
    Column("key", Readable(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("time", UtcTime, nullable=False, index=True),
    # Who is at it: one that was overtaken writes no answer.
    Column("claim", String(32), nullable=False),
    # Nothing while it is being done.
    Column("status", Integer),
    Column("content_type", String(255)),
    # Nothing where the answer was erased.
    Column("content", LargeBinary),
)

duties = Table(
    "journal_duty",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("time", UtcTime, nullable=False),
)
"""When what one process does for all was done last."""

keys = Table(
    "journal_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Readable(255), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    # Nothing where the key is bound to no customer and sees the tickets of all.
    Column("customers", JSON(none_as_null=True)),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("used_on", UtcTime),
)

sessions = Table(
    "journal_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("key_id", ForeignKey(keys.c.id), nullable=False, index=True),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

forgettings = Table(
    "journal_forgetting",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("subject", String(16), nullable=False),
    # Nothing once all is erased.
    Column("name", ReadableText),
    Column("name_hash", String(64), nullable=False),
    Column("actor", Readable(255), nullable=False),
    Column("begun", UtcTime, nullable=False),
    Column("done", UtcTime),
    Column("counts", JSON(none_as_null=True)),
    Column("models", JSON, nullable=False),
)
shadows = Table(
    "journal_shadow",
    metadata,
    Column("classification_id", ForeignKey(decisions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", Readable(255), primary_key=True, index=True),
    Column("time", UtcTime, nullable=False),
    Column("action", String(16), nullable=False),
    Column("labels", JSON, nullable=False),
)
"""What a challenger would have answered; no word of a ticket, and gone with its decision."""
