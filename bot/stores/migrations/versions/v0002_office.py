"""The office: helpers among its people, one-time links, visits, passkeys, tries that failed; released figures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROLES = "role IN ('helper', 'editor', 'official', 'operator')"


def upgrade() -> None:
    """Let helpers in; make the tables of signing in and of released figures."""
    _let_helpers_in()
    op.create_table(
        "office_links",
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("until", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_office_links"),
        sa.ForeignKeyConstraint(["person"], ["office_people.id"], name="fk_office_links_person"),
    )
    op.create_table(
        "office_visits",
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_office_visits"),
        sa.ForeignKeyConstraint(["person"], ["office_people.id"], name="fk_office_visits_person"),
    )
    op.create_index("ix_office_visits_person", "office_visits", ["person"])
    op.create_table(
        "office_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since_day", sa.Integer, nullable=False),
        sa.Column("seen_day", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_office_keys"),
        sa.ForeignKeyConstraint(["person"], ["office_people.id"], name="fk_office_keys_person"),
    )
    op.create_index("ix_office_keys_person", "office_keys", ["person"])
    op.create_table(
        "office_challenges",
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("visit", sa.Text, nullable=False),
        sa.Column("until", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_office_challenges"),
    )
    op.create_table(
        "office_tries",
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_office_tries"),
    )
    op.create_table(
        "released_counts",
        sa.Column("until", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("counts", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("until", name="pk_released_counts"),
    )
    op.create_table(
        "released_figures",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("figures", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_released_figures"),
    )


def _let_helpers_in() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_office_people_role", "office_people", type_="check")
        op.create_check_constraint("ck_office_people_role", "office_people", _ROLES)
        return
    # SQLite makes the table anew. Nobody has written into it before this step, so no row refers to it.
    shape = sa.Table(
        "office_people",
        sa.MetaData(),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("since_day", sa.Integer, nullable=False),
        sa.Column("ended_day", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_office_people"),
        sa.CheckConstraint(_ROLES, name="ck_office_people_role"),
    )
    with op.batch_alter_table("office_people", copy_from=shape, recreate="always"):
        pass
