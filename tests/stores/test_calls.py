"""Calls for helpers on a server: held once, read whole, dropped."""

from pathlib import Path

import pytest

from bot.core.calls import Call
from bot.stores.board import AGAIN, Board
from bot.stores.calls import KEY, Calls
from bot.stores.embedded import EmbeddedServer
from bot.stores.notes import MemoryNotes
from bot.stores.progress import RedisProgress

pytestmark = pytest.mark.anyio

CALL = Call(29_000_000, "Bà Tư", "vneid-01", "mo-dau", ("telegram:77",))


async def test_a_call_is_held_once_and_dropped(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as server:
        store = RedisProgress.connect(server.url)
        calls = Calls.beside(store)
        assert await calls.all() == {}
        await calls.hold("00 1-0", CALL)
        await calls.hold("00 1-0", Call(1, "", "", "", ()))
        await calls.hold("01 1-0", CALL)
        assert await calls.all() == {"00 1-0": CALL, "01 1-0": CALL}
        await calls.drop(["00 1-0"])
        await calls.drop([])
        await calls._ask([("HSET", KEY, "strange", b"\xc1")])  # noqa: SLF001  of another program's making
        assert await calls.all() == {"01 1-0": CALL}
        await store.close()


async def test_a_board_tells_each_value_once_and_comes_back_after_its_store_was_emptied() -> None:
    notes, now = MemoryNotes(), [0.0]
    writer, reader = (Board(notes, "crew", lambda: now[0]) for _ in range(2))
    assert await reader.news() is None
    await writer.put(b"one")
    assert await reader.news() == b"one"
    assert await reader.news() is None
    await writer.put(b"two")
    assert await reader.news() == b"two"
    notes._values.clear()  # noqa: SLF001  as when a store is emptied
    await writer.put(b"two")
    assert await Board(notes, "crew").news() is None
    now[0] += AGAIN
    await writer.put(b"two")
    assert await Board(notes, "crew").news() == b"two"
