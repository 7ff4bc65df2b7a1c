"""What a bot says, out of each form in which the libraries send it: JSON, a web form, multipart."""

import re
from urllib.parse import parse_qsl

import msgspec


class Key(msgspec.Struct, omit_defaults=True):
    """A button: inline ones have data."""

    text: str
    callback_data: str = ""


class Keys(msgspec.Struct, omit_defaults=True):
    """A keyboard of either kind."""

    inline_keyboard: list[list[Key]] = []
    keyboard: list[list[Key]] = []

    @property
    def flat(self) -> list[Key]:
        """Return the buttons in the order of their numbers."""
        return [key for row in self.inline_keyboard or self.keyboard for key in row]


class Said(msgspec.Struct):
    """A message to a learner."""

    text: str
    method: str = ""
    chat_id: int = 0
    reply_markup: Keys | None = None


_said = msgspec.json.Decoder(Said, strict=False)
_keys = msgspec.json.Decoder(Keys)
_boundary = re.compile(rb"boundary=\"?([^\";\r\n]+)")
_part = re.compile(rb'name="([^"]+)"')
_has_text = re.compile(rb'"text"')


def of_response(head: bytes, body: bytes) -> Said | None:
    """Return the message in a webhook's response; None when there is none."""
    if body[:1] == b"{":
        return _said.decode(body) if _has_text.search(body) else None
    if body and (boundary := _boundary.search(head)):
        return _of_fields(_parts(boundary[1], body))
    return None


def of_call(head: bytes, body: bytes) -> Said:
    """Return the message of a call such as sendMessage."""
    if body[:1] == b"{":
        return _said.decode(body)
    if boundary := _boundary.search(head):
        return _of_fields(_parts(boundary[1], body))
    return _of_fields(dict(parse_qsl(body.decode(), keep_blank_values=True)))


def _parts(boundary: bytes, body: bytes) -> dict[str, str]:
    fields = {}
    for part in body.split(b"--" + boundary):
        described, _, value = part.partition(b"\r\n\r\n")
        if name := _part.search(described):
            fields[name[1].decode()] = value.removesuffix(b"\r\n").decode()
    return fields


def _of_fields(fields: dict[str, str]) -> Said:
    markup = fields.get("reply_markup")
    keys = _keys.decode(markup) if markup else None
    return Said(fields.get("text", ""), fields.get("method", ""), int(fields.get("chat_id", 0)), keys)
