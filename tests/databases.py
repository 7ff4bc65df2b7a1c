"""Databases for tests: a file, or a database of its own on a PostgreSQL server, which is dropped at the end."""

import asyncio
import getpass
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg
from needs import missing

from bot.core.turn import Entry, Record
from bot.stores.database import Database
from bot.stores.tables import metadata, records

SERVER = os.environ.get("HOCSO_TEST_POSTGRES", f"postgresql://{getpass.getuser()}@127.0.0.1:5432/test")
KINDS = ("sqlite", "postgresql")


async def say(statement: str, url: str = SERVER) -> None:
    """Have the server do something."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def database_url(kind: str) -> Iterator[str]:
    """A database nobody else uses: its URL."""
    if kind == "sqlite":
        yield "sqlite"
        return
    name = f"hocso_{uuid.uuid4().hex}"
    try:
        asyncio.run(say(f"CREATE DATABASE {name}"))
    except (OSError, asyncpg.PostgresError):
        missing("PostgreSQL server")
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}"
    finally:
        asyncio.run(say(f"DROP DATABASE {name} WITH (FORCE)"))


async def kept(database: Database) -> dict[str, list[Entry]]:
    """All that is kept of everybody, by account."""
    async with database.reading() as connection:
        rows = (await connection.execute(records.select().order_by(records.c.turn, records.c.place))).all()
        names = (await connection.exec_driver_sql("SELECT learner, name FROM accounts")).all()
    by_learner: dict[int, dict[int, list[Any]]] = {}
    for row in rows:
        by_learner.setdefault(row.learner, {}).setdefault(row.turn, []).append(row)
    names_of = {row.learner: row.name for row in names}
    return {names_of[learner]: [_entry(turn) for turn in turns.values()] for learner, turns in by_learner.items()}


async def everything(database: Database) -> str:
    """All rows of all tables, as text: to look for what must not be there."""
    said = []
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            said += [f"{table.name}: {row}" for row in await connection.execute(table.select())]
    return "\n".join(said)


def _entry(rows: Sequence[Any]) -> Entry:
    assert [row.place for row in rows] == list(range(len(rows)))
    told = tuple(
        Record(row.kind, row.lesson, row.step, row.choice, row.was_right, row.first_try, row.assisted) for row in rows
    )
    return Entry(rows[0].turn, rows[0].minute, rows[0].day, told)
