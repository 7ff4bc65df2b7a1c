"""How a bot says where it wants its updates: polls and webhooks."""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram_emulator.bots import Bot
from telegram_emulator.hook import Hook, Wanted
from telegram_emulator.refused import Json, Refused, bad

if TYPE_CHECKING:
    from telegram_emulator.server import Server

SECRET = re.compile(r"[A-Za-z0-9_-]*")
SECRET_LONGEST = 256
CONNECTIONS = 40
MOST_CONNECTIONS = 100
PORTS = {443, 80, 88, 8443}
HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def get_updates(bot: Bot, asked: Json) -> list[Json]:
    if bot.hook:
        raise Refused(409, HOOKED)
    bot.updates.allow(asked.get("allowed_updates"))
    return await bot.updates.poll(asked.get("offset", 0), asked.get("limit", 100), asked.get("timeout", 0))


def get_webhook_info(bot: Bot, _: Json) -> Json:
    bot.updates.expire()
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.updates.pending)}
    if bot.hook_error:
        info |= {"last_error_date": bot.hook_error[0], "last_error_message": bot.hook_error[1]}
    if bot.hook:
        wanted = bot.hook.wanted
        address = wanted.ip_address or "127.0.0.1"
        info |= {"url": wanted.url, "max_connections": wanted.max_connections, "ip_address": address}
    if bot.updates.allowed:
        info["allowed_updates"] = list(bot.updates.allowed)
    return info


def receiving(server: "Server") -> dict[str, Callable[[Bot, Json], Awaitable[Any] | Any]]:
    """Return the methods that need to know where addresses lead."""

    async def set_webhook(bot: Bot, asked: Json) -> bool:
        if not asked["url"]:
            return await delete_webhook(bot, asked)
        wanted = _wanted(asked)
        http = server.http_to(wanted.url)
        if http is None:
            raise bad("bad webhook: Failed to resolve host: Name or service not known")
        if bot.hook:
            hook, bot.hook = bot.hook, None  # so that nothing new sets out by it
            await hook.close()
        if asked.get("drop_pending_updates"):
            bot.updates.clear()
        bot.updates.allow(asked.get("allowed_updates"))
        bot.updates.end_polls()
        bot.hook_error = None
        bot.hook = Hook(bot, wanted, http, server.in_answer, server.webhook_timeout)
        bot.hook.look()
        return True

    async def delete_webhook(bot: Bot, asked: Json) -> bool:
        if asked.get("drop_pending_updates"):
            bot.updates.clear()
        if bot.hook:
            hook, bot.hook = bot.hook, None
            await hook.close()
        return True

    return {
        "getUpdates": get_updates,
        "getWebhookInfo": get_webhook_info,
        "setWebhook": set_webhook,
        "deleteWebhook": delete_webhook,
        "logOut": lambda bot, _: bool(bot),
        "close": lambda bot, _: bool(bot),
    }


def _wanted(asked: Json) -> Wanted:
    """Read setWebhook's fields. Like a server of one's own (--local), plain HTTP and any port is taken on loopback."""
    address = urlsplit(asked["url"])
    try:
        port = address.port
    except ValueError:
        raise bad("invalid webhook URL specified") from None
    if not address.hostname or address.scheme not in {"http", "https"}:
        raise bad("invalid webhook URL specified")
    if address.hostname not in {"127.0.0.1", "localhost"}:
        if address.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (port or 443) not in PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = asked.get("secret_token", "")
    if len(secret) > SECRET_LONGEST:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    connections = min(max(asked.get("max_connections", CONNECTIONS), 1), MOST_CONNECTIONS)
    return Wanted(asked["url"], secret, connections, asked.get("ip_address", ""))
