"""Reading the records: whole learners, for rebuilding their progress, and old ones, for pruning."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.keeping import Old, kept
from bot.core.progress import Progress, decode, encode, with_also
from bot.core.rebuild import Seats, rebuild, seats
from bot.core.turn import Entry, Record
from bot.stores import addresses
from bot.stores.database import Database
from bot.stores.tables import accounts, learners, records, standings

AT_ONCE = 500  # learners


class Kept(NamedTuple):
    """One account or learner's id, the progress that its records tell of, and who learns there by an id of theirs."""

    name: str
    progress: Progress
    seats: Seats = Seats((), "", {})


class Records:
    """What is kept of learners, read whole. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_accounts(self) -> int:
        """Count the accounts."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(accounts)) or 0

    async def everyone(self, at_once: int = AT_ONCE) -> AsyncIterator[list[Kept]]:
        """Tell everybody's progress as far as it is kept, so many at once, in the order of their accounts' names."""
        after = ""
        while True:
            async with self._database.reading() as connection:
                some = await addresses.page(connection, after, at_once)
                told = await _told_of(connection, {number for _, number in some})
            if not some:
                return
            yield [Kept(name, *told[number]) for name, number in some if number in told]
            after = some[-1][0]

    async def prune(self, before_day: int, at_once: int = AT_ONCE) -> AsyncIterator[int]:
        """Delete records of turns before a day, some learners at once; yields how many each time.

        What rebuilding needs of them is kept as one value for each learner (`standings`), in the same transaction;
        what figures of all time need stays as it is (`core/keeping.py`).
        """
        after = -1
        old = exists().where(records.c.learner == learners.c.id, records.c.day < before_day)
        choose = select(learners.c.id).where(old).order_by(learners.c.id).limit(at_once)
        while True:
            async with self._database.changing() as connection:
                numbers = list((await connection.scalars(choose.where(learners.c.id > after))).all())
                taken = await _prune(connection, numbers, before_day) if numbers else 0
            if not numbers:
                return
            yield taken
            after = numbers[-1]


async def _told_of(connection: AsyncConnection, numbers: Collection[int]) -> dict[int, tuple[Progress, Seats]]:
    """Rebuild these learners' progress, and who learns on their accounts; who has no record at all is left out."""
    since = await _standings(connection, numbers)
    found = {number: (progress, seats(())) for number, progress in since.items()}
    for number, entries, _ in await _entries(connection, numbers):
        found[number] = rebuild(entries, since.get(number, Progress())), seats(entries)
    for number, called in await connection.execute(_CALLED.where(learners.c.id.in_(found))):
        progress, sat = found[number]
        found[number] = with_also(progress, called=called), sat
    return found


_CALLED = select(learners.c.id, learners.c.called).where(learners.c.called.is_not(None))


async def _standings(connection: AsyncConnection, numbers: Collection[int]) -> dict[int, Progress]:
    rows = await connection.execute(
        select(standings.c.learner, standings.c.progress).where(standings.c.learner.in_(numbers))
    )
    return {number: decode(progress) for number, progress in rows}


async def _entries(
    connection: AsyncConnection, numbers: Collection[int], before_day: int | None = None
) -> list[tuple[int, list[Entry], list[int]]]:
    """Read these learners' entries, and the places of all records in them."""
    wanted = select(*_COLUMNS).where(records.c.learner.in_(numbers))
    if before_day is not None:
        wanted = wanted.where(records.c.day < before_day)
    rows = (await connection.execute(wanted.order_by(records.c.learner, records.c.turn, records.c.place))).all()
    # By place in the row, and turn by turn without a look at its columns by name: that took two thirds of the time.
    found: list[tuple[int, list[Entry], list[int]]] = []
    for (number, turn, minute, day), his in groupby(rows, itemgetter(0, 1, 2, 3)):
        if not found or found[-1][0] != number:
            found.append((number, [], []))
        told = list(his)
        found[-1][1].append(Entry(turn, minute, day, tuple([Record(*row[5:]) for row in told])))
        found[-1][2].extend([row[4] for row in told])
    return found


_COLUMNS = (
    *(records.c.learner, records.c.turn, records.c.minute, records.c.day, records.c.place),
    *(records.c.kind, records.c.lesson, records.c.step, records.c.choice),
    *(records.c.was_right, records.c.first_try, records.c.assisted),
)


async def _prune(connection: AsyncConnection, numbers: Collection[int], before_day: int) -> int:
    # A clock that once went backwards may leave a turn that is told on though a day it isn't over: it stays, unread.
    since = await _standings(connection, numbers)
    values = []
    doomed: list[dict[str, int]] = []
    for number, entries, places in await _entries(connection, numbers, before_day):
        told = rebuild(entries, since.get(number, Progress()))
        values.append({"learner": number, "turn": told.turns, "progress": encode(told)})
        doomed += ({"number": number, "at_turn": turn, "at_place": place} for turn, place in _doomed(entries, places))
    add = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(standings)
    again = {"turn": add.excluded.turn, "progress": add.excluded.progress}
    await connection.execute(add.on_conflict_do_update(index_elements=["learner"], set_=again), values)
    if doomed:
        await connection.execute(_DELETE, doomed)
    return len(doomed)


_DELETE = delete(records).where(
    records.c.learner == bindparam("number"),
    records.c.turn == bindparam("at_turn"),
    records.c.place == bindparam("at_place"),
)


def _doomed(entries: Sequence[Entry], places: Iterable[int]) -> list[tuple[int, int]]:
    """Return the turns and places of what is deleted."""
    told = ((entry.turn, entry.day, record) for entry in entries for record in entry.records)
    old = [Old(turn, place, day, record) for (turn, day, record), place in zip(told, places, strict=True)]
    stays = kept(old)
    return [(each.turn, each.place) for each in old if (each.turn, each.place) not in stays]
