"""People of the office are known in the chat: by codes that are taken up there once, and by a badge."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make room for both."""
    op.add_column("office_people", sa.Column("badge", sa.BigInteger))
    op.add_column("office_people", sa.Column("learner", sa.BigInteger))
    op.create_index("ix_office_people_badge", "office_people", ["badge"], unique=True)
    op.create_index("ix_office_people_learner", "office_people", ["learner"])
    op.create_table(
        "office_chats",
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("badge", sa.BigInteger, nullable=False),
        sa.Column("until", sa.Integer, nullable=False),
        sa.Column("taken", sa.Text),
        sa.PrimaryKeyConstraint("mark", name="pk_office_chats"),
        sa.ForeignKeyConstraint(["person"], ["office_people.id"], name="fk_office_chats_person"),
    )
    op.create_index("ix_office_chats_person", "office_chats", ["person"])
