"""Texts of lessons that editors haven't published yet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the drafts."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("base", sa.Integer),
        sa.Column("publishing", sa.Integer),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["person"], ["office_people.id"], name="fk_drafts_person"),
        sa.ForeignKeyConstraint(["base"], ["revisions.id"], name="fk_drafts_base"),
    )
    op.create_index("ix_drafts_lesson_lang", "drafts", ["lesson", "lang"])
