"""What every store does, shown on each of them: memory, embedded, REDIS_URL, a cluster, behind a Sentinel."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import ALL, missing
from redis.asyncio import Redis
from store_servers import Cluster, Watched, until

from bot.core.saving import Save
from bot.stores.embedded import EmbeddedServer
from bot.stores.memory import MemoryProgress
from bot.stores.progress import TAGS, RedisProgress, shard

pytestmark = pytest.mark.anyio


class Store(Protocol):
    async def load(self, learners: list[str]) -> list[bytes]: ...
    async def save(self, saves: list[Save]) -> list[bool]: ...
    def everyone(self, at_once: int) -> AsyncIterator[list[bytes]]: ...
    async def journal(self) -> list[tuple[str, bytes]]: ...
    async def offer(self, code: str, value: bytes, seconds: int) -> bool: ...
    async def take(self, code: str, taker: str) -> bytes: ...
    async def count(self, what: str, seconds: int, by: int = 1) -> int: ...
    async def ready(self) -> None: ...
    async def close(self) -> None: ...


class Place(msgspec.Struct):
    """A store and a corner of it that is this test's own."""

    store: Store
    pass_time: Callable[[float], Awaitable[None]]
    corner: str

    def who(self, name: str = "An") -> str:
        return f"{self.corner}{name}"

    async def records(self) -> list[tuple[str, bytes]]:
        entries = await self.store.journal()
        return [(who.removeprefix(self.corner), record) for who, record in entries if who.startswith(self.corner)]

    async def value(self, learner: str) -> bytes:
        [value] = await self.store.load([learner])
        return value


