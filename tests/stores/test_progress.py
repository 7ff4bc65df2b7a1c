"""RedisProgress when the server is away, refuses, forgets or moves. What it does on a good day: test_contract.py."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis.exceptions
from redis.crc import key_slot
from store_servers import Cluster, Node, Watched, until

from bot.core.saving import Save, StoreDown
from bot.stores import line
from bot.stores.address import read_url
from bot.stores.line import Command
from bot.stores.progress import RedisProgress, shard

pytestmark = pytest.mark.anyio
DEAD = "redis://:hunter2@127.0.0.1:1"
NOBODY = [  # URLs where nobody listens, and how the place is named
    (DEAD, "127.0.0.1:1"),
    ("rediss://:hunter2@127.0.0.1:1", "127.0.0.1:1"),
    ("unix://:hunter2@/nowhere/store.sock", "/nowhere/store.sock"),
    ("redis+sentinel://:hunter2@127.0.0.1:1,127.0.0.1:2/office", "office (Sentinel 127.0.0.1:1, 127.0.0.1:2)"),
    ("rediss+sentinel://:hunter2@127.0.0.1:1/office", "office (Sentinel 127.0.0.1:1)"),
    ("redis+cluster://:hunter2@127.0.0.1:1,127.0.0.1:2", "127.0.0.1:1, 127.0.0.1:2"),
    ("rediss+cluster://:hunter2@127.0.0.1:1", "127.0.0.1:1"),
]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def node(stack: ExitStack, tmp_path: Path) -> Node:
    return Node(stack, tmp_path / "node", "--appendonly", "yes", "--appendfsync", "always")


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[str], RedisProgress]]:
    opened: list[RedisProgress] = []

    def make(url: str) -> RedisProgress:
        opened.append(RedisProgress.connect(url))
        return opened[-1]

    yield make
    for store in opened:
        await store.close()


Connect = Callable[[str], RedisProgress]


def first(learner: str, record: bytes = b"") -> Save:
    return Save(learner, b"", b"\x01\0\0\0\0\0\0\0\1", record)


async def saves(store: RedisProgress, learner: str) -> bool:
    """Whether the store can save now; ignores whether the learner was saved before."""
    try:
        await store.save([first(learner)])
    except StoreDown:
        return False
    return True


@pytest.mark.parametrize(("url", "place"), NOBODY)
async def test_a_dead_server_is_down_for_every_call_and_closing_is_quiet(url: str, place: str) -> None:
    store = RedisProgress.connect(url)
    for call in (store.load(["An"]), store.save([first("An")]), store.journal(), store.ready()):
        with pytest.raises(StoreDown) as caught:
            await call
        assert str(caught.value).startswith(f"The store at {place} can't be reached (")
        assert "hunter2" not in str(caught.value)
    await store.close()


async def test_a_script_the_server_forgot_is_sent_again_and_runs_once(node: Node, connect: Connect) -> None:
    store = connect(f"redis://127.0.0.1:{node.port}")
    names = [f"An{n}" for n in range(40)]
    assert await store.save([first(who, b"one") for who in names]) == [True] * 40
    node.ask("SCRIPT", "FLUSH")
    assert await store.save([Save(who, first(who).value, b"2", b"two") for who in names]) == [True] * 40
    assert sorted(await store.journal()) == sorted((who, record) for who in names for record in (b"one", b"two"))


async def test_the_first_call_after_a_restart_succeeds_on_every_old_connection(node: Node, connect: Connect) -> None:
    store = connect(f"redis://127.0.0.1:{node.port}")
    names = [f"An{n}" for n in range(100)]
    await asyncio.gather(*(store.save([first(who, b"r")]) for who in names))
    assert node.ask("INFO", "clients")["connected_clients"] == 1 + line.CONNECTIONS
    node.kill()
    with pytest.raises(StoreDown):
        await store.load(names)
    node.start()
    assert await asyncio.gather(*(store.load([who]) for who in names)) == [[first(who).value] for who in names]
    assert await store.save([first(names[0])]) == [False]


async def test_a_save_that_lost_its_answer_is_not_sent_again() -> None:
    heard: list[bytes] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1") as hearing:
        store = RedisProgress.connect(f"redis://127.0.0.1:{hearing.sockets[0].getsockname()[1]}")
        with pytest.raises(StoreDown, match="Connection closed by server"):
            await store.save([first("An", b"record")])
        await store.close()
    assert [b"EVALSHA" in words for words in heard] == [True]


async def test_a_silent_server_is_given_up_and_found_again(
    node: Node, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = connect(f"redis://127.0.0.1:{node.port}")
    await store.ready()
    node.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(StoreDown, match="didn't answer within 1 s"):
        await store.ready()
    assert time.monotonic() - began < 3
    monkeypatch.setattr("bot.stores.asking.ANSWER_SECONDS", 0.2)
    with pytest.raises(StoreDown, match=r"^The store at 127.0.0.1:\d+ didn't answer within 0.2 s\.$"):
        await store.load(["An"])
    node.process.send_signal(signal.SIGCONT)
    monkeypatch.setattr("bot.stores.asking.ANSWER_SECONDS", 10)
    assert await store.load(["An"]) == [b""]


async def test_wrong_logins_are_told_without_the_password(stack: ExitStack, tmp_path: Path, connect: Connect) -> None:
    node = Node(stack, tmp_path / "node", password="right+one")  # noqa: S106
    await connect(f"redis://:right+one@127.0.0.1:{node.port}").ready()
    for login in (":hunter2@", "an:hunter2@", ""):
        with pytest.raises(StoreDown, match="refuses the name or password in its URL") as caught:
            await connect(f"redis://{login}127.0.0.1:{node.port}").ready()
        assert "hunter2" not in str(caught.value)


async def test_a_server_that_takes_no_writes_is_not_ready(node: Node, connect: Connect) -> None:
    store = connect(f"redis://127.0.0.1:{node.port}")
    await store.save([first("An")])
    node.ask("CONFIG", "SET", "maxmemory", "1")
    for call in (store.ready(), store.save([first("Bình", b"record")])):
        with pytest.raises(StoreDown, match="has no memory left for writes"):
            await call
    assert await store.load(["An", "Bình"]) == [first("An").value, b""]
    node.ask("CONFIG", "SET", "maxmemory", "0")
    await store.ready()
    assert await store.journal() == []
    assert node.ask("DBSIZE") == 1
    node.ask("REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(StoreDown, match="is a replica and takes no writes"):
        await store.ready()


async def test_a_record_that_cant_be_written_stops_its_save(node: Node, connect: Connect) -> None:
    store = connect(f"redis://127.0.0.1:{node.port}")
    node.ask("SET", f"{{{shard('An')}}}:journal", "not a stream")
    with pytest.raises(StoreDown, match="refused a command"):
        await store.save([first("An", b"record")])
    assert await store.load(["An"]) == [b""]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (redis.exceptions.BusyLoadingError("x"), "The store at 127.0.0.1:1 is still loading its data."),
        (
            redis.exceptions.NoPermissionError("x"),
            "The store at 127.0.0.1:1 doesn't let us do what we must; give our name all commands on all keys.",
        ),
        (
            redis.exceptions.ResponseError("MISCONF Errors writing: No space left on device."),
            "The store at 127.0.0.1:1 can't write to its disk (MISCONF Errors writing: No space left on device).",
        ),
        (
            redis.exceptions.ResponseError("ERR odd:\nhunter2 "),
            "The store at 127.0.0.1:1 refused a command (ERR odd: ***).",
        ),
        (redis.exceptions.ClusterDownError("x"), "The store at 127.0.0.1:1 is a cluster of which a part is down."),
        (
            redis.exceptions.MaxConnectionsError("Too many connections"),
            "The store at 127.0.0.1:1 can't be reached (Too many connections).",
        ),
        (ConnectionResetError(), "The store at 127.0.0.1:1 can't be reached (ConnectionResetError)."),
        (TimeoutError(), "The store at 127.0.0.1:1 didn't answer within 4 s."),
    ],
)
async def test_every_trouble_is_one_sentence(error: Exception, sentence: str) -> None:
    class Broken:
        spread = False

        async def ask(self, commands: Sequence[Command]) -> list[Any]:  # noqa: ARG002
            raise error

        async def keys(self, pattern: str, at_once: int) -> AsyncIterator[list[bytes]]:  # noqa: ARG002
            for _ in range(1):
                await self.ask([])
                yield []

        async def close(self) -> None:
            raise error

    store = RedisProgress(Broken(), read_url(DEAD))
    with pytest.raises(StoreDown) as caught:
        await store.load(["An"])
    assert str(caught.value) == sentence
    assert caught.value.__cause__ is error
    with pytest.raises(StoreDown, match=f"^{re.escape(sentence)}$"):
        await anext(store.everyone())
    await store.close()


async def test_a_dead_node_of_a_cluster_keeps_only_its_own_learners_waiting(
    stack: ExitStack, tmp_path: Path, connect: Connect
) -> None:
    cluster = Cluster(stack, tmp_path)
    store = connect(cluster.url)
    names = [f"An{n}" for n in range(60)]
    on_first = [who for who in names if key_slot(f"{{{shard(who)}}}".encode()) <= 16384 // 3 - 1]
    elsewhere = [who for who in names if who not in on_first]
    assert len(on_first) > 5 < len(elsewhere)
    assert all(await store.save([first(who, who.encode()) for who in names]))
    with pytest.raises(StoreDown, match=r"is part of a cluster; its URL begins with redis\+cluster://"):
        await connect(f"redis://127.0.0.1:{cluster.nodes[0].port}").load(names)
    connected = cluster.nodes[1].ask("INFO", "clients")["connected_clients"]
    leaving = connect(cluster.url)
    assert await leaving.load(elsewhere)
    cluster.nodes[0].kill()
    with pytest.raises(StoreDown):
        await leaving.load(on_first)
    await leaving.close()
    assert cluster.nodes[1].ask("INFO", "clients")["connected_clients"] == connected
    with pytest.raises(StoreDown):
        await store.load(on_first)
    with pytest.raises(StoreDown):
        await store.ready()
    assert await store.load(elsewhere) == [first(who).value for who in elsewhere]
    cluster.nodes[0].start()
    await until(lambda: saves(store, "one more"))
    assert await store.load(names) == [first(who).value for who in names]
    assert sorted(await store.journal()) == sorted((who, who.encode()) for who in names)


async def test_sentinels_lead_to_the_server_that_took_over(stack: ExitStack, tmp_path: Path, connect: Connect) -> None:
    watched = Watched(stack, tmp_path)
    store = connect(watched.url)
    assert await store.save([first("An", b"record")]) == [True]
    await until(lambda: asyncio.to_thread(watched.second.ask, "EXISTS", f"{{{shard('An')}}}:p:An"))
    watched.first.kill()
    assert not await saves(store, "An")
    await until(lambda: saves(store, "Bình"))
    assert await store.load(["An", "Bình"]) == [first("An").value, first("Bình").value]
    assert await store.journal() == [("An", b"record")]
