"""How updates arrive: telling Zalo of the webhook, or asking for them one by one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot.client import BadToken, Client, HookSet, UsedUp, failed

log = structlog.get_logger()

T = TypeVar("T")

LEAST_SECONDS = 1.0  # between two polls: where a queue brings again what was read, it answers at once
LONGEST_PAUSE = 30.0  # seconds between two tries to reach Zalo
TOO_OFTEN_TODAY = 426


async def introduce(bot: ZaloBot, client: Client, url: str, secret: str) -> bool:
    """Tell Zalo how updates are to come, tried until it is reached. False: it doesn't know the bot.

    With `url` by webhook; without, by polling, which Zalo refuses while it has a webhook.
    """
    try:
        if url:
            await _until_taken("setWebhook", lambda: _set(client, url, secret))
        else:
            await _until_taken("deleteWebhook", lambda: client.call("deleteWebhook", {}))
    except BadToken:
        bot.sending.revoke()
        return False
    return True


async def _set(client: Client, url: str, secret: str) -> None:
    """Set the webhook. Zalo keeps the address even where it can't reach it: that is told."""
    made: HookSet = await client.set_webhook(url, secret)
    found = made.verification
    if found is not None and not found.ok:
        failed("webhook not verified")
        log.warning(
            "Zalo kept the webhook's address but could not reach it", outcome=found.outcome, hint=found.hint, url=url
        )


async def _until_taken(name: str, call: Callable[[], Awaitable[T]]) -> T | None:
    pause = 1.0
    while True:
        try:
            return await call()
        except TryLater as error:
            log.warning("Zalo is away", why=str(error), again_in=pause)
            await asyncio.sleep(max(pause, error.seconds))
            pause = min(pause * 2, LONGEST_PAUSE)
        except (Refused, Unreachable, UsedUp) as error:
            code = error.code if isinstance(error, Refused) else 0
            why = "too often today" if code == TOO_OFTEN_TODAY else str(error)
            log.warning("Zalo refuses a setting", method=name, code=code, why=why)
            return None


async def poll(bot: ZaloBot, client: Client) -> None:
    """Ask for updates and have them answered, until cancelled or the token is revoked."""
    loop, pause = asyncio.get_running_loop(), 1.0
    while not bot.sending.revoked:
        began = loop.time()
        try:
            raw = await client.updates()
        except BadToken:
            bot.sending.revoke()
            return
        except (TryLater, Refused, Unreachable, UsedUp) as error:
            log.warning("Zalo brings no updates", why=str(error), again_in=pause)
            failed("not polled")
            if isinstance(error, Refused):  # a webhook is set, perhaps by another program
                await introduce(bot, client, "", "")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause = 1.0
        if raw:
            await bot.deliver(raw)
        await asyncio.sleep(max(0.0, began + LEAST_SECONDS - loop.time()))
