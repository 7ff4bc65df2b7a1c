"""Records a second from the journal into SQLite and PostgreSQL, end to end, and what a learner takes there for good.

The entries are those of a learner who goes through lessons as they are shipped, many times over. PostgreSQL is
asked for at DATABASE_URL, else at postgresql://127.0.0.1:5432/test; it gets a database of its own, dropped at the end.
"""

import argparse
import asyncio
import gc
import getpass
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import asyncpg
import msgspec
import redis.asyncio
from sqlalchemy import text

from bot.core.progress import Progress
from bot.core.talk import take_turn
from bot.core.turn import Entry, Moment, Tapped
from bot.library import read_folder
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import Journal
from bot.stores.progress import shard
from bot.stores.records import Records
from bot.stores.writing import Writer
from bot.work.journal import Consumer
from bot.work.rebuilding import rebuild_all

LESSONS = 20  # that a learner goes through
AT_ONCE = 1000  # entries sent to the store at once
MANY = 3_000_000  # learners


class Came(NamedTuple):
    """What came of one side."""

    seconds: float
    cpu: float  # seconds, of our process
    size: int  # bytes, of all tables with their indexes
    tables: dict[str, int]
    rebuilt: float  # learners a second
    pruned: float  # records a second
    again: float  # learners a second, rebuilt from what pruning left
    after: int  # bytes, once everything was pruned


def life() -> list[Entry]:
    """One learner's entries: the welcome, and lessons of which every fourth question is first answered wrong."""
    library, _ = read_folder(Path(__file__).parent.parent / "lessons")
    gc.set_threshold(100_000, 20, 100)  # as the commands do
    progress, entries = Progress(), []
    now = Moment(datetime(2026, 11, 1, 8, tzinfo=UTC))
    for number in range(LESSONS * 40):
        turn = take_turn(library, progress, Tapped(progress.turns, ""), now)
        codes = [button.code for button in turn.reply.buttons]
        asked = library.lesson(progress.lesson, progress.lang) if progress.place == "lesson" else None
        step = asked.steps[asked.index[progress.spots[progress.lesson].step]] if asked else None
        right = [code for code, choice in zip("abcdefgh", getattr(step, "choices", ()), strict=False) if choice.right]
        code = right[0] if right and number % 4 else codes[0]
        turn = take_turn(library, progress, Tapped(progress.turns, code), now)
        progress = turn.progress
        if turn.records:
            entries.append(Entry(progress.turns, now.minute, now.day, turn.records))
        now = Moment(now.at + timedelta(minutes=1 if progress.place == "lesson" else 60 * 24))
        if len(progress.done) >= LESSONS:
            break
    return entries


async def fill(url: str, learners: int, entries: list[Entry]) -> None:
    told = [msgspec.msgpack.encode(entry) for entry in entries]
    client = redis.asyncio.from_url(url)
    pipe = client.pipeline(transaction=False)
    for entry in told:  # as they come: each learner's next, not one learner after the other
        for number in range(learners):
            name = f"telegram:{1_000_000_000 + number}"
            pipe.xadd(f"{{{shard(name)}}}:journal", {"l": name, "r": entry})
            if len(pipe) >= AT_ONCE:
                await pipe.execute()
    await pipe.execute()
    await client.aclose()


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """A database of its own; the empty text where there is no server."""
    server = os.environ.get("DATABASE_URL") or f"postgresql://{getpass.getuser()}@127.0.0.1:5432/test"
    name = f"hocso_bench_{os.getpid()}"
    try:
        connection = await asyncpg.connect(server, timeout=5)
    except (OSError, asyncpg.PostgresError):
        yield ""
        return
    await connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


async def side(url: str, learners: int, entries: list[Entry]) -> Came:
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder) / "store") as server:
            await fill(server.url, learners, entries)
            database = Database.at(url, Path(folder))
            await database.prepare()
            journal = Journal.connect(server.url)
            wall, cpu = time.perf_counter(), time.process_time()
            await Consumer(journal, Writer(database)).drain()
            seconds, cpu = time.perf_counter() - wall, time.process_time() - cpu
            tables = await sizes(database)
            wall = time.perf_counter()
            records = Records(database)
            came = await rebuild_all(records, server.url, 500)
            rebuilt = came.restored / (time.perf_counter() - wall)
            wall = time.perf_counter()
            gone = sum([number async for number in records.prune(2**30)])
            pruned = gone / (time.perf_counter() - wall)
            wall = time.perf_counter()
            came = await rebuild_all(records, server.url, 500)
            again = came.newer / (time.perf_counter() - wall)
            after = sum((await sizes(database, tidy=True)).values())
            await journal.close()
            await database.close()
    return Came(seconds, cpu, sum(tables.values()), tables, rebuilt, pruned, again, after)


_SIZES = text(
    "SELECT relname, pg_total_relation_size(oid) AS size FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


async def sizes(database: Database, *, tidy: bool = False) -> dict[str, int]:
    """Bytes of each table with its indexes; of SQLite the file's alone."""
    if database.address.path:
        if tidy:
            async with database.engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                raw = await connection.get_raw_connection()
                assert raw.driver_connection
                await raw.driver_connection.execute("VACUUM")
        async with database.reading() as connection:
            pages, size = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size")]
        return {"all": pages * size}
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM FULL" if tidy else "VACUUM"))
        rows = await connection.execute(_SIZES)
        return {row.relname: row.size for row in rows}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    learners = parser.parse_args().learners
    entries = life()
    told = sum(len(entry.records) for entry in entries)
    print(f"{learners} learners through {LESSONS} lessons each: {len(entries)} turns and {told} records a learner")
    for kind in ("SQLite", "PostgreSQL"):
        async with postgresql() as address:
            url = "sqlite" if kind == "SQLite" else address
            if not url:
                print("PostgreSQL       left out: there is no server at DATABASE_URL")
                continue
            came = await side(url, learners, entries)
        print(kind)
        tell(came, learners, told * learners)


def tell(came: Came, learners: int, number: int) -> None:
    def many(size: float) -> str:
        return f"{size / learners * MANY / 1e9:,.0f} GB for {MANY:,}"

    print(f"  {number / came.seconds:9,.0f} records/s end to end; {came.cpu / number * 1e6:.0f} µs of CPU each here")
    print(f"  {came.size / number:9.0f} bytes a record; {came.size / learners:,.0f} a learner: {many(came.size)}")
    print(f"  {came.after / learners:9,.0f} bytes a learner once all is pruned: {many(came.after)}")
    print(f"  {came.rebuilt:9,.0f} learners/s rebuilt; {came.again:,.0f} once all is pruned")
    print(f"  {came.pruned:9,.0f} records/s pruned")
    shares = {name: size / came.size for name, size in came.tables.items() if size > came.size / 100}
    if len(shares) > 1:
        print("  " + ", ".join(f"{name} {share:.0%}" for name, share in sorted(shares.items())))


if __name__ == "__main__":
    asyncio.run(main())
