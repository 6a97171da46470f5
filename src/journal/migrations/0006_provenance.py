"""How a correction came about: an agent, a customer, a confirmation or a rule."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of what was corrected before nobody said it."""
    op.add_column("journal_correction", sa.Column("provenance", sa.String(16)))
