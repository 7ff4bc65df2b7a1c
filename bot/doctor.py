"""`hocso doctor`: looks at each part by itself and says in one sentence how it is."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import typer

from bot.app import stored
from bot.config import Config, TelegramConfig, ZaloBotConfig
from bot.console import ConfigOption, settings
from bot.core.saving import StoreDown
from bot.library import NothingToTeach, read_folder
from bot.listening import address
from bot.voice import aac
from bot.voice.hearing import Hearing

SECONDS = 5.0  # for each answer from outside
NEAR = 0.8  # of a plan, from which it is said that it is nearly used up

Finding = tuple[Literal["ok", "warn", "bad"], str, Mapping[str, object]]

_MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
_SAID: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "settings": "Cài đặt: đọc được.",
        "runs": "Chương trình: đang chạy ở {where}, nơi giữ tiến độ ghi được.",
        "runs-badly": "Chương trình: đang chạy ở {where}, nhưng chưa dạy được ({why}).",
        "stands": "Chương trình: không chạy ở {where}.",
        "store": "Nơi giữ tiến độ: mở được và ghi được.",
        "no-store": "Nơi giữ tiến độ: {why}",
        "lessons": "Bài học: {lessons} bài dạy được.",
        "lesson-problems": "Bài học: {lessons} bài dạy được, {problems} lỗi; `hocso check` nói rõ.",
        "no-lessons": "Bài học: không dạy được bài nào; `hocso check` nói rõ.",
        "voice": "Tiếng nói: {engines}.",
        "no-voice": "Tiếng nói: đã tắt trong config.yaml.",
        "ear": "Nghe người học nói: {ear}.",
        "no-ear": "Nghe người học nói: chưa được ({why})",
        "telegram": "Telegram: bot trả lời.",
        "no-telegram": "Telegram: {why}.",
        "zalo": "Bot Zalo: {name} trả lời, tin đến bằng {way}.",
        "zalo-elsewhere": "Bot Zalo: {name} trả lời, nhưng Zalo gửi tin tới {found!r}, không phải {wanted!r}.",
        "no-zalo": "Bot Zalo: {why}.",
        "plan": "Gói của bot Zalo: tháng này {used} trong {most} tin, {people} trong {users} người.",
        "plan-near": "Gói của bot Zalo sắp hết: tháng này {used} trong {most} tin, {people} trong {users} người.",
        "no-aac": "Tiếng nói trên Zalo: chưa có ({why})",
    },
    "en": {
        "settings": "Settings: read.",
        "runs": "Program: it runs at {where}, and its store takes writes.",
        "runs-badly": "Program: it runs at {where}, but can't teach now ({why}).",
        "stands": "Program: it doesn't run at {where}.",
        "store": "Store: it opens and takes writes.",
        "no-store": "Store: {why}",
        "lessons": "Lessons: {lessons} can be taught.",
        "lesson-problems": "Lessons: {lessons} can be taught, problems: {problems}; `hocso check` tells them.",
        "no-lessons": "Lessons: none can be taught; `hocso check` tells why.",
        "voice": "Voice: {engines}.",
        "no-voice": "Voice: switched off in config.yaml.",
        "ear": "Hearing: {ear}.",
        "no-ear": "Hearing: not yet ({why})",
        "telegram": "Telegram: the bot answers.",
        "no-telegram": "Telegram: {why}.",
        "zalo": "Zalo bot: {name} answers, updates come by {way}.",
        "zalo-elsewhere": "Zalo bot: {name} answers, but Zalo sends updates to {found!r}, not {wanted!r}.",
        "no-zalo": "Zalo bot: {why}.",
        "plan": "Zalo bot's plan: this month {used} of {most} messages, {people} of {users} users.",
        "plan-near": "Zalo bot's plan is nearly used: this month {used} of {most} messages, {people} of {users} users.",
        "no-aac": "Voice on Zalo: none ({why})",
    },
}


def doctor(
    lang: Annotated[Literal["vi", "en"] | None, typer.Option(help="Language; else the one of config.yaml.")] = None,
    config: ConfigOption = None,
) -> None:
    """Look at settings, store, lessons, voice and each platform. Ends with 0 if nothing is broken, else 1."""
    chosen = settings(config)

    async def look() -> bool:
        well = True
        async for kind, name, fields in findings(chosen):
            typer.echo(f"{_MARKS[kind]} {_SAID[lang or chosen.language][name].format_map(fields)}")
            well = well and kind != "bad"
        return well

    if not asyncio.run(look()):
        raise typer.Exit(1)


async def findings(config: Config) -> AsyncIterator[Finding]:
    """Look at each part."""
    yield "ok", "settings", {}
    async for found in _program(config):
        yield found
    yield await asyncio.to_thread(_lessons, config)
    engines = ", ".join(config.voice.engines)
    yield ("ok", "voice", {"engines": engines}) if engines else ("warn", "no-voice", {})
    lacks = Hearing(config.voice.ear, config.voice.ear_model).lacks
    yield ("warn", "no-ear", {"why": lacks}) if lacks else ("ok", "ear", {"ear": config.voice.ear})
    if config.telegram:
        yield await asyncio.to_thread(_telegram, config.telegram)
    if config.zalo_bot:
        async for found in _zalo_bot(config, config.zalo_bot):
            yield found


async def _program(config: Config) -> AsyncIterator[Finding]:
    where = address(config.host, config.port)
    why = await asyncio.to_thread(_asked, f"{where}health/ready")
    if why == "":
        yield "ok", "runs", {"where": where}
        return
    if why is not None:
        yield "bad", "runs-badly", {"where": where, "why": why}
        return
    yield "warn", "stands", {"where": where}
    try:
        async with stored(config):
            yield "ok", "store", {}
    except (StoreDown, ValueError) as error:
        yield "bad", "no-store", {"why": str(error)}


def _asked(url: str) -> str | None:
    """Return the empty text, or what is said instead of yes; None where nobody answers."""
    try:
        with urlopen(url, timeout=SECONDS):  # noqa: S310  our own address
            return ""
    except HTTPError as error:
        return str(error.code)
    except OSError:
        return None


def _lessons(config: Config) -> Finding:
    try:
        library, problems = read_folder(config.lessons)
    except NothingToTeach:
        return "bad", "no-lessons", {}
    counts = {"lessons": len(library.lessons), "problems": len(problems)}
    return ("warn", "lesson-problems", counts) if problems else ("ok", "lessons", counts)


def _telegram(config: TelegramConfig) -> Finding:
    """Ask Telegram for the bot. No sentence has the address: the token stands in it."""
    try:
        with urlopen(f"{config.base}/bot{config.token}/getMe", timeout=SECONDS):  # noqa: S310  checked when it was read
            return "ok", "telegram", {}
    except HTTPError as error:
        known = error.code != HTTPStatus.UNAUTHORIZED
        why = f"it answered {error.code}" if known else "it doesn't know TELEGRAM_BOT_TOKEN"
        return "bad", "no-telegram", {"why": why}
    except (URLError, OSError, ValueError):
        return "bad", "no-telegram", {"why": "it can't be reached"}


async def _zalo_bot(config: Config, bot: ZaloBotConfig) -> AsyncIterator[Finding]:
    from bot.channels import Refused, TryLater, Unreachable  # noqa: PLC0415  who has no bot need not wait for httpx
    from bot.channels.zalo_bot.client import BadToken, UsedUp  # noqa: PLC0415
    from bot.channels.zalo_bot.plan import Plan  # noqa: PLC0415
    from bot.zalo_bot import client_of, kept_of, limits_of  # noqa: PLC0415

    client = client_of(bot)
    try:
        async with asyncio.timeout(2 * SECONDS):
            name, found = (await client.me()).account_name, await client.webhook()
        way = "webhook" if bot.url else "polling"
        fields = {"name": name, "way": way, "found": found, "wanted": bot.url}
        yield ("ok", "zalo", fields) if found == bot.url else ("warn", "zalo-elsewhere", fields)
    except (Refused, TryLater, Unreachable, BadToken, UsedUp) as error:
        yield "bad", "no-zalo", {"why": str(error)}
    except TimeoutError:
        yield "bad", "no-zalo", {"why": "Zalo gave no answer"}
    finally:
        await client.close()
    limits, kept = limits_of(bot), kept_of(bot, config.data)
    used = Plan(limits, kept).used()
    kept.close()
    sent = used.sent + (used.received if limits.both else 0)
    near = _near(sent, limits.messages) or _near(used.people, limits.users)
    counts = {"used": sent, "most": limits.messages or "∞", "people": used.people, "users": limits.users or "∞"}
    yield ("warn", "plan-near", counts) if near else ("ok", "plan", counts)
    if bot.settings.voice and config.voice.engines and (why := aac.lacking()):
        yield "warn", "no-aac", {"why": why}


def _near(used: int, most: int) -> bool:
    return bool(most) and used >= most * NEAR
