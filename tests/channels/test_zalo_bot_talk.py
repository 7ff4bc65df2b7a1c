"""Learning on Zalo from the first word to the end of a lesson, by webhook and by polling, however Zalo behaves."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from figures import Figures
from zalo_bot_helpers import TO_QUESTION, Bot, say, served, until

from bot.channels.zalo_bot import Manners
from bot.channels.zalo_bot.message import messages
from bot.core.fit import units
from bot.core.turn import Button, Reply
from bot.dev.zalo_bot import Chat, Emulator, emulated

pytestmark = pytest.mark.anyio

LESSON = ("2", "xong rồi", "2", "1", "cúp máy", "1", "1")


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated() as emulator:
        yield emulator


@pytest.fixture
async def bot(zalo: Emulator, tmp_path: Path) -> AsyncIterator[Bot]:
    async with served(Bot(zalo, tmp_path)) as bot:
        yield bot


@pytest.mark.parametrize("way", ["webhook", "polling"])
async def test_somebody_learns_a_lesson(zalo: Emulator, tmp_path: Path, way: str) -> None:
    lan = zalo.person()
    async with served(Bot(zalo, tmp_path, way)) as bot:
        welcome = await zalo.answer(lan, "Xin chào")
        assert "1. Đồng ý, bắt đầu học" in welcome
        assert "**" not in welcome
        assert welcome.endswith("Nhắn số để chọn. Lúc nào cũng nhắn được: mục lục, giúp, dừng.")
        question = await say(zalo, lan, TO_QUESTION[1:])
        assert "Mã OTP đưa cho ai?\n\n1. Đưa cho công an\n2. Không đưa cho ai\n3. " in question
        last = await say(zalo, lan, LESSON)
        assert "đã học xong bài Bài một" in last
        assert [record.choice for record in await bot.records(lan, "answered")] == ["b", "b"]
        assert {method for method, _ in zalo.calls} <= {
            *("sendMessage", "setWebhook", "deleteWebhook", "getUpdates"),
        }


SWITCHES: list[dict[str, object]] = [
    {"webhook_body": "wrapped"},
    {"webhook_body": "wrapped-code"},
    {"empty_probe": True},
    {"deliveries": 2},
    {"deliveries": 3, "webhook_body": "wrapped"},
    {"retries": (0.01, 0.01)},
    {"error_http_status": "200", "error_key": "errorCode", "code_as_text": True},
]


@pytest.mark.parametrize("switched", SWITCHES, ids="-".join)
async def test_however_zalo_delivers_each_is_answered_once(
    zalo: Emulator, tmp_path: Path, switched: dict[str, object]
) -> None:
    for name, value in switched.items():
        setattr(zalo.switches, name, value)
    lan = zalo.person()
    async with served(Bot(zalo, tmp_path)) as bot:
        await say(zalo, lan, TO_QUESTION)
        await say(zalo, lan, LESSON[:2])
        await until(lambda: len(zalo.hook.answers) == zalo.switches.deliveries * 8)
        assert set(zalo.hook.answers) == {200}
        assert len(lan.texts) == 8
        assert [record.choice for record in await bot.records(lan, "answered")] == ["b"]


@pytest.mark.parametrize("status", [200, 408])
@pytest.mark.parametrize("queue", ["consume", "replay"])
async def test_however_the_queue_behaves_each_is_answered_once(
    zalo: Emulator, tmp_path: Path, queue: str, status: int
) -> None:
    zalo.switches.queue, zalo.switches.idle_http_status = queue, status  # type: ignore[assignment]  # of the parameters
    lan = zalo.person()
    async with served(Bot(zalo, tmp_path, "polling")) as bot:
        await say(zalo, lan, TO_QUESTION[:3])
        polled = len(zalo.polls)
        await until(lambda: len(zalo.polls) >= polled + 2 or queue == "consume")
        assert len(lan.texts) == 3
        await bot.restart()
        polled = len(zalo.polls)
        await until(lambda: len(zalo.polls) >= polled + (3 if queue == "replay" else 1))
        assert len(lan.texts) == 3
        await zalo.answer(lan, "1")
        assert len(lan.texts) == 4
    gaps = [after - before for before, after in zip(zalo.polls, zalo.polls[1:], strict=False)]
    assert sum(gap < 0.9 for gap in gaps) <= 1  # at the restart; a queue that brings all again is not asked at once


async def test_two_who_write_at_once_keep_their_own_order(zalo: Emulator, bot: Bot) -> None:
    people = [zalo.person(f"Người {number}") for number in range(6)]

    async def learn(chat: Chat) -> str:
        return await say(zalo, chat, (*TO_QUESTION, *LESSON))

    for last in await asyncio.gather(*map(learn, people)):
        assert "đã học xong bài Bài một" in last
    assert bot.channel.plan.used().people == 6


async def test_what_nobody_asked_for_is_sent(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await zalo.answer(lan, "chào")
    assert await bot.channel.tell(f"zalo-bot:{lan.id}", "Bà Tư cần giúp.")
    await until(lambda: lan.texts[-1] == "Bà Tư cần giúp.")


async def test_pictures_stickers_and_what_zalo_hides_are_kindly_answered_once_a_burst(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await zalo.answer(lan, "chào")
    for _ in range(4):
        zalo.shows(lan, "https://photo-stal-9.zdn.vn/a.jpg", "mã của tôi 482913")
    zalo.sticks(lan)
    await until(lambda: len(zalo.hook.answers) == 6)
    await until(lambda: len(lan.texts) == 2)
    zalo.unsupported(lan)
    zalo.unsupported(lan)
    await until(lambda: len(lan.texts) == 3)
    assert lan.texts[2].startswith("Zalo không chuyển tới đây nội dung tin vừa gửi")
    await until(lambda: len(zalo.hook.answers) == 8)
    assert len(lan.texts) == 3
    await until(lambda: bot.channel.plan.used().sent == 3)


async def test_whom_zalo_keeps_from_us_is_shown_another_way(zalo: Emulator, tmp_path: Path) -> None:
    now = [1_000_000.0]
    bot = Bot(zalo, tmp_path)
    bot.manners = Manners(other_way="https://hoc.example.vn")
    async with served(bot):
        bot.channel._bursts._clock = lambda: now[0]  # noqa: SLF001  so that bursts pass
        an = zalo.person()
        for number in (1, 2, 3):
            zalo.unsupported(an)
            await until(lambda number=number: len(an.texts) == number)  # type: ignore[misc]  # a default is no argument
            now[0] += 60
        assert "https://hoc.example.vn" not in an.texts[0]
        assert an.texts[1] == an.texts[2]
        assert "Vẫn học được ở đây, không cần Zalo: https://hoc.example.vn" in an.texts[1]
        await zalo.answer(an, "chào")
        zalo.unsupported(an)
        await until(lambda: len(an.texts) == 5)
        assert an.texts[4] == an.texts[0]


async def test_hidden_without_a_chat_is_counted(zalo: Emulator, bot: Bot) -> None:
    assert bot
    figures = Figures()
    zalo.switches.unsupported_without_message = True
    zalo.unsupported(zalo.person())
    await until(lambda: zalo.hook.answers == [200])
    assert figures.since("failures") == {"failures zalo-bot hidden without a chat": 1}


async def test_a_group_is_told_once_that_one_learns_alone(zalo: Emulator, bot: Bot) -> None:
    group = zalo.person(group=True)
    zalo.says(group, "@Bot Học Số chào")
    zalo.says(group, "@Bot Học Số 1")
    await until(lambda: len(zalo.hook.answers) == 2)
    await until(lambda: group.texts)
    assert group.texts == ["Học riêng từng người thì dễ hơn ạ. Xin nhắn riêng cho Học Số, không nhắn trong nhóm."]
    assert await bot.store.journal() == []


async def test_a_secret_is_warned_of_and_one_is_told_to_delete_it(zalo: Emulator, bot: Bot) -> None:
    assert bot
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    warning = await zalo.answer(lan, "mã otp của tôi là 482913")
    assert "482913" not in warning
    assert "Xin tự xóa tin vừa gửi: nhấn giữ tin ấy rồi chọn Thu hồi." in warning


async def test_unknown_events_and_what_bots_write_are_acknowledged_and_counted(zalo: Emulator, bot: Bot) -> None:
    assert bot
    figures = Figures()
    lan = zalo.person()
    zalo.happens("message.reaction.received", lan, reaction="heart")
    zalo.bring({"event_name": "user.follow"})
    zalo.happens("message.text.received", lan, text="x", **{"from": {"id": "b", "is_bot": True}})
    await until(lambda: zalo.hook.answers == [200] * 3)
    assert figures.since("failures", "updates") == {"failures zalo-bot other event": 3}
    assert lan.texts == []


def test_a_reply_is_plain_in_nfc_and_within_the_limit_in_utf_16_units() -> None:
    text = unicodedata.normalize("NFD", "Ế! **Nút bấm dài** nói điều này. 😀 ") * 300
    reply = Reply(3, "vi", text, (Button("a", "Một"), Button("b", "Hai")))
    sent = messages(reply, 1800)
    assert len(sent) > 3
    assert all(units(part) <= 1800 for part in sent)
    assert all(unicodedata.is_normalized("NFC", part) for part in sent)
    assert "**" not in "".join(sent)
    assert sent[-1].endswith("1. Một\n2. Hai\n\nNhắn số để chọn. Lúc nào cũng nhắn được: mục lục, giúp, dừng.")


def test_words_are_named_where_other_channels_have_keys() -> None:
    reply = Reply(3, "en", "Who?", (Button("a", "One"),), hear_label="Listen", saver=True)
    assert messages(reply)[0].endswith("1. One\n\nSend a number to choose. These words always work: menu, help, stop.")
    assert "or “listen” to have it read (about 40 kB)" in messages(reply, voice=True, size=40)[0]
    assert "or “listen” to have it read. " in messages(reply, voice=True)[0]
    assert messages(Reply(3, "en", "Bye.")) == ["Bye."]
