"""What tells who learns on which accounts is found without reading all records."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add an index of those records alone."""
    told = sa.text("kind IN ('seated', 'left', 'became', 'closed')")
    op.create_index("ix_records_seats", "records", ["learner"], sqlite_where=told, postgresql_where=told)
