"""Whoever is killed at whatever moment: what the journal was told is in the records, once."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
import structlog
from databases import KINDS, database_url, everything, kept, say
from players import Player, Witness, library, what_counts
from programs import PATIENCE
from record_programs import dice, started, write

from bot.core.entries import before_consent
from bot.core.progress import decode
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import Journal
from bot.stores.progress import RedisProgress
from bot.stores.records import Records
from bot.stores.writing import Writer
from bot.tutor import Tutor
from bot.work.journal import Consumer

pytestmark = pytest.mark.anyio

KILLS = 12
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
LEARNERS = 15
LONGEST = 0.2  # seconds for which a writer writes


class Scene:
    """A store, a database, and learners who play."""

    def __init__(self, server: EmbeddedServer, url: str, folder: Path, chance: random.Random) -> None:
        self.server = server
        self.database_url = url
        self.folder = folder
        self.dice = chance
        self.store = RedisProgress.connect(server.url)
        self.witness = Witness(self.store)
        self.database = Database.at(url, folder)
        tutor = Tutor(library(), self.witness)
        self.players = [Player(tutor, f"web:{number}", chance) for number in range(LEARNERS)]

    @property
    def where(self) -> tuple[str, str, Path]:
        return self.server.url, self.database_url, self.folder

    async def play_for(self, seconds: float, delete: float = 0.02) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            await asyncio.gather(*(player.play(delete=delete) for player in self.players))
            await asyncio.sleep(0.005)  # so that not all is said at the beginning
            if loop.time() >= end:
                return

    async def writer_begins(self, time: int) -> None:
        """Play until a writer begins for the so manyth time."""
        log = self.folder / "log"
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.play_for(0)
                if log.exists() and log.read_text().count("records are written here") >= time:
                    return

    async def all_are_answered(self) -> None:
        """Play on until the store is back for everybody."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if not any([(await player.play(delete=0)).failed for player in self.players]):
                    return
                await asyncio.sleep(0.05)

    async def settle(self) -> None:
        """Write down what is left, as the next writer does."""
        journal = Journal.connect(self.server.url)
        await self.database.prepare()
        await Consumer(journal, Writer(self.database)).drain()
        assert await journal.behind() == (0, 0, 0)
        assert await journal.gone() == {}
        await journal.close()

    async def check_progress(self) -> None:
        """The records tell the progress that the store has."""
        for some in [some async for some in Records(self.database).everyone()]:
            for one, value in zip(some, await self.store.load([one.name for one in some]), strict=True):
                assert what_counts(one.progress) == what_counts(decode(value)), one.name


@pytest.fixture(params=KINDS)
def database_at(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as url:
        yield url


@pytest.fixture
async def scene(database_at: str, tmp_path: Path) -> AsyncIterator[Scene]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    async with EmbeddedServer(tmp_path / "store") as server:
        found = Scene(server, database_at, tmp_path, dice())
        yield found
        await found.store.close()
        await found.database.close()


async def test_the_writer_killed_again_and_again_loses_and_doubles_nothing(scene: Scene) -> None:
    for kills in range(KILLS):
        with started(write, *scene.where):
            await scene.writer_begins(kills + 1)
            await scene.play_for(scene.dice.random() * LONGEST)
    told = sum(len(entries) for entries in scene.witness.told.values())
    assert told > KILLS
    await scene.settle()
    assert await kept(scene.database) == scene.witness.to_keep()
    for name in {player.name for player in scene.players} - scene.witness.to_keep().keys():
        assert f"'{name}'" not in await everything(scene.database)
    await scene.check_progress()


async def test_the_store_killed_in_the_middle_loses_nothing_it_acknowledged(scene: Scene) -> None:
    with started(write, *scene.where):
        await scene.writer_begins(1)
        for _ in range(4):
            await scene.play_for(scene.dice.random() * LONGEST, delete=0)
            if scene.server.pid:
                psutil.Process(scene.server.pid).kill()
            await scene.play_for(0.2, delete=0)
        await scene.all_are_answered()
    await scene.settle()
    found = await kept(scene.database)
    for name in found.keys() | scene.witness.told.keys():
        told, perhaps = scene.witness.told.get(name, []), scene.witness.perhaps.get(name, [])
        assert all(entry in found.get(name, []) for entry in told if not before_consent(entry))
        assert all(entry in (*told, *perhaps) for entry in found.get(name, []))
        assert len({entry.turn for entry in found[name]}) == len(found[name])
    await scene.check_progress()


@pytest.mark.parametrize("database_at", ["postgresql"], indirect=True)  # a file has no connections
async def test_connections_cut_in_mid_transaction_lose_and_double_nothing(scene: Scene) -> None:
    with started(write, *scene.where):
        await scene.writer_begins(1)
        for _ in range(10):
            await scene.play_for(scene.dice.random() * 0.3)
            with suppress(OSError, asyncpg.PostgresError):
                await say(CUT, scene.database_url)
    await scene.settle()
    assert await kept(scene.database) == scene.witness.to_keep()
    await scene.check_progress()
