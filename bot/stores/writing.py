"""Writing the records: one writer at a time in the world, each batch whole or not at all.

Whoever holds the lock writes; it is held by the very connection that writes (PostgreSQL) or by the process
(SQLite), so a writer that is dead or cut off can't hold it, nor write without it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, case, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.entries import before_consent
from bot.core.saving import StoreDown
from bot.core.turn import Entry
from bot.stores import addresses
from bot.stores.addresses import Known
from bot.stores.badges import pin, unpin
from bot.stores.database import WRITES, WRITING, Database
from bot.stores.filelock import FileLock
from bot.stores.tables import learners, records, set_aside, standings, teams

CONSENT = 1  # version of the words that learners agree to; raise it when lessons/phrases asks for more
KNOWN = 50_000  # accounts whose learners are at hand, about 10 MB

Rows = list[dict[str, Any]]


class Told(NamedTuple):
    """An entry of the journal, read: or the sentence why it can't be, and its bytes as they are."""

    shard: str
    position: str
    name: str | None  # of the account; None where that can't be read
    entry: Entry | str
    raw: bytes


class Unwritable(ValueError):
    """The database refuses what stands in a batch, whatever it is; nothing of it was written."""


class Writer:
    """Writes batches of entries. Its methods raise StoreDown; then begin again with `begin`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._known: dict[str, Known] = {}
        path = database.address.path
        self._lock = FileLock(path.with_suffix(".writing")) if path else None

    async def begin(self) -> bool:
        """Become the one who writes; False while somebody else is."""
        await self.end()
        with self._database.explained():
            if self._lock and not self._lock.take():
                return False
            connection = await self._database.engine.connect()
            self._connection = connection
            await connection.execution_options(**{WRITES: True})
            if self._lock:
                return True
            taken = bool(await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": WRITING}))
            await connection.commit()
        if not taken:
            await self.end()
        return taken

    async def end(self) -> None:
        """Let others write; never raises."""
        self._known.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # whatever it is, the connection is thrown away
                await connection.invalidate()
                await connection.close()
        if self._lock:
            self._lock.release()

    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None:
        """Delete who is `gone` and keep what is told, in one transaction; what is kept already stays as it is.

        `gone` has the positions before which entries of a deleted learner are to be dropped. Raises
        Unwritable for what the database refuses.
        """
        if self._connection is None:
            raise StoreDown("Nobody writes the records now.")
        connection = self._connection
        told = [each for each in told if not _is_gone(each, gone)]
        try:
            with self._database.explained(), _sorted_out():
                async with connection.begin():
                    await self._forget(connection, gone)
                    await _keep(connection, told, await self._learners(connection, told))
        except BaseException:
            self._known.clear()  # of learners who are made with a transaction that came to nothing
            raise

    async def count_aside(self) -> int:
        """Count the entries that were set aside."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(set_aside)) or 0

    async def _forget(self, connection: AsyncConnection, gone: Mapping[str, str]) -> None:
        for name in gone:
            self._known.pop(name, None)
        numbers = {known.number for known in (await addresses.known_of(connection, gone)).values()}
        if not numbers:
            return
        await addresses.forget(connection, numbers)
        await unpin(connection, numbers)
        for one in (records, set_aside, standings):
            await connection.execute(delete(one).where(one.c.learner.in_(numbers)))
        await connection.execute(delete(learners).where(learners.c.id.in_(numbers)))

    async def _learners(self, connection: AsyncConnection, told: Sequence[Told]) -> Mapping[str, Known]:
        """Find, or make, the learners of these accounts; who hasn't agreed is none."""
        names = dict.fromkeys(each.name for each in told if each.name is not None)
        found = {name: self._known[name] for name in names if name in self._known}
        found |= await addresses.known_of(connection, names.keys() - found.keys())
        fresh: dict[str, Known] = {}
        rows: Rows = []
        for each in told:
            if each.name is None or each.name in found or each.name in fresh or len(each.name) > addresses.LONGEST:
                continue
            if isinstance(each.entry, str):
                turn, minute = 0, _minute(each.position)
            elif before_consent(each.entry):
                continue
            else:
                turn, minute = each.entry.turn, each.entry.minute
            number = addresses.fresh_number()
            fresh[each.name] = Known(number, turn)
            seen = {"first_minute": minute, "minute": minute, "first_turn": turn, "turn": 0}
            rows.append({"id": number, "channel": addresses.channel_of(each.name), **seen})
        if fresh:
            await connection.execute(insert(learners), rows)
            await addresses.remember(connection, fresh)
            found |= fresh
        if len(self._known) > KNOWN:
            self._known.clear()
        self._known |= found
        return found


async def _keep(connection: AsyncConnection, told: Sequence[Told], known: Mapping[str, Known]) -> None:
    rows: Rows = []
    aside: Rows = []
    facts: dict[int, dict[str, Any]] = {}
    for each in told:
        his = None if each.name is None else known.get(each.name)
        if isinstance(each.entry, str):
            aside.append(_aside(each, his and his.number))
        elif his and each.entry.turn >= his.first_turn:  # else they hadn't agreed
            rows += _rows(his.number, each.entry)
            _learn(facts.setdefault(his.number, dict.fromkeys(_FACTS)), each.entry)
    server = connection.dialect.name == "postgresql"
    add = postgresql.insert if server else sqlite.insert
    if rows and server:  # a column at a time, in one statement: row by row costs the server three times as much
        await connection.execute(_ADD_ALL, {name: [row[name] for row in rows] for name in rows[0]})
    elif rows:
        await connection.execute(add(records).on_conflict_do_nothing(), rows)
    if aside:
        await connection.execute(add(set_aside).on_conflict_do_nothing(), aside)
    if facts:
        # In the order of their numbers, as everybody who changes several learners must.
        await connection.execute(_LEARNT, [{"number": number, **facts[number]} for number in sorted(facts)])
    await _pin_badges(connection, told, known)


