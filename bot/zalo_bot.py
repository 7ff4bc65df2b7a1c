"""A bot on Zalo, built from Config: the channel with what it keeps, speaks and hears by."""

from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.zalo_bot import Manners, ZaloBot
from bot.channels.zalo_bot.arriving import introduce, poll
from bot.channels.zalo_bot.client import Client
from bot.channels.zalo_bot.kept import Kept
from bot.channels.zalo_bot.plan import Limits
from bot.channels.zalo_bot.voice import Clips, Listening, Speaking
from bot.config import ZaloBotConfig
from bot.tutor import Tutor
from bot.voice import aac
from bot.voice.hearing import Hearing
from bot.voice.voice import Voice

log = structlog.get_logger()

FILE = "zalo-bot.db"  # in the data folder


def client_of(config: ZaloBotConfig) -> Client:
    """Return what calls Zalo."""
    return Client(config.token, config.base, frozenset(config.settings.gone_codes))


def kept_of(config: ZaloBotConfig, data: Path) -> Kept:
    """Return what the channel keeps by itself."""
    return Kept(data / FILE, config.token)


def limits_of(config: ZaloBotConfig) -> Limits:
    """Return the plan."""
    settings = config.settings
    return Limits(settings.messages, settings.users, settings.counts == "both", settings.rests)


def zalo_bot(  # noqa: PLR0913, PLR0917  what it is made of
    config: ZaloBotConfig, tutor: Tutor, data: Path, voice: Voice | None, ear: Hearing | None, lang: str
) -> ZaloBot:
    """Return the channel. It speaks where there is a voice, a way to pack it, and an address to fetch it from."""
    settings = config.settings
    bot = ZaloBot(
        tutor,
        client_of(config),
        kept_of(config, data),
        secret=config.secret,
        manners=Manners(
            settings.text_limit,
            settings.store_away,
            settings.pace,
            settings.other_way or config.public,
            limits_of(config),
        ),
        listening=Listening(ear, settings.voice_hosts, lang),
        lang=lang,
    )
    if voice and settings.voice:
        if lacks := aac.lacking() or ("" if config.public else "PUBLIC_URL isn't set."):
            log.warning("the Zalo bot doesn't speak", why=lacks)
        else:
            bot.speaking = Speaking(Clips(voice, config.public, config.token), bot.say_clip)
    return bot


async def work(bot: ZaloBot, config: ZaloBotConfig) -> None:
    """Answer who was left unanswered, tell Zalo how updates are to come, and poll where they don't come by webhook."""
    await bot.heal()
    if await introduce(bot, bot.client, config.url, config.secret) and not config.url:
        await poll(bot, bot.client)


async def clip(bot: ZaloBot, request: Request) -> Response:
    """Answer Zalo, which fetches a clip."""
    return await bot.speaking.clips.page(request) if bot.speaking else Response(status_code=404)
