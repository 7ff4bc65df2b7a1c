"""Who learns on several accounts, or shares one, is counted once: held against what the store knows of everybody."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest
from account_helpers import LIBRARY, World, code_in
from databases import KINDS, database_url, kept

from bot.core.persons import SEATS, Persons, each_once, persons
from bot.core.progress import Progress
from bot.core.signpost import Own
from bot.core.tally import Counts, Learner, Plan, Row, plan_of, tally
from bot.core.turn import Asked, Entry, Opened
from bot.stores import report
from bot.stores.database import Database
from bot.stores.records import Records
from bot.stores.tables import accounts, learners
from bot.stores.writing import Told, Writer

pytestmark = pytest.mark.anyio

PLAN: Plan = plan_of(LIBRARY)
UNTIL = 20_900
ALL_TIME = ("people", "came", "finishers", "finished", "alone", "skilled", "furthest")
PHONE, PAGE, BOX = "telegram:77", "web:ab", "terminal:an"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as found:
        yield found


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    found = Database.at(url, tmp_path)
    await found.prepare()
    yield found
    await found.close()


async def record(world: World, database: Database) -> None:
    """Write what the journal has, as its consumer does."""
    writer = Writer(database)
    assert await writer.begin()
    journal = await world.store.journal()
    told = [
        Told("00", f"{at + 1}-0", who, msgspec.msgpack.decode(raw, type=Entry), b"")
        for at, (who, raw) in enumerate(journal)
    ]
    await writer.write(told, {})
    await writer.end()


async def by_hand(database: Database) -> Counts:
    """Count row by row all that the records have."""
    told = await kept(database)
    async with database.reading() as connection:
        numbers = {row.name: row.learner for row in await connection.execute(accounts.select())}
        people = [
            Learner(row.id, row.agreed_day or (row.first_minute + 420) // 1440, 0, row.channel, row.path, row.listens)
            for row in await connection.execute(learners.select())
        ]
    rows = [
        Row(numbers[name], entry.turn, entry.minute, entry.day, each)
        for name, entries in told.items()
        for entry in entries
        for each in entry.records
    ]
    seats = {
        numbers[name]: found
        for name, entries in told.items()
        if (found := [entry for entry in entries if any(each.kind in SEATS for each in entry.records)])
    }
    who = persons(seats, {name: number for name, number in numbers.items() if name.startswith("l:")})
    return tally(*each_once(people, rows, who), {}, (), PLAN, UNTIL)


def came(counts: Counts) -> int:
    return sum(counts.people.values())


async def living(world: World) -> list[Progress]:
    """Everybody who has agreed, as the store knows them."""
    values = [await world.value(name) for name in world.store.names()]
    owns = [value.progress for value in values if isinstance(value, Own) and not value.into and not value.deleted]
    return [each for each in [*owns, *values] if isinstance(each, Progress) and each.agreed]


async def test_one_who_joins_accounts_is_one(database: Database) -> None:
    world = World()
    await world.learns(PHONE, "bac", "listen")
    world.store.at += dt.timedelta(days=1)
    await world.learns(PAGE, "co", "read")
    await world.taps(BOX, "agree", "chu", "read")
    await world.join(PHONE, PAGE)
    await world.hears(PAGE, Opened("bai-01"))
    await world.taps(PAGE, "next")
    await record(world, database)
    counts = await report.count(database, PLAN, UNTIL)
    assert came(counts) == 2
    assert counts.people == {(0, "telegram", "", False, "finished"): 1, (0, "terminal", "", False, "none"): 1}
    assert counts.finished == {(0, "bai-02"): 1}
    assert list(counts.active.values()) == [1, 1]  # it was a Sunday, and a Monday
    assert list(counts.hours.values()) == [1, 1]
    assert [(lesson, number) for (_, lesson, step), number in counts.furthest.items() if step] == [("bai-01", 1)]


async def test_those_who_share_a_phone_are_each_one(database: Database) -> None:
    world = World()
    await world.learns(PHONE, "bac", "read")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    await world.hears(PHONE, "bà Hoa")
    await world.learns(PHONE, "ba", "listen")
    await record(world, database)
    counts = await report.count(database, PLAN, UNTIL)
    assert counts.people == {
        (0, "telegram", "", False, "finished"): 1,
        (0, "telegram", "", True, "finished"): 1,
    }
    assert counts.finished == {(0, "bai-02"): 2}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_they_do_each_is_counted_once(database: Database, seed: int) -> None:
    dice, world = Random(seed), World()  # noqa: S311  no secret
    names = [f"{channel}:{at}" for at in range(3) for channel in ("telegram", "web", "zalo")]
    for _ in range(40):
        await _something(world, dice, names)
    await record(world, database)
    counts = await report.count(database, PLAN, UNTIL, at_once=3)
    assert counts == await by_hand(database)
    everybody = await living(world)
    assert came(counts) == len(everybody)
    for lesson in ("bai-01", "bai-02"):
        assert counts.finished.get((0, lesson), 0) == sum(lesson in each.done for each in everybody)
    assert sum([number async for number in Records(database).prune(UNTIL)])
    after = await report.count(database, PLAN, UNTIL)
    assert [getattr(after, name) for name in ALL_TIME] == [getattr(counts, name) for name in ALL_TIME]


async def _something(world: World, dice: Random, names: list[str]) -> None:
    """Somebody does something; whether they may is the bot's to say."""
    one, other = dice.sample(names, 2)
    world.store.at += dt.timedelta(minutes=dice.randrange(20, 2000))
    match dice.randrange(8):
        case 0 | 1 | 2:
            if "agree" in await _codes(world, one):
                await world.taps(one, "agree", "bac", dice.choice(("read", "listen")))
            if dice.random() < 0.6:
                await world.hears(one, Opened(dice.choice(("bai-01", "bai-02"))))
                await world.taps(one, "next")
        case 3 | 4:
            await world.hears(one, Asked("elsewhere"))
            if "code" in await _codes(world, one):
                found = code_in(await world.taps(one, "code"))
                await world.hears(other, f"nối {found}")
        case 5:
            await world.hears(one, Asked("elsewhere"))
            await world.taps(one, "leave", "go")
        case 6:
            await world.hears(one, Asked("people"))
            await world.taps(one, "add")
            await world.hears(one, "bà Hoa")
        case _:
            await world.hears(one, Asked("delete"))
            await world.hears(one, "2")


async def _codes(world: World, account: str) -> set[str]:
    return {button.code for button in (await world.tutors[0].look(account)).buttons}


def test_who_left_the_team_after_joining_accounts_counts_in_none() -> None:
    who = Persons({1: 2}, {2: 1}, frozenset({2}), frozenset({1}))
    before, now = Learner(1, 20_000, 5, "telegram", "", listens=False), Learner(2, 20_001, 0, "", "", listens=False)
    [one], _ = each_once([before, now], [], who)
    assert (one.number, one.team, one.channel) == (2, 0, "telegram")
