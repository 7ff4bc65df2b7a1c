"""The figures: each thing counts once, nobody is to be found in them, and only this machine may read them."""

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable, Sequence

import httpx
import msgspec
import pytest
from figures import Figures
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from small import small_library

from bot import metrics
from bot.channels.telegram import Telegram
from bot.channels.telegram.client import Client
from bot.channels.telegram.message import SendMessage
from bot.core.saving import Save, StoreDown
from bot.core.turn import Asked, Blocked, Event, Tapped, Typed
from bot.stores.memory import MemoryProgress
from bot.tutor import TRIES, Tutor

pytestmark = pytest.mark.anyio


class Faulty(MemoryProgress):
    """The memory store; `before_save` is awaited before each save."""

    def __init__(self) -> None:
        super().__init__()
        self.before_save: Callable[[], Awaitable[None]] | None = None

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        if self.before_save:
            await self.before_save()
        return await super().save(saves)


class Learner:
    """An at a tutor over a store with faults, and the figures since they agreed."""

    def __init__(self) -> None:
        self.store = Faulty()
        self.tutor = Tutor(small_library(), self.store)

    async def agrees(self) -> Figures:
        await self.tutor.hear("an", Tapped(0, "agree"), "agree")
        return Figures()


class Deaf(Client):
    """Calls that nobody hears."""

    async def send(self, message: SendMessage) -> None:
        pass

    async def delete(self, chat: int, message: int) -> None:
        pass


@pytest.fixture
def learner() -> Learner:
    return Learner()


