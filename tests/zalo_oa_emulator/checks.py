"""Whether a message of ours is one that the OpenAPI takes, field by field."""

import unicodedata
from collections.abc import Callable
from typing import Any

from zalo_oa_emulator.refused import Json, Refused, units
from zalo_oa_emulator.switches import Switches

MAX_TEXT = 2000
MAX_BUTTONS = 5
MAX_TITLE = 100
MAX_PAYLOAD = 1000
_MEDIA = {"image", "gif", "sticker"}

Complain = Callable[[str], None]


def check_message(message: Any, switches: Switches, complain: Complain) -> None:
    """Raise Refused for what the OpenAPI refuses; complain of what it may overlook."""
    if not isinstance(message, dict) or not message:
        raise Refused(-201, "message")
    unknown = message.keys() - {"text", "attachment", "quote_message_id"}
    if unknown:
        complain(f"unknown fields of a message: {sorted(unknown)}")
    attachment = message.get("attachment")
    if "text" in message or attachment is None:
        _check_text(message.get("text"), complain)
    if attachment is not None:
        _check_attachment(attachment, message, switches, complain)


def _check_text(text: Any, complain: Complain) -> None:
    if not isinstance(text, str) or not text.strip() or units(text) > MAX_TEXT:
        raise Refused(-201, "text")
    if unicodedata.normalize("NFC", text) != text:
        complain(f"a text is not in NFC: {text[:40]!r}")
    if "**" in text:
        complain(f"a text has marks that nobody takes out: {text[:40]!r}")


def _check_attachment(attachment: Any, message: Json, switches: Switches, complain: Complain) -> None:
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if kind not in {"template", "file"} or not isinstance(payload, dict):
        raise Refused(-233 if kind else -201, "attachment")
    if kind == "file":
        if not isinstance(payload.get("token"), str):
            raise Refused(-201, "token")
    elif "buttons" in payload:
        if "text" not in message:
            raise Refused(-201, "text")
        _check_buttons(payload, switches, complain)
    elif payload.get("template_type") == "media":
        _check_media(payload)
    elif payload.get("template_type") == "request_user_info":
        if len(payload.get("elements", ())) != 1:
            raise Refused(-201, "elements")
    elif payload.get("template_type") != "list":
        raise Refused(-233)


def _check_media(payload: Json) -> None:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise Refused(-201, "elements")
    element = elements[0]
    if element.get("media_type") not in _MEDIA:
        raise Refused(-233)
    if ("url" in element) == ("attachment_id" in element):
        raise Refused(-201, "attachment_id")
    if element["media_type"] == "gif" and not (element.get("width") and element.get("height")):
        raise Refused(-201, "width")


def _check_buttons(payload: Json, switches: Switches, complain: Complain) -> None:
    if switches.buttons == "refused":
        raise Refused(-201, "attachment")
    if switches.buttons == "unsupported":
        raise Refused(-233)
    if (payload.get("template_type") == "button") != (switches.buttons == "template"):
        raise Refused(-201, "template_type")
    buttons = payload["buttons"]
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_BUTTONS:
        raise Refused(-201, "buttons")
    for button in buttons:
        _check_button(button, complain)
    if len({button["title"] for button in buttons}) < len(buttons):
        complain("two buttons of a message have one title")


def _check_button(button: Any, complain: Complain) -> None:
    if not isinstance(button, dict) or button.keys() - {"title", "type", "payload", "image_icon"}:
        raise Refused(-201, "buttons")
    title, kind, payload = button.get("title"), button.get("type"), button.get("payload")
    if not isinstance(title, str) or not title.strip() or len(title) > MAX_TITLE:
        raise Refused(-201, "title")
    if unicodedata.normalize("NFC", title) != title:
        complain(f"a title is not in NFC: {title!r}")
    if kind in {"oa.query.show", "oa.query.hide"}:
        good = isinstance(payload, str) and 0 < len(payload) <= MAX_PAYLOAD
    elif kind == "oa.open.url":
        good = isinstance(payload, dict) and str(payload.get("url", "")).startswith("https://")
    elif kind == "oa.open.phone":
        good = isinstance(payload, dict) and isinstance(payload.get("phone_code"), str)
    elif kind == "oa.open.sms":
        good = isinstance(payload, dict) and len(payload.get("content", "")) <= 160 and "phone_code" in payload
    else:
        raise Refused(-201, "type")
    if not good:
        raise Refused(-201, "payload")
