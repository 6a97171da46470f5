"""What a challenger would have answered to tickets that the champion decided."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table, whose rows go with their decisions."""
    op.create_table(
        "journal_shadow",
        sa.Column(
            "classification_id",
            sa.String(255),
            sa.ForeignKey("journal_decision.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("model", sa.String(255), primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("labels", sa.JSON, nullable=False),
    )
    op.create_index("ix_journal_shadow_model", "journal_shadow", ["model"])