async def page(
    address: str = "127.0.0.1", headers: dict[str, str] | None = None, *, everywhere: bool = False
) -> httpx.Response:
    transport = httpx.ASGITransport(metrics.page(everywhere=everywhere), client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://hocso.test") as http:
        return await http.get("/metrics", headers=headers)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_this_machine_reads_every_figure(address: str) -> None:
    answer = await page(address=address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    ours = [next(iter(each.describe())).name for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    assert len(ours) > 8
    told = re.findall(r"^# HELP (hocso_\w+?)(?:_total)? ", answer.text, re.MULTILINE)
    assert set(told) >= set(ours)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("::ffff:10.0.0.7", {}),
        ("", {}),  # by a socket file
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("::1", {"X-Real-IP": "127.0.0.1"}),
    ],
)
async def test_nobody_else_does_unless_it_is_open(address: str, headers: dict[str, str]) -> None:
    refused = await page(address, headers)
    assert refused.status_code == 403
    assert refused.text == "Figures are for this machine alone; `web: metrics: open` in config.yaml opens them.\n"
    opened = await page(address, headers, everywhere=True)
    assert opened.status_code == 200
    assert "hocso_updates" in opened.text


async def test_nothing_of_a_learner_is_in_the_figures() -> None:
    figures, token, secret = Figures(), "7123456789:AAEtoken", "hook-secret-1"
    telegram = Telegram(Tutor(small_library(), MemoryProgress()), Deaf(token, "http://127.0.0.1:1"), secret)
    an = {"id": 5_123_456_789, "is_bot": False, "first_name": "Nguyễn Bí Mật", "username": "bimat"}
    chat = {**an, "type": "private"}
    for number, text in enumerate(("xin chào", "1", "2", "1", "tôi tên là xyzzyx", "mã là 482913", "/nghe xyzzyx")):
        message = {"message_id": number, "date": 0, "chat": chat, "from": an, "text": text}
        update = msgspec.json.encode({"update_id": 9_876_543 + number, "message": message})
        for given in (secret, "wrong-secret"):
            await telegram.hook({b"x-telegram-bot-api-secret-token": given.encode()}, update)
    await telegram.close()
    counted = figures.since("updates", "replies", "failures telegram wrong")
    assert counted == {"updates telegram": 7, "replies telegram response": 7, "failures telegram wrong secret": 7}
    told = (await page()).text
    for word in (
        *map(str, an.values()),
        "xyzzyx",
        "482913",
        "chào",
        "5123456789",
        "987654",
        token,
        "7123456789",
        secret,
    ):
        assert word == "False" or word not in told
    labels = {value for metric in REGISTRY.collect() for sample in metric.samples for value in sample.labels.values()}
    assert "wrong-secret" not in labels


async def test_an_update_that_comes_again_counts_as_one_duplicate(learner: Learner) -> None:
    figures = await learner.agrees()
    for _ in range(3):
        await learner.tutor.hear("an", Tapped(1, "bac"), "the same")
    assert figures.since() == {"duplicates": 2}


async def test_what_saves_nothing_counts_as_nothing(learner: Learner) -> None:
    figures = await learner.agrees()
    events: list[Event] = [Tapped(0, "agree"), Typed("không phải chữ nào"), Asked("again")]
    for number, event in enumerate(events):
        await learner.tutor.hear("an", event, f"u{number}")
    assert figures.since() == {}


async def test_a_save_that_another_turn_overtakes_counts_once(learner: Learner) -> None:
    figures = await learner.agrees()
    other = Tutor(small_library(), learner.store)

    async def first() -> None:
        learner.store.before_save = None
        await other.hear("an", Tapped(1, "co"), "other")

    fresh = Tutor(small_library(), learner.store)  # what it loads is of this moment
    learner.store.before_save = first
    assert "của bước trước" in (await fresh.hear("an", Tapped(1, "bac"), "u")).notes[0]
    assert figures.since() == {"saves_overtaken": 1}


async def test_a_value_at_hand_that_has_gone_stale_is_not_counted_as_overtaken(learner: Learner) -> None:
    figures = await learner.agrees()
    await Tutor(small_library(), learner.store).hear("an", Tapped(1, "co"), "other")
    await learner.tutor.hear("an", Tapped(2, "read"), "u")
    assert figures.since() == {}


async def test_a_turn_that_never_wins_counts_as_one_that_was_not_saved(learner: Learner) -> None:
    figures = await learner.agrees()
    other, numbers = Tutor(small_library(), learner.store), itertools.count()

    async def always() -> None:
        mine, learner.store.before_save = learner.store.before_save, None
        number = next(numbers)
        await other.hear("an", Blocked(away=not number % 2), f"other {number}")
        learner.store.before_save = mine

    fresh = Tutor(small_library(), learner.store)
    learner.store.before_save = always
    assert (await fresh.hear("an", Asked("settings"), "u")).failed
    found = figures.since()
    assert found.pop("turns_unsaved") == 1
    assert found == {"saves_overtaken": TRIES}


async def test_a_turn_that_cannot_be_saved_counts_once(learner: Learner) -> None:
    figures = await learner.agrees()

    async def down() -> None:
        raise StoreDown("away")

    learner.store.before_save = down
    for _ in range(2):
        assert (await learner.tutor.hear("an", Tapped(1, "bac"), "u")).failed
    assert figures.since() == {"turns_unsaved": 2}
    learner.store.before_save = None
    await learner.tutor.hear("an", Tapped(1, "bac"), "u")
    await learner.store.save([Save("binh", b"", msgspec.msgpack.encode([2, 7, "from a newer program"]))])
    await learner.tutor.hear("binh", Typed("1"), "u")
    assert figures.since() == {"turns_unsaved": 3}


async def test_turns_under_way_are_shown_and_their_time_is_taken(learner: Learner) -> None:
    def waiting() -> float:
        metrics.tell()
        return REGISTRY.get_sample_value("hocso_turns_waiting") or 0.0

    def taken() -> float:
        return REGISTRY.get_sample_value("hocso_turn_seconds_count") or 0.0

    await learner.agrees()
    before, seen = taken(), list[float]()

    async def look() -> None:
        seen.append(waiting())
        raise StoreDown("away") if len(seen) > 1 else RuntimeError("planted")

    learner.store.before_save = look
    with pytest.raises(RuntimeError):
        await learner.tutor.hear("an", Tapped(1, "bac"), "u")
    await asyncio.gather(*(learner.tutor.hear("an", Tapped(1, "bac"), f"u{number}") for number in range(3)))
    assert seen == [1, 3]
    assert waiting() == 0
    assert taken() - before == 4