async def _pin_badges(connection: AsyncConnection, told: Sequence[Told], known: Mapping[str, Known]) -> None:
    for each in told:
        if isinstance(each.entry, str):
            continue
        for record in each.entry.records:
            if record.kind == "badge" and (his := known.get(each.name or "")):
                await pin(connection, his.number, int(record.choice), each.entry.day)


def _is_gone(told: Told, gone: Mapping[str, str]) -> bool:
    """Whether the entry is of the time before its learner was deleted."""
    last = gone.get(told.name) if told.name is not None else None
    return last is not None and _order(told.position) <= _order(last)


def _order(position: str) -> tuple[int, int]:
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number or 0)


def _minute(position: str) -> int:
    """Return the minute in which the journal took an entry."""
    return _order(position)[0] // 60_000


def _rows(learner: int, entry: Entry) -> Iterable[dict[str, Any]]:
    return (
        {
            "learner": learner,
            "turn": entry.turn,
            "place": place,
            "was_right": record.right,
            "first_try": record.first,
            "assisted": record.assisted,
            "minute": entry.minute,
            "day": entry.day,
            "kind": record.kind,
            "lesson": record.lesson,
            "step": record.step,
            "choice": record.choice if record.kind != "named" else "",  # a name stands at its learner alone
        }
        for place, record in enumerate(entry.records)
    )


def _aside(told: Told, learner: int | None) -> dict[str, Any]:
    return {
        "shard": told.shard,
        "position": told.position,
        "learner": learner,
        "minute": _minute(told.position),
        "why": told.entry,
        "entry": told.raw,
    }


_TYPES = {column.name: column.type.compile(dialect=postgresql.dialect()) for column in records.columns}  # type: ignore[no-untyped-call]
_ADD_ALL = text(
    f"INSERT INTO records ({', '.join(_TYPES)}) "  # noqa: S608  names of our own
    f"SELECT * FROM unnest({', '.join(f'CAST(:{name} AS {kind}[])' for name, kind in _TYPES.items())}) "
    "ON CONFLICT DO NOTHING"
)

# What is known of a learner after their last entry; None leaves it as it was.
_FACTS = (
    "last_turn",
    "last_minute",
    "new_lang",
    "new_listens",
    "new_path",
    "new_team",
    "new_called",
    "new_consent",
    "new_agreed",
)
_new_team = bindparam("new_team", type_=Text())
_new_called = bindparam("new_called", type_=Text())
_joined = select(teams.c.id).where(teams.c.code == _new_team, teams.c.ended_day.is_(None)).scalar_subquery()
_LEARNT = (
    update(learners)
    .where(learners.c.id == bindparam("number"), learners.c.turn < bindparam("last_turn"))
    .values(
        turn=bindparam("last_turn"),
        minute=bindparam("last_minute"),
        lang=func.coalesce(bindparam("new_lang", type_=learners.c.lang.type), learners.c.lang),
        listens=func.coalesce(bindparam("new_listens", type_=learners.c.listens.type), learners.c.listens),
        path=func.coalesce(bindparam("new_path", type_=learners.c.path.type), learners.c.path),
        # A team that isn't known here, or has ended meanwhile, can't be joined: then they stay where they were.
        team=case((_new_team == "", None), else_=func.coalesce(_joined, learners.c.team)),
        called=case((_new_called == "", None), else_=func.coalesce(_new_called, learners.c.called)),
        consent=func.coalesce(bindparam("new_consent", type_=learners.c.consent.type), learners.c.consent),
        agreed_day=func.coalesce(bindparam("new_agreed", type_=learners.c.agreed_day.type), learners.c.agreed_day),
    )
)


def _learn(facts: dict[str, Any], entry: Entry) -> None:
    facts |= {"last_turn": entry.turn, "last_minute": entry.minute}
    for record in entry.records:
        match record.kind:
            case "agreed":
                facts |= {"new_consent": CONSENT, "new_agreed": entry.day, "new_lang": record.choice}
            case "joined":  # they agreed elsewhere, before
                facts |= {"new_consent": CONSENT, "new_agreed": int(record.choice)}
            case "language":
                facts["new_lang"] = record.choice
            case "manner":
                facts["new_listens"] = record.choice == "listen"
            case "path":
                facts["new_path"] = record.choice
            case "team":
                facts["new_team"] = record.choice
            case "named":
                facts["new_called"] = record.choice
            case "seated" | "became" | "closed" if record.choice:
                facts["new_called"] = ""  # it is somebody else's by now, who alone can take it back


@contextmanager
def _sorted_out() -> Iterator[None]:
    """Turn a refusal of what stands in a batch into Unwritable; the database's words would quote it."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise Unwritable(f"The database refuses it ({type(error.orig).__name__}).") from None
