"""Proofs of what was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "journal_forgetting",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("begun", sa.DateTime, nullable=False),
        sa.Column("done", sa.DateTime),
        sa.Column("counts", sa.JSON),
        sa.Column("models", sa.JSON, nullable=False),
    )
