"""Whole conversations on Telegram, as the emulator plays it: by webhook and by polling, and when things go wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from small import small_library
from telegram_emulator import Cut, Emulator, Person

from bot.channels.telegram import Telegram
from bot.channels.telegram.client import Client
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor
from bot.webhooks import TELEGRAM

pytestmark = pytest.mark.anyio

SECRET = "hook-1"  # noqa: S105  of the webhook, in tests
HOME = "https://hocso.test"

READING = (
    "1. Đồng ý, bắt đầu học",
    "1. Bác",
    "1. Đọc chữ",
    "1. Bài nên học: Bài một",
    "1. Tiếp",
    "2. Không đưa cho ai",
    "1. Xong rồi",
    "1. Chỉ một mình tôi",
    "1. Bắt đầu diễn tập",
    "2. Cúp máy",
    "1. Tiếp",
    "1. Tiếp",
)
LISTENING = (
    "1. Đồng ý, bắt đầu học",
    "1. Bác",
    "2. Nghe đọc",
    *(label.partition(" ")[2] for label in READING[3:]),
)


class Store(MemoryProgress):
    down = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        if self.down:
            raise StoreDown("away")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        if self.down:
            raise StoreDown("away")
        return await super().save(saves)


class Bot:
    """The channel at the emulator."""

    def __init__(self, telegram: Emulator) -> None:
        self.telegram, self.store = telegram, Store()
        client = Client(telegram.token, telegram.url)
        self.channel = Telegram(Tutor(small_library(), self.store), client, SECRET)

    async def kept(self, person: Person) -> Progress:
        return decode((await self.store.load([f"telegram:{person.chat.id}"]))[0])

    async def answered(self) -> int:
        return sum(record.count(b"answered") for _, record in await self.store.journal())


@asynccontextmanager
async def started(way: str, speed: float = 20.0) -> AsyncIterator[Bot]:
    async with Emulator(speed=speed) as telegram:
        bot = Bot(telegram)
        if way == "webhook":
            telegram.resolves(HOME, bot.channel.webhook)
            await bot.channel.introduce(HOME + TELEGRAM)
            task = asyncio.create_task(asyncio.sleep(0))
        else:
            await bot.channel.introduce()
            task = asyncio.create_task(bot.channel.poll())
        try:
            yield bot
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await bot.channel.close()


async def walk(person: Person, labels: Sequence[str]) -> str:
    """Start, then tap one label after the other; returns the last message's text."""
    await person.start()
    (seen,) = await person.hears(1)
    for label in labels:
        await person.taps(label)
        (seen,) = await person.hears(1)
    return seen.rendered


@pytest.mark.parametrize("way", ["webhook", "polling"])
@pytest.mark.parametrize("labels", [READING, LISTENING], ids=["reading", "listening"])
async def test_a_learner_goes_from_the_first_word_to_a_finished_lesson(way: str, labels: Sequence[str]) -> None:
    async with started(way) as bot:
        an = bot.telegram.person("An")
        assert "Bác đã học xong bài **Bài một**. Bác biết giữ mã." in await walk(an, labels)
        done = (await bot.kept(an)).done["bai-01"]
        assert (done.right, done.asked) == (2, 2)
        if labels is LISTENING:
            assert ("Về mục lục",) in an.keyboard
        assert bot.telegram.complaints == []


async def test_it_introduces_itself_in_both_languages_and_drops_nothing_that_waits() -> None:
    async with started("webhook") as bot:
        calls = bot.telegram.calls
        (hook,) = [call for call in calls if call.method == "setWebhook"]
        assert hook.fields["url"] == HOME + TELEGRAM
        assert hook.fields["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
        assert hook.fields["secret_token"] == SECRET
        assert hook.fields["max_connections"] == 100
        commands = {
            call.fields.get("language_code", ""): call.fields["commands"]
            for call in calls
            if call.method == "setMyCommands"
        }
        assert [each["command"] for each in commands[""]] == [
            "start",
            "hoc",
            "menu",
            "nghe",
            "cham",
            "giup",
            "caidat",
            "noi",
            "doi",
            "dulieu",
            "xoa",
        ]
        assert len(commands["en"]) == 11
        assert bot.telegram.complaints == []
    async with started("polling") as bot:
        (gone,) = [call for call in bot.telegram.calls if call.method == "deleteWebhook"]
        assert gone.fields.get("drop_pending_updates") in {None, False}


async def test_numbers_words_and_links_do_what_taps_do() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await an.start("bai-01-mot")
        await an.hears(1)
        for said in ("1", "bac", "doc chu"):
            await an.types(said)
            (seen,) = await an.hears(1)
        assert "**Bước 1 trên 6**" in seen.rendered
        await an.types("tiep")
        await an.hears(1)
        await an.types("đưa mã")  # part of no choice alone: asked back, never guessed
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Ý bác là")
        assert (await bot.kept(an)).spots["bai-01"].asked == 0


async def test_a_late_button_is_told_and_the_same_tap_again_counts_once() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        question = an.sees[-1]
        tap = await an.taps("2. Không đưa cho ai")
        await an.hears(1)
        bot.telegram.redeliver(tap)
        (again,) = await an.hears(1)
        assert again.text.startswith("Đúng rồi.")
        await an.taps_again(tap)  # the app sends it once more, under another id
        (late,) = await an.hears(1)
        assert "là của bước trước" in late.text
        await an.taps("1. Đưa cho công an", on=question)
        (late,) = await an.hears(1)
        assert "là của bước trước" in late.text
        assert await bot.answered() == 1


async def test_two_updates_at_the_same_moment_count_once() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        await asyncio.gather(an.taps("2. Không đưa cho ai"), an.types("1"))
        await an.hears(2)
        assert await bot.answered() == 1  # whichever came first; the other was late, or met the next step


async def test_a_secret_is_deleted_from_the_chat() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:4])
        said = await an.types("mã của tôi là 482913")
        (warned,) = await an.hears(1)
        assert "một mã bí mật" in warned.text
        assert said.message is not None
        assert said.message.deleted


