"""python-zalo-bot, which others made, against our emulator: an outside witness that it is what that expects.

What it can't do: it has no setWebhook inside a running loop (`asyncio.run`), no sendVoice, no testWebhook, and shows
neither an event's name nor its voice note. It sends leftovers of Telegram's, which the emulator overlooks for it alone.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import zalo_bot  # type: ignore[import-untyped]  # it ships no types

from bot.dev.zalo_bot import Emulator, emulated

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::UserWarning"),
]


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated() as emulator:
        emulator.leftovers = frozenset({"offset", "limit", "allowed_updates", "reply_to_message_id", "timeout"})
        yield emulator


@pytest.fixture
async def bot(zalo: Emulator) -> AsyncIterator[Any]:
    made = zalo_bot.Bot(zalo.token, base_url=f"{zalo.base}/bot")
    async with made:
        yield made


async def test_it_knows_its_bot(zalo: Emulator, bot: Any) -> None:
    me = await bot.get_me()
    assert me.id == zalo.bot_id
    assert me.account_name == "bot.hocso"


async def test_it_gets_what_somebody_writes_and_answers(zalo: Emulator, bot: Any) -> None:
    lan = zalo.person("Lan")
    waiting = asyncio.create_task(bot.get_update(timeout=5))
    zalo.says(lan, "xin chào")
    update = await waiting
    assert update.message.text == "xin chào"
    assert update.message.chat.id == lan.id
    assert update.message.from_user.display_name == "Lan"
    sent = await bot.send_message(lan.id, "Chào Lan")
    assert sent.message_id == lan.shown[0]["message_id"]
    assert lan.texts == ["Chào Lan"]


async def test_its_pictures_stickers_and_typing_come_too(zalo: Emulator, bot: Any) -> None:
    lan = zalo.person()
    await bot.send_photo(lan.id, "Ảnh", "https://example.vn/a.jpg")
    await bot.send_sticker(lan.id, "0c1d2e3f405162738495")
    await bot.send_chat_action(lan.id, "typing")
    assert [sent["method"] for sent in lan.shown] == ["sendPhoto", "sendSticker"]
