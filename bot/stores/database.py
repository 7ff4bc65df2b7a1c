"""The database of the records: its connections, its locks, and that its tables are those of this program."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, event, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import column

from bot.core.saving import StoreDown
from bot.stores.database_url import DatabaseUrl, read_database_url
from bot.stores.filelock import FileLock
from bot.stores.tables import HEAD

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0  # for one statement of PostgreSQL's
BUSY_SECONDS = 10.0  # for which SQLite waits for another's transaction
LOOK_SECONDS = 0.1  # between two tries for a lock
LOCK_SECONDS = 60.0  # until somebody else's migration must be over
WRITES = "writes"  # execution option of a transaction that will write: SQLite then waits at its begin, not later
_PREPARING = 0x686F63736F01  # PostgreSQL's advisory locks: whole numbers that only this program uses
WRITING = 0x686F63736F02

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what is committed is struck from the journal, so it must be on the disk
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is gone from the file too
    "cache_size = -32768",  # KiB
)
_TROUBLES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class NewerDatabase(StoreDown):
    """The database was made by a newer program than this one, which must not touch it."""


class Database:
    """Where the records are. Its methods raise StoreDown with a sentence that shows no password."""

    def __init__(self, address: DatabaseUrl) -> None:
        self.address = address
        self.engine = _sqlite(address.path) if address.path else _postgresql(address)

    @classmethod
    def at(cls, url: str, folder: Path) -> "Database":
        """Name the database; raises ValueError with a sentence. Opens nothing."""
        return cls(read_database_url(url, folder))

    def __repr__(self) -> str:
        return f"<Database at {self.address}>"

    async def prepare(self) -> None:
        """Make the tables, or bring them up to date. Of several programs one does it, the others wait.

        Raises NewerDatabase for tables that are newer than this program.
        """
        with self.explained():
            if self.address.path:
                await asyncio.to_thread(_make_file, self.address.path)
            async with self.engine.connect() as connection:
                if await connection.run_sync(_made_by) == HEAD:
                    return
            async with self._alone(), self.engine.connect() as connection:
                await connection.execution_options(**{WRITES: True})
                async with connection.begin():
                    found = await connection.run_sync(_made_by)
                    if found != HEAD:
                        await connection.run_sync(_upgrade, found, str(self.address))
            await self.engine.dispose()  # what is known of a table's shape is out of date

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that only reads."""
        with self.explained():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that writes; committed at the end, or not at all."""
        with self.explained():
            async with self.engine.connect() as connection:
                await connection.execution_options(**{WRITES: True})
                async with connection.begin():
                    yield connection

    async def close(self) -> None:
        """Hang up; never raises."""
        with suppress(*_TROUBLES, TimeoutError):
            await self.engine.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn a database's error into a StoreDown that says where and why."""
        try:
            yield
        except _TROUBLES as error:
            raise StoreDown(self._why(error)) from None  # its words may quote the URL, or what was written

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Hold the lock of those who make tables."""
        if self.address.path:
            lock = FileLock(self.address.path.with_suffix(".making"))
            try:
                async with asyncio.timeout(LOCK_SECONDS):
                    while True:
                        if lock.take():
                            break
                        await asyncio.sleep(LOOK_SECONDS)
                yield
            finally:
                lock.release()
            return
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _PREPARING})
            try:
                yield
            finally:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _PREPARING})

    def _why(self, error: BaseException) -> str:
        origin: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, DBAPIError) and origin and isinstance(origin.__cause__, asyncpg.PostgresError):
            origin = origin.__cause__
        if isinstance(origin, TimeoutError):
            return f"The database at {self.address} didn't answer in time."
        # The first line alone: the rest quotes the statement and what was to be written.
        words = " ".join(str(origin).splitlines()[:1]).rstrip(".") or type(origin).__name__
        return self.address.strike(f"The database at {self.address} can't be used ({words}).")


def _make_file(path: Path) -> None:
    """Make the file, for us alone: it holds addresses."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _sqlite(path: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine.sync_engine, "connect")
    def opened(connection: Any, _: object) -> None:  # noqa: ANN401  a driver's own
        connection.isolation_level = None  # transactions begin where we say
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(address: DatabaseUrl) -> AsyncEngine:
    async def connect() -> Any:  # noqa: ANN401  asyncpg has no types for it
        # The library's own reading of the URL: it knows sslmode, several hosts and sockets.
        return await asyncpg.connect(address.dsn, timeout=CONNECT_SECONDS, command_timeout=ANSWER_SECONDS)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, pool_size=4, max_overflow=4)


def _made_by(connection: Connection) -> str:
    """Return the migration that the tables stand at; empty where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(select(column("version_num")).select_from(table("alembic_version"))) or ""


def _upgrade(connection: Connection, found: str, place: str) -> None:
    # Imported here: it takes a third of a second, and most starts have nothing to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found and found not in known:
        raise NewerDatabase(
            f"The database at {place} was made by a newer Học Số (its tables are at {found}, this program "
            f"knows {HEAD}); start the newer one, or name another database in DATABASE_URL."
        )
    command.upgrade(config, "head")
