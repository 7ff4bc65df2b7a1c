"""Teams get the code they are joined by, and the number of the change that touched them last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both. A team without a code is one that nobody can join."""
    op.add_column("teams", sa.Column("code", sa.Text))
    op.add_column("teams", sa.Column("edition", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_index("ix_teams_code", "teams", ["code"], unique=True)
    op.create_index("ix_teams_edition", "teams", ["edition"])
