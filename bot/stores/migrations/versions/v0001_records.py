"""The first tables: learners and what they did, teams, the office's people, revisions, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_EMPTY = sa.text("''")


def upgrade() -> None:
    """Make all tables."""
    _teams_and_learners()
    _records()
    _office()


def _teams_and_learners() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("commune", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since_day", sa.Integer, nullable=False),
        sa.Column("ended_day", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("commune", "name", name="uq_teams_commune_name"),
    )
    op.create_table(
        "learners",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text, nullable=False, server_default=_EMPTY),
        sa.Column("lang", sa.Text),
        sa.Column("listens", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("path", sa.Text, nullable=False, server_default=_EMPTY),
        sa.Column("team", sa.Integer),
        sa.Column("consent", sa.SmallInteger),
        sa.Column("agreed_day", sa.Integer),
        sa.Column("first_minute", sa.Integer, nullable=False),
        sa.Column("first_turn", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learners"),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name="fk_learners_team"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_learners_team", "learners", ["team"])
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("learner", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
        sa.ForeignKeyConstraint(["learner"], ["learners.id"], name="fk_accounts_learner", ondelete="CASCADE"),
    )
    op.create_index("ix_accounts_learner", "accounts", ["learner"])
    op.create_table(
        "helpers",
        sa.Column("learner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("team", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("since_day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner", "team", name="pk_helpers"),
        sa.ForeignKeyConstraint(["learner"], ["learners.id"], name="fk_helpers_learner", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name="fk_helpers_team"),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("learner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("was_right", sa.Boolean),
        sa.Column("first_try", sa.Boolean),
        sa.Column("assisted", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False, server_default=_EMPTY),
        sa.Column("step", sa.Text, nullable=False, server_default=_EMPTY),
        sa.Column("choice", sa.Text, nullable=False, server_default=_EMPTY),
        sa.PrimaryKeyConstraint("learner", "turn", "place", name="pk_records"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_records_day", "records", ["day"], postgresql_using="brin")
    op.create_index("ix_records_lesson_day", "records", ["lesson", "day"])
    op.create_table(
        "standings",
        sa.Column("learner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("progress", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("learner", name="pk_standings"),
        sa.ForeignKeyConstraint(["learner"], ["learners.id"], name="fk_standings_learner", ondelete="CASCADE"),
    )
    op.create_table(
        "set_aside",
        sa.Column("shard", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("learner", sa.BigInteger),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("shard", "position", name="pk_set_aside"),
    )
    op.create_index("ix_set_aside_learner", "set_aside", ["learner"])


def _office() -> None:
    op.create_table(
        "office_people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False, server_default=_EMPTY),
        sa.Column("since_day", sa.Integer, nullable=False),
        sa.Column("ended_day", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_office_people"),
        sa.CheckConstraint("role IN ('editor', 'official', 'operator')", name="ck_office_people_role"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("author", sa.Integer),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.ForeignKeyConstraint(["author"], ["office_people.id"], name="fk_revisions_author"),
    )
    op.create_index("ix_revisions_lesson_lang_id", "revisions", ["lesson", "lang", "id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("who", sa.Integer),
        sa.Column("did", sa.Text, nullable=False),
        sa.Column("to_what", sa.Text, nullable=False, server_default=_EMPTY),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(["who"], ["office_people.id"], name="fk_audit_who"),
    )
    op.create_index("ix_audit_minute", "audit", ["minute"])
