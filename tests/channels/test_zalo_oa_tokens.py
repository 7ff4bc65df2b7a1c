"""The tokens of the Official Account: refreshed once, by one, and never when nobody knows what came of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from zalo_oa_emulator import Emulator
from zalo_oa_emulator.clock import until
from zalo_oa_helpers import Bot, Notes, log_in, started, walk

from bot.channels.zalo_oa.client import Client, NeedsOperator
from bot.channels.zalo_oa.tokens import Pair, Tokens, install, key
from bot.stores.embedded import EmbeddedServer
from bot.stores.notes import RedisNotes
from bot.stores.progress import RedisProgress

pytestmark = pytest.mark.anyio

HOUR = 3600.0
TOKEN = "/v4/oa/access_token"  # noqa: S105  a path


class Slow(Notes):
    """Notes in which another may always come between."""

    async def get(self, key: str) -> bytes:
        found = await super().get(key)
        await asyncio.sleep(0)
        return found

    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool:
        await asyncio.sleep(0)
        return await super().swap(key, before, value, seconds)


@dataclass
class Shared:
    """A Zalo, and the store that several processes share."""

    zalo: Emulator
    notes: Notes
    clients: list[Client] = field(default_factory=list)

    def tokens(self) -> Tokens:
        """Return what one process has of them."""
        return Tokens(self.client(), self.notes, clock=self.zalo.clock.now, sleep=self.zalo.clock.sleep)

    def client(self) -> Client:
        app, url = self.zalo.app, self.zalo.url
        self.clients.append(Client(app.id, app.secret, url, url, clock=self.zalo.clock.now))
        return self.clients[-1]


@asynccontextmanager
async def shared(make: Callable[[Callable[[], float]], Notes] = Notes) -> AsyncIterator[Shared]:
    async with Emulator() as zalo:
        found = Shared(zalo, make(zalo.clock.now))
        await log_in(zalo, found.notes)
        yield found
        for client in found.clients:
            await client.close()
        assert zalo.complaints == []


async def kept(zalo: Emulator, notes: Notes) -> Pair:
    return msgspec.json.decode(await notes.get(key(zalo.app.id)), type=Pair)


def needed() -> float | None:
    return REGISTRY.get_sample_value("hocso_zalo_oa_login_needed")


async def soon(clock: Any, seen: Callable[[], bool], step: float = 0.3, most: int = 400) -> None:
    """Let time pass in small steps until it is so."""
    for _ in range(most):
        if seen():
            return
        clock.skip(step)
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


async def test_of_many_processes_one_refreshes_at_twenty_hours() -> None:
    async with shared(Slow) as all_:
        zalo = all_.zalo
        processes = [all_.tokens() for _ in range(6)]
        tasks = [asyncio.create_task(each.keep()) for each in processes]
        await until(lambda: zalo.clock.next < float("inf"))
        zalo.clock.skip(19.9 * HOUR)
        await asyncio.sleep(0.05)
        assert zalo.authority.asked == []
        zalo.clock.skip(0.2 * HOUR)
        await soon(zalo.clock, lambda: len(zalo.authority.pairs) == 2)
        for _ in range(50):
            zalo.clock.skip(60)
            await asyncio.sleep(0.002)
        assert zalo.authority.asked == ["refresh_token"]
        assert {await each.access() for each in processes} == {zalo.authority.pairs[-1].access}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_two_processes_whose_token_is_refused_at_once_refresh_once() -> None:
    async with shared(Slow) as all_:
        zalo, notes = all_.zalo, all_.notes
        zalo.clock.skip(2 * HOUR)
        old = (await kept(zalo, notes)).access
        zalo.authority.pairs[-1].gone = True
        both = asyncio.gather(*(all_.tokens().after(old) for _ in range(2)))
        await soon(zalo.clock, both.done)
        assert both.result() == [zalo.authority.pairs[-1].access] * 2
        assert zalo.authority.asked == ["refresh_token"]


async def test_an_expired_token_is_refreshed_and_the_message_goes_out() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan, ())
        bot.zalo.clock.skip(26 * HOUR)
        await lan.types("1")
        (seen,) = await lan.hears(1)
        assert "nên gọi" in seen.text
        assert bot.zalo.authority.asked == ["refresh_token"]


async def test_a_revoked_token_is_told_once_and_the_rest_goes_on() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        bot.zalo.clock.skip(HOUR)
        bot.zalo.authority.revoke()
        with capture_logs() as log:
            for number in ("2", "1", "1"):
                await lan.types(number)
                await bot.channel.settled()
                await bot.zalo.quiet()
        assert {each.status for each in bot.zalo.delivery.tried} == {200}
        assert len(await bot.records(lan, "answered")) == 2, "what they did is kept, though nobody can be answered"
        told = [each for each in log if each["log_level"] == "error"]
        assert [each["event"] for each in told] == [
            "zalo's tokens can't be refreshed any more",
            "zalo's official account does not work",
        ]
        assert told[0]["cure"] == "run `hocso zalo login`"
        assert "-14014" in told[0]["why"]
        assert told[1]["why"].endswith("run `hocso zalo login`")
        assert needed() == 1
        assert bot.zalo.authority.asked == ["refresh_token"], "a refresh that was refused is not tried again"
        await lan.hears(0)
        await log_in(bot.zalo, bot.notes)
        await lan.types("nghe lại")
        await lan.hears(1)
        assert needed() == 0


@pytest.mark.parametrize("kind", ["cut after", "cut before", "page"])
async def test_a_refresh_that_got_no_answer_is_never_tried_again_but_told(kind: Any) -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        ours = all_.tokens()
        zalo.fails(kind, path=TOKEN)
        zalo.clock.skip(20.1 * HOUR)
        with capture_logs() as log:
            keeping = asyncio.create_task(ours.keep())
            await soon(zalo.clock, lambda: needed() == 1)
            for _ in range(40):
                zalo.clock.skip(HOUR / 20)
                await asyncio.sleep(0.002)
        keeping.cancel()
        assert len(zalo.authority.asked) == (kind == "cut after"), "it was asked for once at most"
        [told] = [each for each in log if each["event"] == "zalo's tokens can't be refreshed any more"]
        assert told["why"].startswith("no answer came: ")
        assert told["cure"] == "run `hocso zalo login`"
        pair = await kept(zalo, notes)
        assert pair.lost
        # If Zalo has never heard of it the old token still works; if it has, an operator is needed.
        assert await ours.access() == pair.access
        with pytest.raises(NeedsOperator, match="hocso zalo login"):
            await ours.after(pair.access)
        await log_in(zalo, notes)
        assert await ours.after(pair.access) == zalo.authority.pairs[-1].access
        assert needed() == 0


async def test_where_zalo_was_surely_not_asked_it_is_asked_again() -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        keeping = asyncio.create_task(all_.tokens().keep())
        await zalo.go_away()
        zalo.clock.skip(20.1 * HOUR)
        for _ in range(5):
            zalo.clock.skip(31)
            await asyncio.sleep(0.02)
        await zalo.come_back()
        await soon(zalo.clock, lambda: len(zalo.authority.pairs) == 2, step=31)
        keeping.cancel()
        assert not (await kept(zalo, notes)).lost


async def test_a_limit_of_calls_is_waited_for() -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        zalo.fails("code", code=-32, path=TOKEN)
        keeping = asyncio.create_task(all_.tokens().keep())
        zalo.clock.skip(20.1 * HOUR)
        await soon(zalo.clock, lambda: len(zalo.authority.pairs) == 2, step=31)
        keeping.cancel()
        assert not (await kept(zalo, notes)).lost


async def test_a_new_pair_is_committed_before_it_is_used_however_long_the_store_is_away() -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        ours = all_.tokens()
        zalo.clock.skip(2 * HOUR)
        old = await ours.access()
        issue = all_.clients[0].issue

        async def issued_then_away(**form: str) -> Any:
            issued = await issue(**form)
            notes.down = True
            return issued

        all_.clients[0].issue = issued_then_away  # type: ignore[method-assign]  # what a test adds
        asking = asyncio.create_task(ours.after(old))
        await until(lambda: notes.down)
        for _ in range(100):
            zalo.clock.skip(2)  # longer than after which the process would be taken for dead
            await asyncio.sleep(0.001)
        assert not asking.done(), "it is not used before it is kept"
        notes.down = False
        await soon(zalo.clock, asking.done)
        assert asking.result() == zalo.authority.pairs[-1].access
        assert (await kept(zalo, notes)).access == asking.result()
        assert zalo.authority.asked == ["refresh_token"]


async def test_a_process_that_was_taken_for_dead_still_brings_its_pair() -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        zalo.clock.skip(2 * HOUR)
        slow, other = all_.tokens(), all_.tokens()
        old = await slow.access()
        issue, gate = all_.clients[0].issue, asyncio.Event()

        async def late(**form: str) -> Any:
            issued = await issue(**form)
            await gate.wait()
            return issued

        all_.clients[0].issue = late  # type: ignore[method-assign]  # what a test adds
        asking = asyncio.create_task(slow.after(old))
        await until(lambda: "refresh_token" in zalo.authority.asked)
        zalo.clock.skip(61)
        await other.look()
        assert (await kept(zalo, notes)).lost == "the process that refreshed it ended before it had an answer"
        with pytest.raises(NeedsOperator):
            await other.after(old)
        gate.set()
        await soon(zalo.clock, asking.done)
        assert await other.after(old) == zalo.authority.pairs[-1].access
        assert not (await kept(zalo, notes)).lost
        assert zalo.authority.asked == ["refresh_token"]


async def test_an_operator_who_logs_in_during_a_refresh_wins() -> None:
    async with shared() as all_:
        zalo, notes = all_.zalo, all_.notes
        zalo.clock.skip(2 * HOUR)
        ours = all_.tokens()
        old = await ours.access()
        issue = all_.clients[0].issue

        async def overtaken(**form: str) -> Any:
            issued = await issue(**form)
            await log_in(zalo, notes)
            return issued

        all_.clients[0].issue = overtaken  # type: ignore[method-assign]  # what a test adds
        asking = asyncio.create_task(ours.after(old))
        await soon(zalo.clock, asking.done)
        assert asking.result() == zalo.authority.pairs[-1].access


async def test_without_a_token_one_sentence_says_what_to_do_and_people_are_taken() -> None:
    async with started(logged_in=False) as bot:
        lan = bot.zalo.person("Lan")
        with capture_logs() as log:
            bot.channel.start()
            await lan.follows()
            await lan.types("1")
            await bot.zalo.quiet()
            await bot.channel.settled()
        told = [each for each in log if each["log_level"] == "error" and "does not work" in each["event"]]
        assert [each["why"] for each in told] == [
            "Zalo's Official Account has not let this app in yet; run `hocso zalo login`"
        ]
        assert (await bot.kept(lan)).turns == 1
        assert {each.status for each in bot.zalo.delivery.tried} == {200}


@pytest.mark.parametrize(
    ("switch", "says"),
    [
        ("needs_tier", "needs a higher tier"),
        ("verified", "must be verified"),
        ("linked", "has not authorised this app"),
    ],
)
async def test_what_an_operator_must_do_at_zalo_is_said_once(switch: str, says: str) -> None:
    async with started() as bot:
        setattr(bot.zalo.switches, switch, switch == "needs_tier")
        lan = bot.zalo.person("Lan")
        with capture_logs() as log:
            await lan.follows()
            for _ in range(3):
                await lan.types("xin chào")
            await bot.zalo.quiet()
            await bot.channel.settled()
        [told] = [each for each in log if each["log_level"] == "error"]
        assert says in told["why"]


async def test_no_secret_shows_in_any_word_of_ours() -> None:
    async with started() as bot:
        zalo, lan = bot.zalo, bot.zalo.person("Lan")
        with capture_logs() as log:
            bot.channel.start()
            await walk(lan, ())
            zalo.clock.skip(HOUR)
            zalo.fails("page", path=TOKEN)
            zalo.authority.pairs[-1].gone = True
            await lan.types("1")
            await bot.zalo.quiet()
            await bot.channel.settled()
        pair = await kept(zalo, bot.notes)
        secret = (
            zalo.app.secret,
            zalo.app.webhook_secret,
            *(each for p in zalo.authority.pairs for each in (p.access, p.refresh)),
        )
        words = f"{log} {pair!r} {bot.client!r} {bot.channel!r} {vars(bot.channel)!r} {vars(bot.channel.tokens)!r}"
        assert "can't be refreshed" in words
        assert [each for each in secret if each in words] == []


async def test_two_channels_on_one_store_answer_each_person_once() -> None:
    async with started() as bot:
        other = Bot(bot.zalo, bot.store, bot.notes, bot.tutor.library)
        lan = bot.zalo.person("Lan")
        await walk(lan, ())
        bot.zalo.delivery.held = []
        await lan.types("1")
        [raw] = bot.zalo.delivery.held
        bot.zalo.delivery.held = None
        headers = {name.lower().encode(): value.encode() for name, value in bot.zalo.delivery.headers(raw).items()}
        first = await bot.channel.hook(headers, raw)
        await bot.channel.settled()
        second = await other.channel.hook(headers, raw)
        await other.channel.settled()
        assert (first.status, second.status) == (200, 200)
        await lan.hears(1)
        await other.channel.close()


async def test_on_a_real_server_two_connections_refresh_once(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as server, Emulator(runs=True) as zalo, AsyncExitStack() as stack:
        both = []
        for _ in range(2):
            store = RedisProgress.connect(server.url)
            stack.push_async_callback(store.close)
            client = Client(zalo.app.id, zalo.app.secret, zalo.url, zalo.url)
            stack.push_async_callback(client.close)
            both.append((Tokens(client, RedisNotes.beside(store)), RedisNotes.beside(store)))
        issued, now = zalo.authority.give(), zalo.clock.now()
        old = Pair(issued["access_token"], issued["refresh_token"], now - 2 * HOUR, now + 20 * HOUR)
        await install(both[0][1], zalo.app.id, old)
        zalo.authority.pairs[-1].gone = True
        found = await asyncio.gather(*(ours.after(old.access) for ours, _ in both))
        assert found == [zalo.authority.pairs[-1].access] * 2
        assert zalo.authority.asked == ["refresh_token"]
