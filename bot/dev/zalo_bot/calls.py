"""The methods of the Bot Platform, each argument checked: fields, types, limits."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.dev.zalo_bot.refused import Json, Refused

if TYPE_CHECKING:
    from bot.dev.zalo_bot.emulator import Emulator

MAX_TEXT = 2000  # UTF-16 code units
SECRET_LENGTH = range(8, 257)
DAY = 86_400
_STYLES = {
    *("b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20", "lst_1", "lst_2"),
    *("c_050a19", "c_15a85f", "c_f7b503", "c_f27806", "c_db342e"),
    *(f"ind_{number}" for number in range(1, 6)),
}

Method = Callable[["Emulator", Json], Awaitable[Json | None]]


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def check(fields: Mapping[str, type], given: Json, required: tuple[str, ...]) -> None:
    """Refuse what is missing, unknown or of another type."""
    for name in required:
        if given.get(name) in {None, ""}:
            raise Refused(400, f"The {name} must not be empty")
    for name, value in given.items():
        if name not in fields:
            raise Refused(400, f"Unknown parameter {name}")
        if not isinstance(value, fields[name]):
            raise Refused(400, f"The {name} must be a {fields[name].__name__}")


async def get_me(emulator: "Emulator", given: Json) -> Json:
    """Tell who the bot is."""
    check({}, given, ())
    return {
        "id": emulator.bot_id,
        "account_name": "bot.hocso",
        "account_type": "BASIC",
        "can_join_groups": False,
        "display_name": "Bot Học Số",
    }


async def get_updates(emulator: "Emulator", given: Json) -> Json:
    """Wait for one update; seconds may be a number or a text."""
    seconds = given.get("timeout", 30)
    if isinstance(seconds, str) and not seconds.isdecimal():
        raise Refused(400, "The timeout must be a number")
    check({"timeout": object}, {name: value for name, value in given.items() if name not in emulator.leftovers}, ())
    if emulator.hook.url:
        raise Refused(400, "Can't use getUpdates while a webhook is set; use deleteWebhook first")
    found = await emulator.next_update(float(seconds))
    if found is None:
        raise Refused(408, "Request timeout")
    return found


async def set_webhook(emulator: "Emulator", given: Json) -> Json:
    """Keep the address, whatever its verification comes to."""
    check({"url": str, "secret_token": str}, given, ("url", "secret_token"))
    if len(given["secret_token"]) not in SECRET_LENGTH:
        raise Refused(400, "The secret_token must be 8 to 256 characters")
    _public(given["url"], loopback=emulator.switches.http_on_loopback)
    return await emulator.hook.set(given["url"], given["secret_token"])


async def delete_webhook(emulator: "Emulator", given: Json) -> Json:
    """Forget the address; it is no error when there is none."""
    check({}, given, ())
    return emulator.hook.forget()


async def get_webhook_info(emulator: "Emulator", given: Json) -> Json:
    """Tell the address, never the secret."""
    check({}, given, ())
    if not emulator.hook.url and emulator.switches.webhook_info_empty == "404":
        raise Refused(404, "Not Found")
    return {"url": emulator.hook.url, "updated_at": emulator.hook.updated_at}


async def test_webhook(emulator: "Emulator", given: Json) -> Json:
    """Post once to the address; so often a day."""
    check({}, given, ())
    today = int(emulator.now()) // DAY
    emulator.tests = {today: emulator.tests.get(today, 0) + 1}
    if emulator.tests[today] > emulator.switches.test_webhook_cap:
        raise Refused(426, "Daily quota of testWebhook exceeded")
    return {"url": emulator.hook.url, **await emulator.hook.verify()}


async def send_message(emulator: "Emulator", given: Json) -> Json:
    """Send a text."""
    fields = {"chat_id": str, "text": str, "parse_mode": str, "text_styles": list}
    kept = {name: value for name, value in given.items() if name not in emulator.leftovers}
    check(fields, kept, ("chat_id", "text"))
    _length("text", given["text"])
    if given.get("parse_mode", "html") not in {"markdown", "html"}:
        raise Refused(400, "The parse_mode is invalid")
    for run in given.get("text_styles", ()):
        _style(run, units(given["text"]))
    return emulator.sent("sendMessage", given)


async def send_photo(emulator: "Emulator", given: Json) -> Json:
    """Send a picture, by its address only."""
    kept = {name: value for name, value in given.items() if name not in emulator.leftovers}
    if kept.get("photo") in {None, ""}:
        raise Refused(400, "The photo must not be empty")
    check({"chat_id": str, "photo": str, "caption": str}, kept, ("chat_id", "photo"))
    if not given["photo"].startswith(("http://", "https://")):
        raise Refused(400, "The photo must start with http:// or https://")
    if not urlsplit(given["photo"]).hostname:
        raise Refused(400, "The photo URL is invalid")
    if given.get("caption"):
        _length("caption", given["caption"])
    return emulator.sent("sendPhoto", given)


async def send_sticker(emulator: "Emulator", given: Json) -> Json:
    """Send a sticker."""
    kept = {name: value for name, value in given.items() if name not in emulator.leftovers}
    check({"chat_id": str, "sticker": str}, kept, ("chat_id", "sticker"))
    return emulator.sent("sendSticker", given)


async def send_voice(emulator: "Emulator", given: Json) -> Json:
    """Send a clip by its address; into a group it is said to be sent, and never comes."""
    check({"chat_id": str, "voice_url": str}, given, ("chat_id", "voice_url"))
    address = urlsplit(given["voice_url"])
    if address.scheme not in {"http", "https"} or not address.path.endswith(".aac"):
        raise Refused(400, "The voice_url must be a link that ends with .aac")
    if emulator.chat(given["chat_id"]).group:
        return emulator.receipt()
    made = emulator.sent("sendVoice", given)
    emulator.fetch_voice(given["voice_url"])
    return made


async def send_chat_action(emulator: "Emulator", given: Json) -> None:
    """Show that the bot is typing; there is no result."""
    check({"chat_id": str, "action": str}, given, ("chat_id", "action"))
    if given["action"] != "typing":
        raise Refused(400, "The action is invalid")
    emulator.chat(given["chat_id"])


def _length(name: str, text: str) -> None:
    if not 1 <= units(text) <= MAX_TEXT:
        raise Refused(400, f"The {name} must be 1 to {MAX_TEXT} characters")


def _style(run: Any, length: int) -> None:  # noqa: ANN401  whatever was sent
    if not isinstance(run, dict) or set(run) != {"start", "len", "st"}:
        raise Refused(400, "A text_styles item has start, len and st")
    start, size = run["start"], run["len"]
    if not (isinstance(start, int) and isinstance(size, int) and start >= 0 < size and start + size <= length):
        raise Refused(400, "A text_styles item lies outside the text")
    if not isinstance(run["st"], list) or not set(run["st"]) <= _STYLES:
        raise Refused(400, "A text_styles item has an unknown style")


def _public(url: str, *, loopback: bool) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        near = host == "localhost" or not ipaddress.ip_address(host).is_global
    except ValueError:
        near = host == "localhost"
    if near and loopback and host in {"127.0.0.1", "localhost"} and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https" or not host or near:
        raise Refused(400, "The url must be a public https address")


METHODS: Mapping[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "testWebhook": test_webhook,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendSticker": send_sticker,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
}
