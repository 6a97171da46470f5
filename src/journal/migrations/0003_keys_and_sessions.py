"""Keys that let programs and people in, and sessions begun with them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "journal_key",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("customers", sa.JSON),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("used_on", sa.DateTime),
    )
    op.create_table(
        "journal_session",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("journal_key.id"), nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    for column in ("key_id", "expires_at"):
        op.create_index(f"ix_journal_session_{column}", "journal_session", [column])
