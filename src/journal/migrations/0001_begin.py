"""The tables as they were before there were revisions; made only where missing, for such a journal may have them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    _what_was_decided()
    _what_was_said()
    _what_is_kept()


def _what_was_decided() -> None:
    op.create_table(
        "journal_version",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        if_not_exists=True,
    )
    op.create_table(
        "journal_decision",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("ticket_id", sa.String(255)),
        sa.Column("customer", sa.String(255)),
        sa.Column("ticket", sa.JSON, nullable=False),
        sa.Column("predictions", sa.JSON, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("model", sa.String(255)),
        if_not_exists=True,
    )
    for column in ("ticket_id", "customer", "time"):
        _index("journal_decision", column)
    op.create_table(
        "journal_audit",
        sa.Column(
            "classification_id",
            sa.String(255),
            sa.ForeignKey("journal_decision.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("model", sa.String(255), nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("wrong", sa.Boolean),
        if_not_exists=True,
    )
    _index("journal_audit", "model")
    op.create_table(
        "journal_withdrawal",
        sa.Column("model", sa.String(255), primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
        if_not_exists=True,
    )


def _what_was_said() -> None:
    op.create_table(
        "journal_correction",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("classification_id", sa.String(255), sa.ForeignKey("journal_decision.id"), nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.Column("source", sa.String(255)),
        if_not_exists=True,
    )
    for column in ("classification_id", "time"):
        _index("journal_correction", column)
    op.create_table(
        "journal_vote",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("hit_id", sa.String(255), nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        if_not_exists=True,
    )
    _index("journal_vote", "hit_id")


def _what_is_kept() -> None:
    op.create_table(
        "journal_document",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("id", sa.String(512), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("customer", sa.String(255)),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("file", sa.Text),
        sa.Column("content", sa.JSON),
        if_not_exists=True,
    )
    _index("journal_document", "customer")
    op.create_table(
        "journal_document_home",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, nullable=False),
        if_not_exists=True,
    )


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)
