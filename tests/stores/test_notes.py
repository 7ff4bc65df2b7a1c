"""Small values beside the progress: the same contract in memory and on a server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.saving import StoreDown
from bot.stores.embedded import EmbeddedServer
from bot.stores.notes import MemoryNotes, RedisNotes
from bot.stores.progress import RedisProgress

pytestmark = pytest.mark.anyio

Notes = MemoryNotes | RedisNotes


@pytest.fixture(params=["memory", "server"])
async def notes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Notes]:
    if request.param == "memory":
        yield MemoryNotes()
        return
    async with EmbeddedServer(tmp_path / "store") as server:
        store = RedisProgress.connect(server.url)
        yield RedisNotes.beside(store)
        await store.close()


async def test_what_was_put_is_found_until_it_is_dropped(notes: Notes) -> None:
    assert await notes.get("a") == b""
    await notes.put({"a": b"1", "b": b"\x00\xff"}, 60)
    assert (await notes.get("a"), await notes.get("b")) == (b"1", b"\x00\xff")
    await notes.drop("a")
    await notes.drop("a")
    assert await notes.get("a") == b""
    await notes.put({}, 60)


async def test_a_swap_counts_only_where_nothing_moved(notes: Notes) -> None:
    assert await notes.swap("a", b"", b"1")
    assert not await notes.swap("a", b"", b"2")
    assert not await notes.swap("a", b"0", b"2")
    assert await notes.swap("a", b"1", b"2", 60)
    assert await notes.get("a") == b"2"


async def test_of_many_swaps_at_once_one_wins(notes: Notes) -> None:
    won = await asyncio.gather(*(notes.swap("a", b"", b"%d" % number) for number in range(20)))
    assert sum(won) == 1
    assert await notes.get("a") == b"%d" % won.index(True)


async def test_what_is_to_vanish_vanishes() -> None:
    now = [0.0]
    notes = MemoryNotes(lambda: now[0])
    await notes.put({"a": b"1"}, 10)
    await notes.swap("b", b"", b"1", 10)
    now[0] = 11
    assert (await notes.get("a"), await notes.get("b")) == (b"", b"")
    assert await notes.swap("a", b"", b"2")


async def test_a_server_lets_it_vanish_too(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as server:
        store = RedisProgress.connect(server.url)
        notes = RedisNotes.beside(store)
        await notes.put({"a": b"1"}, 100)
        await notes.swap("b", b"", b"1", 200)
        await notes.swap("c", b"", b"1")
        ends = await notes._ask([("TTL", "a"), ("TTL", "b"), ("TTL", "c")])  # noqa: SLF001  there is no other way to ask
        assert [round(end, -1) for end in ends] == [100, 200, 0]
        assert ends[2] == -1
        await store.close()


async def test_a_store_that_is_away_is_said(tmp_path: Path) -> None:
    store = RedisProgress.connect(f"unix://{tmp_path}/none.sock")
    notes = RedisNotes.beside(store)
    with pytest.raises(StoreDown, match="can't be reached"):
        await notes.get("a")
    with pytest.raises(StoreDown):
        await notes.swap("a", b"", b"1")
    with pytest.raises(StoreDown):
        await notes.put({"a": b"1"}, 1)
    await store.close()