@pytest.mark.parametrize("kind", ["photo", "sticker", "contact", "location"])
async def test_what_is_no_text_is_kindly_answered(kind: str) -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:4])
        await an.sends(kind)
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Cháu chỉ đọc được chữ và số")


async def test_whoever_blocks_the_bot_is_left_alone_and_finds_their_place_again() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        await an.blocks()
        await bot.telegram.delivered()
        assert (await bot.kept(an)).away
        await an.unblocks()
        await an.start()
        (seen,) = await an.hears(1)
        assert "Mã OTP đưa cho ai?" in seen.text
        assert bot.telegram.complaints == []


async def test_what_nobody_asked_for_is_sent_unless_they_shut_the_bot_out() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        account = f"telegram:{an.chat.id}"
        assert await bot.channel.tell(account, "Bà Tư cần giúp.")
        (seen,) = await an.hears(1)
        assert seen.text == "Bà Tư cần giúp."
        await an.taps(READING[5])  # the button of before is none the later for it
        (seen,) = await an.hears(1)
        assert "là của bước trước" not in seen.text
        await an.blocks()
        await bot.telegram.delivered()
        assert not await bot.channel.tell(account, "Bà Tư cần giúp.")


async def test_in_a_group_it_only_asks_to_write_privately() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        group = bot.telegram.group("Thôn 3", an)
        await an.types("/hoc", to=group)
        await bot.telegram.delivered()
        assert [message.text.partition(",")[0] for message in group.sees] == ["Học Số dạy riêng từng người"]


@pytest.mark.parametrize("way", ["webhook", "polling"])
async def test_the_store_is_away_for_20_seconds_and_nothing_is_lost_or_doubled(way: str) -> None:
    async with started(way) as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        bot.store.down = True
        await an.taps("2. Không đưa cho ai")
        await asyncio.sleep(20 / 20)  # seconds of ours; Telegram's run 20 times faster
        bot.store.down = False
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Đúng rồi.")
        assert await bot.answered() == 1


FAULTS: dict[str, Callable[[Emulator], object]] = {
    "429": lambda telegram: telegram.fails_with(429, retry_after=1, method="sendMessage"),
    "500": lambda telegram: telegram.fails_with(500, "Internal Server Error", method="sendMessage"),
    "cut before": lambda telegram: telegram.cuts(Cut.BEFORE, method="sendMessage"),
    "late answer to a tap": lambda telegram: telegram.fails_with(
        400, "Bad Request: query is too old", method="answerCallbackQuery"
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_telegram_s_is_waited_out(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.client.PAUSE", 0.05)
    async with started("polling", speed=1.0) as bot:  # polling sends every message by a call
        an = bot.telegram.person("An")
        await walk(an, READING[:5])
        FAULTS[fault](bot.telegram)
        await an.taps("2. Không đưa cho ai")
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Đúng rồi.")
        assert await bot.answered() == 1


async def test_telegram_away_at_the_start_and_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.client.PAUSE", 0.05)
    async with Emulator(speed=20.0) as telegram:
        bot = Bot(telegram)
        await telegram.goes_down()

        async def work() -> None:
            await bot.channel.introduce()
            await bot.channel.poll()

        task = asyncio.create_task(work())
        await asyncio.sleep(0.1)
        await telegram.comes_up()
        an = telegram.person("An")
        await walk(an, READING[:5])
        await telegram.goes_down()
        await an.taps("2. Không đưa cho ai")
        await telegram.comes_up()
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Đúng rồi.")
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bot.channel.close()
