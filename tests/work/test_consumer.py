"""The journal into records, with both ends real, and with ends that fail on purpose."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
import structlog
from databases import KINDS, database_url, everything, kept
from players import Player, Witness, library
from programs import PATIENCE
from structlog.testing import capture_logs

from bot.core.saving import Save, StoreDown
from bot.core.turn import Entry, Record
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import Journal, Waiting
from bot.stores.progress import RedisProgress
from bot.stores.records import Records
from bot.stores.writing import Told, Unwritable, Writer
from bot.tutor import Tutor
from bot.work import journal as module
from bot.work.journal import Consumer

pytestmark = pytest.mark.anyio

Happen = Callable[[], Awaitable[None]]


class Ends:
    """A store, a database, and a consumer between them."""

    def __init__(self, url: str, database: Database) -> None:
        self.store = RedisProgress.connect(url)
        self.journal = Journal.connect(url)
        self.database = database

    def consumer(self, count: int = 7) -> Consumer:
        return Consumer(self.journal, Writer(self.database), count=count, keep=0)

    async def tell(self, learner: str, turn: int, record: bytes | None = None, *, purge: bool = False) -> None:
        entry = Entry(turn, 29_000_000, 20_138, (Record("agreed", choice="vi"),))
        told = b"" if purge else msgspec.msgpack.encode(entry) if record is None else record
        before = b"%d" % (turn - 1) if turn > 1 else b""
        assert await self.store.save([Save(learner, before, b"%d" % turn, told, purge=purge)]) == [True]

    async def turns(self) -> dict[str, list[int]]:
        return {name: [entry.turn for entry in entries] for name, entries in (await kept(self.database)).items()}

    async def until_kept(self, turns: list[int]) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                if (await self.turns()).get("web:an") == turns:
                    return
                await asyncio.sleep(0.01)


@pytest.fixture(params=KINDS)
def database_at(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as url:
        yield url


@pytest.fixture
async def ends(database_at: str, tmp_path: Path) -> AsyncIterator[Ends]:
    database = Database.at(database_at, tmp_path)
    await database.prepare()
    async with EmbeddedServer(tmp_path / "store") as server:
        found = Ends(server.url, database)
        yield found
        await found.store.close()
        await found.journal.close()
    await database.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REST", 0.01)
    monkeypatch.setattr(module, "QUEUE", 0.01)
    monkeypatch.setattr(module, "PAUSES", (0.01, 0.02))


async def test_whatever_is_played_is_kept_and_tells_the_same_progress(ends: Ends) -> None:
    witness = Witness(ends.store)
    tutor, dice = Tutor(library(), witness), random.Random(11)  # noqa: S311  a test's dice
    players = [Player(tutor, f"web:{n}", dice) for n in range(12)]
    consumer = ends.consumer()
    for _ in range(25):
        await asyncio.gather(*(player.play() for player in players))
        if dice.random() < 0.3:
            await consumer.drain()
    await consumer.drain()
    assert await kept(ends.database) == witness.to_keep()
    told = {one.name: one.progress async for some in Records(ends.database).everyone() for one in some}
    assert set(told) == set(witness.to_keep())
    assert len(await ends.store.journal()) <= 16  # the last of each shard stays
    assert any(len(entries) > 5 for entries in witness.told.values())


async def test_it_goes_on_while_learners_play_and_stops_when_told(ends: Ends) -> None:
    consumer = ends.consumer()
    running = asyncio.create_task(consumer.run())
    for turn in range(1, 30):
        await ends.tell("web:an", turn)
    await ends.until_kept(list(range(1, 30)))
    consumer.stop()
    await running


async def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(ends: Ends) -> None:
    await ends.tell("web:an", 1)
    future = Entry(2, 1, 1, (Record("did"),), version=9)
    for turn, odd in enumerate([b"\xc1", msgspec.msgpack.encode(future), msgspec.msgpack.encode([1, 2])], 2):
        await ends.tell("web:an", turn, odd)
    zero = Entry(5, 1, 1, (Record("did", "bai\0"),))
    await ends.tell("web:an", 5, msgspec.msgpack.encode(zero))
    await ends.tell("web:an", 6, msgspec.msgpack.encode(Entry(2**40, 1, 1, (Record("did"),))))
    await ends.tell("web:an", 7)
    structlog.reset_defaults()
    with capture_logs() as logs:
        await ends.consumer(2).drain()
    assert await ends.turns() == {"web:an": [1, 7]}
    assert [line["why"] for line in logs if line["event"] == "an entry of the journal is set aside"] == [
        "No entry of the journal: MessagePack data is malformed: invalid opcode '\\xc1' (byte 0).",
        "An entry of format 9; this program knows 1. A newer one wrote it.",
        "No entry of the journal: Expected `array` of at least length 4, got 2.",
        "An entry with a text that is no key: over 500 characters, or with a zero in it.",
        "An entry whose turn, minute or day is out of bounds.",
    ]
    assert (await ends.journal.behind()).aside == 5
    assert (await ends.journal.behind()).entries == 0


async def test_deleted_before_it_was_ever_read_nothing_is_kept(ends: Ends) -> None:
    await ends.tell("web:an", 1)
    await ends.tell("web:an", 2, purge=True)
    await ends.consumer().drain()
    assert "web" not in await everything(ends.database)
    assert await ends.journal.gone() == {}


async def test_deleted_while_a_batch_is_in_memory_nothing_comes_back(ends: Ends) -> None:
    """Deleted at each moment of a round: after reading, after looking who is gone, after keeping."""
    moments = ["read", "gone", "write", "done"]
    for moment in moments:
        name = f"web:{moment}"

        async def delete(name: str = name) -> None:
            await ends.tell(name, 3, purge=True)

        book = Writer(ends.database)
        consumer = Consumer(Interrupted(ends.journal, moment, delete), InterruptedBook(book, moment, delete), keep=0)
        await ends.tell(name, 1)
        await ends.tell(name, 2)
        await consumer.drain()
        assert await ends.turns() == {}, moment
        assert name not in await everything(ends.database)
        await ends.tell(name, 4)  # and whoever begins anew is someone new
        await ends.consumer().drain()
        assert await ends.turns() == {name: [4]}
        await ends.tell(name, 5, purge=True)
        await ends.consumer().drain()


async def test_the_database_away_loses_nothing_and_memory_is_bounded(ends: Ends) -> None:
    for turn in range(1, 40):
        await ends.tell("web:an", turn)
    away = Away(Writer(ends.database), failures=6)
    consumer = Consumer(ends.journal, away, count=5)
    running = asyncio.create_task(consumer.run())
    await ends.until_kept(list(range(1, 40)))
    consumer.stop()
    await running
    assert away.failures == 0
    assert away.most <= 5


async def test_what_the_database_refuses_is_found_and_set_aside(ends: Ends) -> None:
    for turn in range(1, 5):
        await ends.tell("web:an", turn)
    await Consumer(ends.journal, Refusing(Writer(ends.database), turn=3)).drain()
    assert await ends.turns() == {"web:an": [1, 2, 4]}
    assert (await ends.journal.behind()).aside == 1


async def test_a_second_one_waits_and_goes_on_where_the_first_fell(ends: Ends) -> None:
    first, second = ends.consumer(), ends.consumer()
    await ends.tell("web:an", 1)
    assert await first.round() == 0  # took up: nothing was left
    assert await ends.journal.read()  # as the first would, and then falls
    waiting = asyncio.create_task(second.drain())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await first._book.end()  # noqa: SLF001  its lock goes with it
    await waiting
    assert await ends.turns() == {"web:an": [1]}


class Interrupted:
    """A journal in which something happens after one of its calls, once."""

    def __init__(self, journal: Journal, moment: str, happen: Happen) -> None:
        self._journal, self._moment, self._happen = journal, moment, happen

    async def _after(self, moment: str) -> None:
        if moment == self._moment:
            self._moment = ""
            await self._happen()

    async def read(self, count: int = 1) -> list[Waiting]:
        found = await self._journal.read(count)
        if found:
            await self._after("read")
        return found

    async def take_up(self, since: Mapping[str, str], count: int = 1) -> tuple[dict[str, str], list[Waiting]]:
        return await self._journal.take_up(since, count)

    async def gone(self) -> dict[str, str]:
        found = await self._journal.gone()
        if (await self._journal.behind()).entries:
            await self._after("gone")
        return found

    async def done(self, waiting: Sequence[Waiting], gone: Mapping[str, str], keep: int = 0) -> int:
        trimmed = await self._journal.done(waiting, gone, keep)
        await self._after("done")
        return trimmed

    async def tell_aside(self, count: int) -> None:
        await self._journal.tell_aside(count)


class PassedOn:
    """A book that passes everything on."""

    def __init__(self, book: Writer) -> None:
        self._book = book

    async def begin(self) -> bool:
        return await self._book.begin()

    async def end(self) -> None:
        await self._book.end()

    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None:
        await self._book.write(told, gone)

    async def count_aside(self) -> int:
        return await self._book.count_aside()


class InterruptedBook(PassedOn):
    def __init__(self, book: Writer, moment: str, happen: Happen) -> None:
        super().__init__(book)
        self._moment, self._happen = moment, happen

    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None:
        await super().write(told, gone)
        if self._moment == "write" and told:
            self._moment = ""
            await self._happen()


class Away(PassedOn):
    """A database that is away every other time, before or after it did what it was asked."""

    def __init__(self, book: Writer, failures: int) -> None:
        super().__init__(book)
        self.failures = failures
        self.most = 0

    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None:
        self.most = max(self.most, len(told))
        if self.failures:
            self.failures -= 1
            if self.failures % 2:
                await super().write(told, gone)
            raise StoreDown("The database is away.")
        await super().write(told, gone)


class Refusing(PassedOn):
    """A database that refuses one turn, whatever it is written with."""

    def __init__(self, book: Writer, turn: int) -> None:
        super().__init__(book)
        self._turn = turn

    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None:
        if any(isinstance(each.entry, Entry) and each.entry.turn == self._turn for each in told):
            raise Unwritable("The database refuses it (DataError).")
        await super().write(told, gone)
