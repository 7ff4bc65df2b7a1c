"""The tables of the records. docs/records.md says of each column what it holds; migrations/ makes them.

Minutes are counted since 1970-01-01 UTC, days since 1970-01-01 in Vietnam, as in the journal. No table but
`accounts` holds an account's address, and nothing that makes figures reads that one.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

HEAD = "0008"  # the latest migration

EMPTY = text("''")
SEATED = text("kind IN ('seated', 'left', 'became', 'closed')")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

teams = Table(
    "teams",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("commune", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("since_day", Integer, nullable=False),
    Column("ended_day", Integer),
    Column("code", Text),
    Column("edition", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("commune", "name"),
    Index("ix_teams_code", "code", unique=True),
    Index("ix_teams_edition", "edition"),
)

learners = Table(
    "learners",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False, server_default=EMPTY),
    Column("lang", Text),
    Column("listens", Boolean, nullable=False, server_default=false()),
    Column("path", Text, nullable=False, server_default=EMPTY),
    Column("team", Integer, ForeignKey("teams.id"), index=True),
    Column("consent", SmallInteger),
    Column("agreed_day", Integer),
    Column("first_minute", Integer, nullable=False),
    Column("first_turn", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("called", Text),
    postgresql_with={"fillfactor": 80},  # rows that change with nearly every batch find room beside themselves
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("learner", BigInteger, ForeignKey("learners.id", ondelete="CASCADE"), nullable=False, index=True),
)

# No foreign key to learners: it would cost each row a look. `writing.forget` is what deletes.
records = Table(
    "records",
    metadata,
    Column("learner", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("was_right", Boolean),
    Column("first_try", Boolean),
    Column("assisted", Boolean, nullable=False, server_default=false()),
    Column("minute", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lesson", Text, nullable=False, server_default=EMPTY),
    Column("step", Text, nullable=False, server_default=EMPTY),
    Column("choice", Text, nullable=False, server_default=EMPTY),
    Index("ix_records_day", "day", postgresql_using="brin"),  # rows come in the order of days: it takes next to nothing
    Index("ix_records_lesson_day", "lesson", "day"),
    # Who learns on which accounts is told by so few records that they are found among all the others only so.
    Index("ix_records_seats", "learner", sqlite_where=SEATED, postgresql_where=SEATED),
    sqlite_with_rowid=False,
)

standings = Table(
    "standings",
    metadata,
    Column("learner", BigInteger, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("turn", Integer, nullable=False),
    Column("progress", LargeBinary, nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("shard", Text, primary_key=True),
    Column("position", Text, primary_key=True),
    Column("learner", BigInteger, index=True),
    Column("minute", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)

helpers = Table(
    "helpers",
    metadata,
    Column("learner", BigInteger, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("team", Integer, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("since_day", Integer, nullable=False),
)

office_people = Table(
    "office_people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("area", Text, nullable=False, server_default=EMPTY),
    Column("since_day", Integer, nullable=False),
    Column("ended_day", Integer),
    Column("badge", BigInteger),
    Column("learner", BigInteger),  # without a foreign key, as in `records`: `writing` strikes it
    Index("ix_office_people_badge", "badge", unique=True),
    Index("ix_office_people_learner", "learner"),
    CheckConstraint("role IN ('helper', 'editor', 'official', 'operator', 'volunteer')", name="role"),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False),
    Column("lang", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("step", Text, nullable=False, server_default=EMPTY),
    Column("address", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("written", Text, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=EMPTY),
    Column("editor", Integer, ForeignKey("office_people.id")),
    Column("decided", Integer),
    Column("sound", LargeBinary),
    UniqueConstraint("person", "lang", "text"),
    CheckConstraint("state IN ('waiting', 'approved', 'refused', 'gone')", name="state"),
    Index("ix_readings_state", "state"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lesson", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("author", Integer, ForeignKey("office_people.id")),
    Column("content", Text, nullable=False),
    Index("ix_revisions_lesson_lang_id", "lesson", "lang", "id"),
)

# A text that an editor hasn't published yet. `base` is the revision it began from; none of a new file.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lesson", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False),
    Column("minute", Integer, nullable=False),
    Column("edition", Integer, nullable=False, server_default=text("1")),
    Column("base", Integer, ForeignKey("revisions.id")),
    Column("publishing", Integer),
    Column("content", Text, nullable=False),
    Index("ix_drafts_lesson_lang", "lesson", "lang"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("minute", Integer, nullable=False, index=True),
    Column("who", Integer, ForeignKey("office_people.id")),
    Column("did", Text, nullable=False),
    Column("to_what", Text, nullable=False, server_default=EMPTY),
)

# Marks are SHA-256 of what only the browser, or whoever was sent the link, has.
office_links = Table(
    "office_links",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False),
    Column("until", Integer, nullable=False),
)

office_chats = Table(
    "office_chats",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False, index=True),
    Column("badge", BigInteger, nullable=False),
    Column("until", Integer, nullable=False),
    Column("taken", Text),
)

office_visits = Table(
    "office_visits",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False, index=True),
    Column("since", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
)

office_keys = Table(
    "office_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Integer, ForeignKey("office_people.id"), nullable=False, index=True),
    Column("host", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("since_day", Integer, nullable=False),
    Column("seen_day", Integer),
)

office_challenges = Table(
    "office_challenges",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("visit", Text, nullable=False),
    Column("until", Integer, nullable=False),
)

office_tries = Table(
    "office_tries",
    metadata,
    Column("who", Text, primary_key=True),
    Column("since", Integer, nullable=False),
    Column("number", Integer, nullable=False),
)

released_counts = Table(
    "released_counts",
    metadata,
    Column("until", Integer, primary_key=True, autoincrement=False),
    Column("counts", LargeBinary, nullable=False),
)

released_figures = Table(
    "released_figures",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("figures", LargeBinary, nullable=False),
)
