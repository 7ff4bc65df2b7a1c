"""Reading those whose account and who learns there aren't one and the same, to count each person once."""

from collections.abc import AsyncIterator, Collection
from itertools import groupby
from operator import itemgetter

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.persons import Persons, each_once, persons
from bot.core.tally import VIETNAM, Learner, Row
from bot.core.turn import Entry, Record
from bot.stores import addresses
from bot.stores.database import Database
from bot.stores.tables import SEATED, learners, records

AT_ONCE = 500  # numbers in one question

_COLUMNS = (
    *(records.c.learner, records.c.turn, records.c.minute, records.c.day),
    *(records.c.kind, records.c.lesson, records.c.step, records.c.choice),
    *(records.c.was_right, records.c.first_try, records.c.assisted),
)
_ORDER = (records.c.learner, records.c.turn, records.c.place)


async def find_persons(connection: AsyncConnection) -> Persons:
    """Find who came to be whom, and who shares an account."""
    found: dict[int, list[Entry]] = {}
    rows = (await connection.execute(select(*_COLUMNS).where(SEATED).order_by(*_ORDER))).all()
    for (number, turn, minute, day), his in groupby(rows, itemgetter(0, 1, 2, 3)):
        found.setdefault(number, []).append(Entry(turn, minute, day, tuple([Record(*row[4:]) for row in his])))
    return persons(found, await addresses.numbers_of_ids(connection))


async def read_apart(
    database: Database, who: Persons, until: int, at_once: int = AT_ONCE
) -> AsyncIterator[tuple[list[Learner], list[Row]]]:
    """Read all these people until the end of a day, about so many numbers at once. Raises StoreDown."""
    one_by_one: dict[int, list[int]] = {}
    for number in sorted(who.accounts | who.ids):
        one_by_one.setdefault(who.now.get(number, number), []).append(number)
    people = list(one_by_one.values())
    for start in range(0, len(people), at_once):
        numbers = {number for each in people[start : start + at_once] for number in each}
        beside = {account for number in numbers if (account := who.on.get(number)) is not None} - numbers
        async with database.reading() as connection:
            theirs = await _learners(connection, numbers | beside)
            rows = await _rows(connection, numbers, until)
        once, done = each_once(theirs, rows, who)
        yield [one for one in once if one.number not in beside], done


async def _learners(connection: AsyncConnection, numbers: Collection[int]) -> list[Learner]:
    wanted = select(learners).where(learners.c.id.in_(numbers)).order_by(learners.c.id)
    return [
        Learner(
            row.id,
            (row.first_minute + VIETNAM) // 1440 if row.agreed_day is None else row.agreed_day,
            row.team or 0,
            row.channel,
            row.path,
            row.listens,
        )
        for row in await connection.execute(wanted)
    ]


async def _rows(connection: AsyncConnection, numbers: Collection[int], until: int) -> list[Row]:
    counts = or_(records.c.lesson != "", records.c.kind == "joined")
    wanted = select(*_COLUMNS).where(records.c.learner.in_(numbers), records.c.day <= until, counts).order_by(*_ORDER)
    return [Row(*row[:4], Record(*row[4:])) for row in await connection.execute(wanted)]
