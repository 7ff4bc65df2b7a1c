"""Progress from the records: whole, never over what is newer, and as often as it takes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from databases import KINDS, database_url
from players import Player, Witness, library, what_counts
from record_programs import dice, rebuild, started
from redis.asyncio import Redis

from bot.core.progress import Progress, decode, encode
from bot.core.saving import Save
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import Journal
from bot.stores.progress import RedisProgress
from bot.stores.records import Records
from bot.stores.writing import Writer
from bot.tutor import Tutor
from bot.work.journal import Consumer
from bot.work.rebuilding import Rebuilt, rebuild_all

pytestmark = pytest.mark.anyio

LEARNERS = 60


class Lost:
    """A store that lost everything, the records of it, and what it held."""

    def __init__(self, url: str, database: Database, where: tuple[str, str, Path]) -> None:
        self.url = url
        self.where = where
        self.store = RedisProgress.connect(url)
        self.records = Records(database)
        self.held: dict[str, Progress] = {}

    async def now(self) -> dict[str, Progress]:
        names = sorted(self.held)
        return {name: decode(value) for name, value in zip(names, await self.store.load(names), strict=True) if value}

    async def rebuilt(self) -> Rebuilt:
        return await rebuild_all(self.records, self.url, 7)


@pytest.fixture(params=KINDS)
def database_at(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as url:
        yield url


@pytest.fixture
async def lost(database_at: str, tmp_path: Path) -> AsyncIterator[Lost]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    database = Database.at(database_at, tmp_path)
    await database.prepare()
    async with EmbeddedServer(tmp_path / "store") as server:
        found = Lost(server.url, database, (server.url, database_at, tmp_path))
        witness, chance = Witness(found.store), dice()
        tutor = Tutor(library(), witness)
        players = [Player(tutor, f"web:{number}", chance) for number in range(LEARNERS)]
        for _ in range(40):
            await asyncio.gather(*(player.play(delete=0.005) for player in players))
        journal = Journal.connect(server.url)
        await Consumer(journal, Writer(database)).drain()
        await journal.close()
        names = sorted(witness.to_keep())
        found.held = {name: decode(value) for name, value in zip(names, await found.store.load(names), strict=True)}
        assert len(names) > LEARNERS / 2
        async with Redis.from_url(server.url) as client:
            await client.flushall()
        yield found
        await found.store.close()
    await database.close()


async def test_a_store_that_lost_all_gets_everybody_back(lost: Lost) -> None:
    assert await lost.rebuilt() == Rebuilt(restored=len(lost.held))
    now = await lost.now()
    assert {name: what_counts(each) for name, each in now.items()} == {
        name: what_counts(each) for name, each in lost.held.items()
    }
    assert all(now[name].turns <= lost.held[name].turns for name in now)
    assert await lost.rebuilt() == Rebuilt(newer=len(lost.held))
    assert await lost.now() == now


async def test_killed_again_and_again_it_comes_to_the_same(lost: Lost) -> None:
    chance = dice()
    for _ in range(6):
        with started(rebuild, *lost.where) as program:
            before = len(await lost.now())
            async with asyncio.timeout(20):
                while True:  # killed once it has restored somebody, or a little later
                    if program.exitcode is not None or len(await lost.now()) > before:
                        break
                    await asyncio.sleep(0.001)
            await asyncio.sleep(chance.random() * 0.01)
    await lost.rebuilt()
    now = await lost.now()
    assert {name: what_counts(each) for name, each in now.items()} == {
        name: what_counts(each) for name, each in lost.held.items()
    }


async def test_what_is_newer_or_unreadable_or_deleted_is_left_alone(lost: Lost) -> None:
    newer, older, odd, deleted, *others = sorted(lost.held)
    ahead, behind = Progress(turns=10_000, agreed=1), Progress(turns=1, agreed=1)
    await lost.store.save([Save(newer, b"", encode(ahead)), Save(older, b"", encode(behind)), Save(odd, b"", b"\xc1")])
    await lost.store.save([Save(deleted, b"", encode(Progress(turns=1)), expires=60, purge=True)])
    came = await lost.rebuilt()
    assert came == Rebuilt(restored=len(others) + 1, newer=1, deleted=1, unread=1)
    assert str(came) == (
        f"Khôi phục: {len(others) + 1}. (Restored.)\n"
        "Đã có sẵn: 1. (There as they are, or newer.)\n"
        "Đã xóa dữ liệu: 1. (Had all their data deleted; left so.)\n"
        "Không đọc được: 1. (Their value can't be read here; left as it is.)"
    )
    values = await lost.store.load([newer, odd, deleted, older])
    assert values[:3] == [encode(ahead), b"\xc1", encode(Progress(turns=1))]
    assert what_counts(decode(values[3])) == what_counts(lost.held[older])


async def test_learners_who_go_on_meanwhile_are_not_put_back(lost: Lost) -> None:
    """Somebody saves between the look at the store and the write."""
    name = min(lost.held)
    ahead = encode(Progress(turns=10_000, agreed=1))
    store = RedisProgress.load

    async def overtaken(self: RedisProgress, learners: list[str]) -> list[bytes]:
        values = await store(self, learners)
        if name in learners:
            await self.save([Save(name, values[learners.index(name)], ahead)])
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RedisProgress, "load", overtaken)
        came = await lost.rebuilt()
    assert came == Rebuilt(restored=len(lost.held) - 1, moved=1)
    assert await lost.store.load([name]) == [ahead]
