"""Who did what, requests that must be done once, and duties that one process does for all."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and tell a Stellwerk from before revisions that this journal is not its own any more."""
    op.create_table(
        "journal_act",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(512)),
        sa.Column("outcome", sa.String(16), nullable=False),
    )
    op.create_index("ix_journal_act_time", "journal_act", ["time"])
    op.create_table(
        "journal_request",
        sa.Column("actor", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("content_type", sa.String(255)),
        sa.Column("content", sa.LargeBinary),
    )
    op.create_index("ix_journal_request_time", "journal_request", ["time"])
    op.create_table(
        "journal_duty",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
    )
    op.create_index("ix_journal_vote_time", "journal_vote", ["time"])
    op.create_index("ix_journal_audit_time", "journal_audit", ["time"])
    op.execute(sa.text("DELETE FROM journal_version"))
    op.execute(sa.text("INSERT INTO journal_version (version) VALUES (2)"))
