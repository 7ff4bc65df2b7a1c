"""The journal read by whoever writes the records: in order, again after a fall, and never more than is kept."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis
from store_servers import Cluster

from bot.core.saving import Save
from bot.stores.embedded import EmbeddedServer
from bot.stores.journal import GROUP, Journal, Waiting
from bot.stores.progress import TAGS, RedisProgress, shard

pytestmark = pytest.mark.anyio


class Place:
    """A store and its journal."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.store = RedisProgress.connect(url)
        self.journal = Journal.connect(url)
        self.turns: dict[str, int] = {}

    async def tell(self, *learners: str, purge: bool = False) -> None:
        """Save a turn of each, with a record that names it."""
        saves = []
        for learner in learners:
            turn = self.turns.get(learner, 0)
            before = f"{turn}".encode() if turn else b""
            self.turns[learner] = turn + 1
            record = b"" if purge else f"{learner} {turn + 1}".encode()
            saves.append(Save(learner, before, f"{turn + 1}".encode(), record, purge=purge))
        assert all(await self.store.save(saves))

    async def rest(self) -> list[bytes]:
        """What the journal still holds."""
        return [record for _, record in await self.store.journal()]

    async def close(self) -> None:
        await self.store.close()
        await self.journal.close()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with EmbeddedServer(tmp_path / "store") as server:
        found = Place(server.url)
        yield found
        await found.close()


def entries(waiting: list[Waiting]) -> list[str]:
    return [each.entry.decode() for each in waiting]


async def left(journal: Journal) -> list[str]:
    """What was read and never done with."""
    found: list[Waiting] = []
    since: dict[str, str] = {}
    while True:
        since, some = await journal.take_up(since, 3)
        found += some
        if not since:
            return entries(found)


async def test_new_entries_are_read_once_and_in_order(place: Place) -> None:
    await place.tell("an", "binh")
    await place.tell("an")
    found = await place.journal.read()
    assert sorted(entries(found)) == ["an 1", "an 2", "binh 1"]
    assert [each.entry for each in found if each.learner == "an"] == [b"an 1", b"an 2"]
    assert {each.shard for each in found} == {shard("an"), shard("binh")}
    assert await place.journal.read() == []
    await place.tell("an")
    assert entries(await place.journal.read()) == ["an 3"]


async def test_what_was_not_done_with_is_taken_up_in_order_and_what_was_is_not(place: Place) -> None:
    for _ in range(10):
        await place.tell("an")
    first = await place.journal.read(4)
    await place.journal.done(first[:2], {})
    await place.journal.read(4)
    assert await left(place.journal) == [f"an {n}" for n in range(3, 9)]
    assert await left(place.journal) == [f"an {n}" for n in range(3, 9)]
    assert entries(await place.journal.read()) == ["an 9", "an 10"]


async def test_what_another_reader_left_is_taken_up_too(place: Place) -> None:
    await place.tell("an")
    await place.journal.take_up({})
    async with Redis.from_url(place.url) as client:
        await client.xreadgroup(GROUP, "of-old", {f"{{{shard('an')}}}:journal": ">"})
    assert await left(place.journal) == ["an 1"]


async def test_a_lost_group_begins_anew_and_a_lost_journal_is_no_trouble(place: Place) -> None:
    await place.tell("an")
    await place.journal.done(await place.journal.read(), {})
    async with Redis.from_url(place.url) as client:
        await client.xgroup_destroy(f"{{{shard('an')}}}:journal", GROUP)
        assert entries(await place.journal.read()) == ["an 1"]
        await client.flushall()
        place.turns.clear()
        assert await place.journal.read() == []
        assert await left(place.journal) == []
        await place.tell("an")
        assert entries(await place.journal.read()) == ["an 1"]


async def test_a_store_that_forgot_the_scripts_is_told_them_again(place: Place) -> None:
    await place.tell("an")
    async with Redis.from_url(place.url) as client:
        await client.script_flush()
    assert entries(await place.journal.read()) == ["an 1"]


async def test_only_what_all_are_done_with_is_trimmed_and_a_margin_stays(place: Place) -> None:
    for _ in range(10):
        await place.tell("an")
    first = await place.journal.read(4)
    assert await place.journal.done(first[:3], {}, keep=0) == 3  # the fourth is not done with
    assert await place.journal.done(first[3:], {}, keep=0) == 0  # it stays until more is read
    second = await place.journal.read(4)
    assert await place.journal.done(second, {}, keep=5) == 2
    assert await place.rest() == [f"an {n}".encode() for n in range(6, 11)]
    async with Redis.from_url(place.url) as client:
        await client.xgroup_create(f"{{{shard('an')}}}:journal", "others", "0")
    assert await place.journal.done(await place.journal.read(), {}, keep=0) == 0
    assert len(await place.rest()) == 5


async def test_the_deleted_are_told_until_that_is_done(place: Place) -> None:
    await place.tell("an", "binh")
    read = await place.journal.read()
    await place.tell("an", purge=True)
    gone = await place.journal.gone()
    assert gone == {"an": next(each.position for each in read if each.learner == "an")}
    assert await place.rest() == [b"binh 1"]
    await place.journal.done(read, gone)
    assert await place.journal.gone() == {}
    assert await left(place.journal) == []


async def test_whoever_is_deleted_again_meanwhile_stays_among_the_gone(place: Place) -> None:
    await place.tell("an", purge=True)
    gone = await place.journal.gone()
    assert gone == {"an": "0-0"}  # before anything was told
    await place.tell("an")
    await place.tell("an", purge=True)
    await place.journal.done([], gone)
    assert set(await place.journal.gone()) == {"an"}
    await place.journal.done([], await place.journal.gone())
    assert await place.journal.gone() == {}


async def test_entries_of_others_make_are_read_as_they_are(place: Place) -> None:
    async with Redis.from_url(place.url) as client:
        await client.xadd(f"{{{TAGS[0]}}}:journal", {"l": b"\xff", "r": "?"})
        await client.xadd(f"{{{TAGS[0]}}}:journal", {"other": "things"})
    found = await place.journal.read()
    assert [(each.learner, each.entry) for each in found] == [(None, b"?"), (None, b"")]


async def test_it_tells_how_far_behind_it_is(place: Place) -> None:
    assert await place.journal.behind() == (0, 0, 0)
    await place.tell("an", "binh")
    behind = await place.journal.behind()
    async with Redis.from_url(place.url) as client:
        now = (await client.time())[0]
    assert behind.entries == 2
    assert now - 60 < behind.since <= now + 1
    read = await place.journal.read()
    assert await place.journal.behind() == behind
    await place.journal.done(read, {})
    await place.journal.tell_aside(3)
    assert await place.journal.behind() == (0, 0, 3)


async def test_it_is_the_same_on_a_cluster(tmp_path: Path) -> None:
    with ExitStack() as stack:
        place = Place(Cluster(stack, tmp_path).url)
        names = [f"learner-{n}" for n in range(60)]
        await place.tell(*names)
        assert (await place.journal.behind()).entries == 60
        found = await place.journal.read()
        assert sorted(entries(found)) == sorted(f"{name} 1" for name in names)
        await place.tell(names[0], purge=True)
        gone = await place.journal.gone()
        assert set(gone) == {names[0]}
        assert len(await left(place.journal)) == 59
        assert await place.journal.done(found, gone, keep=0) > 0
        assert await place.journal.behind() == (0, 0, 0)
        await place.close()