def value(turn: int, rest: bytes = b"rest") -> bytes:
    return b"\x01" + turn.to_bytes(8, "big") + rest


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path_factory.mktemp("cluster"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with ExitStack() as stack:
        yield Watched(stack, tmp_path_factory.mktemp("watched"))


def external_url() -> str:
    url = os.environ.get("REDIS_URL") or ("redis://127.0.0.1:6379/15" if os.environ.get(ALL) else "")
    return url or missing("REDIS_URL")


async def clear(url: str, corner: str) -> None:
    """Take what one test left from a server that isn't the tests' own."""
    async with Redis.from_url(url) as client:
        async for key in client.scan_iter(f"{{*}}:p:{corner}*"):
            await client.delete(key)
        for journal in (f"{{{tag}}}:journal" for tag in TAGS):
            entries: list[tuple[bytes, dict[bytes, bytes]]] = await client.xrange(journal)  # type: ignore[assignment]
            if mine := [number for number, fields in entries if fields[b"l"].startswith(corner.encode())]:
                await client.xdel(journal, *mine)
                if len(mine) == len(entries):
                    await client.delete(journal)


@pytest.fixture(params=["memory", "embedded", "external", "cluster", "sentinel"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    corner = f"test-{uuid.uuid4().hex}-"
    if request.param == "memory":
        now = [1000.0]

        async def skip(seconds: float) -> None:
            now[0] += seconds

        yield Place(MemoryProgress(lambda: now[0]), skip, corner)
    elif request.param == "embedded":
        async with EmbeddedServer(tmp_path / "store") as server:
            store = RedisProgress.connect(server.url)
            yield Place(store, asyncio.sleep, corner)
            await store.close()
    else:
        servers = {"cluster": "cluster", "sentinel": "watched"}
        own = servers.get(request.param)
        url: str = request.getfixturevalue(own).url if own else external_url()
        store = RedisProgress.connect(url)
        yield Place(store, asyncio.sleep, corner)
        await store.close()
        if not own:
            await clear(url, corner)


async def test_loads_what_was_saved_in_the_order_asked(place: Place) -> None:
    names = [place.who(str(n)) for n in range(40)]
    saves = [Save(who, b"", value(1, who.encode())) for who in names]
    assert await place.store.save(saves) == [True] * 40
    asked = [*reversed(names), place.who("nobody"), names[3]]
    assert await place.store.load(asked) == [*(value(1, who.encode()) for who in reversed(names)), b"", saves[3].value]


async def test_everybody_is_found_once_and_in_pieces(place: Place) -> None:
    saves = [Save(place.who(f"Đào {n}"), b"", value(1, place.who(str(n)).encode()), b"record") for n in range(250)]
    await place.store.save(saves)
    pieces = [piece async for piece in place.store.everyone(20)]
    found = [value for piece in pieces for value in piece if place.corner.encode() in value]
    assert sorted(found) == sorted(save.value for save in saves)
    assert len(pieces) > 3


async def test_is_ready_and_being_ready_writes_nothing(place: Place) -> None:
    await place.store.ready()
    assert await place.records() == []


async def test_nothing_asked_is_nothing_done(place: Place) -> None:
    assert await place.store.load([]) == []
    assert await place.store.save([]) == []


async def test_a_save_from_an_old_value_is_refused_and_leaves_no_record(place: Place) -> None:
    who = place.who()
    assert await place.store.save([Save(who, b"", value(1), b"one")]) == [True]
    assert await place.store.save([Save(who, b"", value(1, b"other"), b"late")]) == [False]
    assert await place.store.save([Save(who, value(2), value(3), b"early")]) == [False]
    assert await place.store.save([Save(who, value(1), value(2), b"two")]) == [True]
    assert await place.value(who) == value(2)
    assert await place.records() == [("An", b"one"), ("An", b"two")]


async def test_two_values_of_the_same_turn_are_told_apart(place: Place) -> None:
    who = place.who()
    await place.store.save([Save(who, b"", value(1, b"as saved"))])
    assert await place.store.save([Save(who, value(1, b"of another life"), value(2))]) == [False]
    assert await place.store.save([Save(who, value(1, b"as save"), value(2))]) == [False]
    assert await place.store.save([Save(who, value(1, b"as saved"), value(2))]) == [True]


async def test_of_many_at_once_one_wins_each_turn(place: Place) -> None:
    who, before = place.who(), b""
    for turn in range(1, 6):
        tries = [Save(who, before, value(turn, b"%d" % n), b"%d/%d" % (turn, n)) for n in range(12)]
        won = await asyncio.gather(*(place.store.save([attempt]) for attempt in tries))
        assert won.count([True]) == 1
        before = tries[won.index([True])].value
        assert await place.value(who) == before
    assert len(await place.records()) == 5


async def test_the_journal_keeps_the_order_within_a_learner(place: Place) -> None:
    turns = [value(turn) for turn in range(30)]
    await place.store.save([Save(place.who(), b"", turns[0], b"0")])
    for turn, (before, after) in enumerate(pairwise(turns), 1):
        assert await place.store.save([Save(place.who(), before, after, b"%d" % turn)]) == [True]
    assert await place.records() == [("An", b"%d" % turn) for turn in range(30)]


async def test_a_journal_of_several_pieces_is_read_whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.stores.progress.PIECE", 3)
    names = [place.who() if n % 2 else place.who("Bình") for n in range(12)]
    await place.store.save([Save(who, b"", b"", b"%d" % n) for n, who in enumerate(names)])
    assert sorted(await place.records()) == sorted(
        (who.removeprefix(place.corner), b"%d" % n) for n, who in enumerate(names)
    )


async def test_each_save_of_a_batch_is_judged_by_itself(place: Place) -> None:
    names = [place.who(str(n)) for n in range(200)]
    assert len({shard(who) for who in names}) == len(TAGS)
    await place.store.save([Save(who, b"", value(1)) for who in names[::3]])
    won = await place.store.save([Save(who, b"", value(1, b"second"), b"second") for who in names])
    assert won == [n % 3 != 0 for n in range(200)]
    rests = [loaded[9:] for loaded in await place.store.load(names)]
    assert rests == [b"second" if n % 3 else b"rest" for n in range(200)]
    assert sorted(int(who) for who, _ in await place.records()) == [n for n in range(200) if n % 3]


async def test_one_learner_twice_in_a_batch_is_judged_in_order(place: Place) -> None:
    who = place.who()
    batch = [
        Save(who, b"", value(1), b"one"),
        Save(place.who("Bình"), b"", value(1)),
        Save(who, b"", value(1, b"doubled"), b"doubled"),
        Save(who, value(1), value(2), b"two"),
    ]
    assert await place.store.save(batch) == [True, True, False, True]
    assert await place.value(who) == value(2)
    assert await place.records() == [("An", b"one"), ("An", b"two")]


@pytest.mark.parametrize("name", ["", "Nguyễn Thị Ổi", "{x}:y z", "a\r\n*1\x00\u200b\U0001f600", "x" * 300])
async def test_any_name_and_any_bytes_are_kept(place: Place, name: str) -> None:
    everything = value(1, bytes(range(256)) * 5)
    assert await place.store.save([Save(place.who(name), b"", everything, everything[::-1])]) == [True]
    assert await place.value(place.who(name)) == everything
    assert await place.records() == [(name, everything[::-1])]


async def test_purge_strikes_only_the_learners_own_earlier_records(place: Place) -> None:
    who = place.who()
    same_shard = next(name for n in range(1000) if shard(name := place.who(f"{n}")) == shard(who))
    turns = [value(turn) for turn in range(600)]
    pairs = list(pairwise([b"", *turns]))
    saves = [Save(name, *pair, b"before") for pair in pairs for name in (who, same_shard)]
    assert all(await place.store.save(saves))
    refused = Save(who, b"", value(9), b"refused", purge=True)
    assert await place.store.save([refused]) == [False]
    assert len(await place.records()) == 1200
    assert await place.store.save([Save(who, turns[-1], value(600), b"after", purge=True)]) == [True]
    records = await place.records()
    assert [record for name, record in records if name == "An"] == [b"after"]
    assert len(records) == 601
    assert await place.store.save([Save(who, value(600), value(601), purge=True)]) == [True]
    assert len(await place.records()) == 600


async def test_a_value_that_expires_vanishes_and_its_record_stays(place: Place) -> None:
    who, kept = place.who(), place.who("Bình")
    saves = [Save(who, b"", value(1), b"told", expires=1), Save(kept, b"", value(1), expires=1)]
    await place.store.save([*saves, Save(kept, value(1), value(2))])
    assert await place.store.load([who, kept]) == [value(1), value(2)]

    async def vanished() -> bool:
        await place.pass_time(0.1)
        return await place.value(who) == b""

    await until(vanished)
    assert await place.value(kept) == value(2)
    assert await place.records() == [("An", b"told")]
    assert await place.store.save([Save(who, value(1), value(2)), Save(who, b"", value(1))]) == [False, True]


async def test_an_expiry_that_is_no_time_is_a_mistake_and_writes_nothing(place: Place) -> None:
    with pytest.raises(ValueError, match="from 1 up"):
        await place.store.save([Save(place.who("Bình"), b"", value(1)), Save(place.who(), b"", value(1), expires=0)])
    assert await place.store.load([place.who(), place.who("Bình")]) == [b"", b""]


async def test_a_code_in_force_stands_for_one_thing_and_is_taken_by_one(place: Place) -> None:
    code, other = place.who("482913"), place.who("000007")
    assert await place.store.offer(code, b"first", 2)
    assert not await place.store.offer(code, b"second", 600)
    assert await place.store.offer(other, b"second", 600)
    assert await place.store.take(place.who("111111"), "telegram:1") == b""
    assert await place.store.take(code, "telegram:1") == b"first"
    assert await place.store.take(code, "web:2") == b""
    assert await place.store.take(code, "telegram:1") == b"first"  # the same update, delivered again
    assert await place.store.take(other, "web:2") == b"second"

    async def over() -> bool:
        await place.pass_time(0.1)
        return await place.store.take(code, "telegram:1") == b""

    await until(over)
    assert await place.store.offer(code, b"third", 600)
    assert await place.store.take(code, "web:2") == b"third"


async def test_what_is_counted_begins_anew_after_its_time(place: Place) -> None:
    what, other = place.who("try"), place.who("give")
    assert [await place.store.count(what, 1, by) for by in (0, 1, 1, 0, 1)] == [0, 1, 2, 2, 3]
    assert await place.store.count(other, 600) == 1

    async def over() -> bool:
        await place.pass_time(0.1)
        return await place.store.count(what, 1, by=0) == 0

    await until(over)
    assert await place.store.count(other, 600) == 2


Plan = list[list[tuple[int, int, bool, bool]]]  # batches of (learner, turns behind, with a record, purge)
plans = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 0, 0, 1, 2]), st.booleans(), st.booleans()), max_size=6),
    max_size=8,
)


@pytest.mark.parametrize("place", ["memory", "embedded"], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans)
async def test_behaves_like_a_dict_and_a_list(place: Place, plan: Plan) -> None:
    round_ = uuid.uuid4().hex
    names = [place.who(f"{round_}-{n}") for n in range(3)]
    values = dict.fromkeys(names, b"")
    journal: list[tuple[str, bytes]] = []
    turn = 0
    for batch in plan:
        saves, expected = [], []
        for n, behind, told, purge in batch:
            turn += 1
            who = names[n]
            before = value(turn + 1000) if behind == 2 else b"" if behind else values[who]
            save = Save(who, before, value(turn, who.encode()), b"%d" % turn if told else b"", None, purge)
            saves.append(save)
            expected.append(before == values[who])
            if before == values[who]:
                values[who] = save.value
                journal = [entry for entry in journal if not purge or entry[0] != who]
                journal += [(who, save.record)] if told else []
        assert await place.store.save(saves) == expected
        assert await place.store.load(names) == list(values.values())
    mine = [entry for entry in await place.store.journal() if entry[0] in values]
    assert mine == sorted(journal, key=lambda entry: shard(entry[0]))
