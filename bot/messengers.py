"""Telegram and Zalo, each that the settings name: started beside everything else, each with its webhook."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.beside import Beside
from bot.config import Config, TelegramConfig, ZaloBotConfig
from bot.pictures.gallery import Gallery
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor
from bot.voice.hearing import Hearing
from bot.voice.voice import Voice
from bot.webhooks import TELEGRAM, ZALO_BOT, ZALO_BOT_CLIPS, ZALO_OA, ZALO_OA_LOGIN, Hook

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.channels.zalo_bot import ZaloBot


Tell = Callable[[str, str], Awaitable[bool]]  # account, text -> whether it went out


@dataclass(frozen=True, slots=True)
class Parts:
    """What they teach, speak, hear and draw by."""

    tutor: Tutor
    store: RedisProgress
    voice: Voice | None
    ear: Hearing
    gallery: Gallery


@dataclass(frozen=True, slots=True)
class Messengers:
    """How they are reached: by ASGI ahead of the router, by the short way of `webhooks`, by pages."""

    ahead: dict[str, ASGIApp] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    tell: dict[str, Tell] = field(default_factory=dict)  # by the beginnings of accounts' names


@asynccontextmanager
async def messengers(
    config: Config, parts: Parts, made: Callable[[], None], *, alone: bool
) -> AsyncIterator[Messengers]:
    """Start them; at the end they bring what they took to its end.

    `made` is called when a channel's libraries are there. Only one process (`alone`) tells a platform about the bot,
    or polls.
    """
    reached = Messengers()
    async with AsyncExitStack() as stack:
        if config.telegram:
            telegram = _telegram(config.telegram, parts, made, alone=alone)
            stack.push_async_callback(telegram.close)
            reached.tell["telegram"] = _telling(telegram)
            if config.telegram.url:
                reached.ahead[TELEGRAM], reached.hooks[TELEGRAM] = telegram.webhook, telegram.hook
        if config.zalo_bot:
            bot = _zalo_bot(config, config.zalo_bot, parts, made, alone=alone)
            stack.push_async_callback(bot.close)
            reached.tell["zalo-bot"] = _telling(bot)
            reached.routes.append(_clips(bot))
            if config.zalo_bot.url:
                reached.ahead[ZALO_BOT], reached.hooks[ZALO_BOT] = bot.webhook, bot.hook
        if config.zalo_oa:
            from bot.official_account import landing, official_account  # noqa: PLC0415  who has none need not wait for httpx

            account = official_account(
                config.zalo_oa, parts.tutor, parts.store, parts.voice, parts.ear, config.language
            )
            stack.push_async_callback(account.close)
            reached.tell["zalo-oa"] = account.tell
            account.start()
            reached.ahead[ZALO_OA], reached.hooks[ZALO_OA] = account.webhook, account.hook
            reached.ahead[ZALO_OA_LOGIN] = landing
        yield reached


def _telling(beside: "Beside[Telegram] | Beside[ZaloBot]") -> Tell:
    async def tell(account: str, text: str) -> bool:
        return await (await beside.channel()).tell(account, text)

    return tell


def _telegram(config: TelegramConfig, parts: Parts, made: Callable[[], None], *, alone: bool) -> "Beside[Telegram]":
    async def work(telegram: "Telegram") -> None:
        if alone:
            await telegram.introduce(config.url)
        if alone and not config.url:
            await telegram.poll()

    return Beside("telegram", partial(_new_telegram, config, parts), work, made)


def _new_telegram(config: TelegramConfig, parts: Parts) -> "Telegram":
    """Make the channel. Importing aiogram takes seconds, for which nobody should wait."""
    from bot.channels.telegram import Telegram  # noqa: PLC0415  see above
    from bot.channels.telegram.client import Client  # noqa: PLC0415  see above

    client = Client(config.token, config.base)
    return Telegram(parts.tutor, client, config.secret, parts.voice, parts.ear, parts.gallery)


def _zalo_bot(
    config: Config, bot: ZaloBotConfig, parts: Parts, made: Callable[[], None], *, alone: bool
) -> "Beside[ZaloBot]":
    def make() -> "ZaloBot":
        from bot.zalo_bot import zalo_bot  # noqa: PLC0415  httpx takes a while, for which nobody should wait

        return zalo_bot(bot, parts.tutor, config.data, parts.voice, parts.ear, config.language)

    async def work(channel: "ZaloBot") -> None:
        from bot import zalo_bot  # noqa: PLC0415  it is there by now

        if alone:
            await zalo_bot.work(channel, bot)

    return Beside("zalo-bot", make, work, made)


def _clips(beside: "Beside[ZaloBot]") -> Route:
    """Return the page from which Zalo fetches the bot's clips."""

    async def clip(request: Request) -> Response:
        channel = await beside.channel()
        from bot import zalo_bot  # noqa: PLC0415  it is there by now

        return await zalo_bot.clip(channel, request)

    return Route(f"{ZALO_BOT_CLIPS}{{name}}.aac", clip)
