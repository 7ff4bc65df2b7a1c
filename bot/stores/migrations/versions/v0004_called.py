"""Learners may tell the helpers of their team what they want to be called."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add it, empty: nobody was asked yet."""
    op.add_column("learners", sa.Column("called", sa.Text))
