"""Learners on several accounts, and several on one, over a real store: taught, recorded, lost and restored."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from account_helpers import TO_TELL, World
from redis.asyncio import Redis

from bot.core.signpost import Own, Signpost, decode_value
from bot.core.turn import Asked
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import Journal
from bot.stores.progress import RedisProgress
from bot.stores.records import Records
from bot.stores.writing import Writer
from bot.tutor import Tutor
from bot.work.journal import Consumer
from bot.work.rebuilding import rebuild_all

pytestmark = pytest.mark.anyio

PHONE, PAGE, BOX = "telegram:77", "web:ab", "terminal:an"


class Real(World):
    """The same at a real store, with records."""

    def __init__(self, url: str, database: Database) -> None:
        super().__init__()
        self.url = url
        self.redis = RedisProgress.connect(url)
        self.journal = Journal.connect(url)
        self.database = database
        self.tutors = [Tutor(self.library, self.redis) for _ in range(2)]

    async def value(self, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  as in World
        [raw] = await self.redis.load([name])
        return decode_value(raw) if raw else None

    async def record(self) -> None:
        await Consumer(self.journal, Writer(self.database), keep=0).drain()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Real]:
    database = Database.at("sqlite", tmp_path)
    await database.prepare()
    async with EmbeddedServer(tmp_path / "store") as server:
        found = Real(server.url, database)
        yield found
        await found.redis.close()
        await found.journal.close()
    await database.close()


async def lost(world: Real) -> None:
    async with Redis.from_url(world.url) as client:
        await client.flushall()


def told(own: Own) -> tuple[object, ...]:
    each = own.progress
    return (
        set(own.accounts),
        set(own.origins),
        each.agreed,
        each.address,
        each.lesson,
        each.spots,
        each.done,
    )


async def people(world: Real) -> None:
    """Two accounts of one learner, a third that joined and left, and a second learner on the first."""
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.learns(PAGE, "co", "listen")
    await world.join(PHONE, PAGE)
    await world.join(PAGE, BOX)
    await world.hears(BOX, Asked("elsewhere"), at=1)
    await world.taps(BOX, "leave", "go", at=1)
    await world.taps(BOX, "agree", "chu", "read")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    await world.hears(PHONE, "bà Hoa")
    await world.taps(PHONE, "agree", "ba", "read", "l:bai-01", "next")


async def test_what_was_lost_is_restored_from_the_records_with_accounts_and_seats(world: Real) -> None:
    await people(world)
    signs = {name: await world.value(name) for name in (PHONE, PAGE, BOX)}
    owns = {seat.id: await world.value(seat.id) for sign in signs.values() for seat in sign.seats}
    await world.record()
    await lost(world)
    came = await rebuild_all(Records(world.database), world.url, 3)
    assert (came.unread, came.moved) == (0, 0)
    for name, before in signs.items():
        sign = await world.value(name)
        assert isinstance(sign, Signpost)
        assert [seat.id for seat in sign.seats] == [seat.id for seat in before.seats]
        assert (sign.turns, sign.first) == (before.turns, before.first)
    for each, before in owns.items():
        assert told(await world.value(each)) == told(before)
    again = await rebuild_all(Records(world.database), world.url, 3)
    assert again.restored == 0
    assert (await world.tutors[1].look(PAGE)).heading == "Bước 3 trên 6"
    await world.hears(PAGE, Asked("delete"))
    await world.hears(PAGE, "2")
    await world.record()
    kept = [one.name async for some in Records(world.database).everyone() for one in some]
    assert PAGE not in kept
    assert signs[PAGE].seat.id not in kept
    assert BOX in kept


async def test_pruning_keeps_who_learns_where(world: Real) -> None:
    await people(world)
    sign = await world.value(PHONE)
    await world.record()
    _ = [count async for count in Records(world.database).prune(10**6)]
    await lost(world)
    await rebuild_all(Records(world.database), world.url, 100)
    assert [seat.id for seat in (await world.value(PHONE)).seats] == [seat.id for seat in sign.seats]
    assert (await world.tutors[0].look(PAGE)).heading == "Bước 3 trên 6"


async def test_two_who_join_at_once_at_a_real_store_become_one(world: Real) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.learns(PAGE, "co", "listen")
    one, other = await world.code(PHONE), await world.code(PAGE)
    await asyncio.gather(world.hears(PAGE, f"nối {one}"), world.hears(PHONE, f"nối {other}", at=1))
    own = await world.own(PAGE)
    assert told(own) == told(await world.own(PHONE))
    assert (set(own.progress.done), set(own.progress.spots)) == ({"bai-02"}, {"bai-01"})
