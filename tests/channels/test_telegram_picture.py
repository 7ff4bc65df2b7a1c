"""Drawn phone screens on Telegram, on the emulator: the text as the caption, one message a step, uploaded once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from small import FIRST_LESSON, small_library
from telegram_emulator import Emulator
from test_telegram_talk import HOME, READING, SECRET, Store, walk
from test_web_picture import ADDRESS, LIBRARY, WITH_PICTURE

from bot.channels.telegram import Telegram
from bot.channels.telegram.client import Client
from bot.pictures.gallery import Gallery
from bot.tutor import Tutor
from bot.webhooks import TELEGRAM

pytestmark = pytest.mark.anyio

TO_PICTURE = READING[:4]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Bot:
    """The channel at the emulator, with a gallery and no voice."""

    def __init__(self, telegram: Emulator, folder: Path) -> None:
        self.telegram = telegram
        self.tutor = Tutor(LIBRARY, Store())
        self.shown = LIBRARY
        self.gallery = Gallery(folder, lambda: self.shown)
        client = Client(telegram.token, telegram.url)
        self.channel = Telegram(self.tutor, client, SECRET, gallery=self.gallery)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call.fields for call in self.telegram.calls if call.method == method]


@asynccontextmanager
async def started(tmp_path: Path) -> AsyncIterator[Bot]:
    async with Emulator(speed=20.0) as telegram:
        bot = Bot(telegram, tmp_path / "pictures")
        telegram.resolves(HOME, bot.channel.webhook)
        await bot.channel.introduce(HOME + TELEGRAM)
        try:
            yield bot
        finally:
            await bot.channel.close()


async def test_a_learner_sees_the_picture_with_the_step_and_goes_on(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        text = await walk(an, TO_PICTURE)
        (seen,) = [message for message in an.sees if message.by_bot and message.kind == "photo"]
        assert seen.rendered == text
        assert "Bước 1 trên 6" in text
        assert "Bác bấm **Tiếp**." in text
        assert "Trong hình" not in text
        assert seen.buttons == (("1. Tiếp",),)
        await an.taps("1. Tiếp")
        (after,) = await an.hears(1)
        assert after.kind == "text"
        assert "Bước 2 trên 6" in after.text
        assert bot.telegram.complaints == []


async def test_the_next_learner_costs_no_upload(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        await walk(bot.telegram.person("An"), TO_PICTURE)
        await bot.telegram.delivered()
        await walk(bot.telegram.person("Bình"), TO_PICTURE)
        first, second = [call["photo"] for call in bot.calls("sendPhoto")]
        assert second == await bot.gallery.noted(ADDRESS, f"telegram-{bot.telegram.token.partition(':')[0]}")
        assert first != second


async def test_a_file_id_that_telegram_lost_is_sent_anew(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an, binh = bot.telegram.person("An"), bot.telegram.person("Bình")
        await walk(an, TO_PICTURE)
        await bot.telegram.delivered()
        (known,) = [message for message in an.sees if message.kind == "photo"]
        for size in known.json["photo"]:
            bot.telegram.main.files.forget(size["file_id"])
        await walk(binh, TO_PICTURE)
        assert [message.kind for message in binh.sees if message.by_bot][-1] == "photo"


async def test_a_picture_that_telegram_refuses_leaves_the_text(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        path = bot.gallery.path(ADDRESS)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"no picture")
        an = bot.telegram.person("An")
        assert "Bác bấm **Tiếp**." in await walk(an, TO_PICTURE)
        assert {message.kind for message in an.sees if message.by_bot} == {"text"}
        assert len(bot.calls("sendPhoto")) == 1


async def test_a_picture_of_a_lesson_that_changed_meanwhile_leaves_the_text(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        bot.shown = small_library(FIRST_LESSON)
        an = bot.telegram.person("An")
        assert "Bác bấm **Tiếp**." in await walk(an, TO_PICTURE)
        assert bot.calls("sendPhoto") == []


async def test_a_text_too_long_for_a_caption_goes_without_its_picture(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        long = WITH_PICTURE.replace("{Bạn} bấm **Tiếp**.", "{Bạn} bấm **Tiếp**. " + "Rất dài. " * 120)
        bot.tutor.library = small_library(long)
        an = bot.telegram.person("An")
        assert "Rất dài." in await walk(an, TO_PICTURE)
        assert bot.calls("sendPhoto") == []


async def test_whoever_saves_data_gets_the_text_alone(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, TO_PICTURE[:3])
        for said in ("cài đặt", "tiết kiệm dữ liệu", "quay lại", "1"):
            await an.types(said)
            await an.hears(1)
        assert "Bác bấm **Tiếp**." in an.sees[-1].rendered
        assert bot.calls("sendPhoto") == []
