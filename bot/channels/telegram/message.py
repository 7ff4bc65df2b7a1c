"""A reply -> the messages Telegram is to show: text, bold as entities, buttons, all within its limits."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from bot.core.turn import Button, Reply
from bot.core.wording import plain, spans

# Limits of the Bot API, in its own units.
MAX_TEXT = 4096  # UTF-16 code units after entities; the page says characters, which is never less
MAX_DATA = 64  # bytes of callback data
MAX_LABEL = 60  # characters we put on an inline button
WHOLE_LABEL = 30  # characters of it that phones show; where a label is longer the text names the choices too
ROOM = 200  # code units kept free for cutting between sentences

_sentence_end = re.compile(r"(?<=[.!?…:”\n])\s+")


class Entity(msgspec.Struct, frozen=True):
    """A part of a text with a look; offset and length in UTF-16 code units."""

    offset: int
    length: int
    type: str = "bold"


class SendMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call of sendMessage."""

    chat_id: int
    text: str
    entities: tuple[Entity, ...] = ()
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, bool] | None = None


NO_PREVIEW = {"is_disabled": True}


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def messages(chat: int, reply: Reply) -> list[SendMessage]:
    """Return what to send, in order: one message, more only where the text is too long or keys change."""
    body = [*reply.notes, *([f"**{reply.heading}**"] if reply.heading else []), reply.text]
    if reply.picture:
        body.append(reply.picture.alt)
    # Whoever listens hears the choices with the text; whoever reads has them on the keys, if they fit.
    if reply.listens or any(len(button.label) > WHOLE_LABEL for button in reply.buttons):
        body.append("\n".join(f"{number}. {button.label}" for number, button in enumerate(reply.buttons, 1)))
    parts = list(cut("\n\n".join(part for part in body if part)))
    if reply.export:
        parts[:0] = cut(reply.export)
    sent = [_message(chat, part) for part in parts]
    if reply.turned_to_reading:  # keys can only be taken away by a message without others
        said = reply.notes[0] if reply.notes else reply.text
        sent.insert(0, _message(chat, said, {"remove_keyboard": True}))
    sent[-1] = msgspec.structs.replace(sent[-1], reply_markup=_keys(reply))
    return sent


def _message(chat: int, text: str, keys: dict[str, Any] | None = None) -> SendMessage:
    entities: list[Entity] = []
    at = 0
    for piece, bold in spans(text):
        size = units(piece)
        if bold:
            entities.append(Entity(at, size))
        at += size
    return SendMessage(chat, plain(text), tuple(entities), keys, NO_PREVIEW)


def _keys(reply: Reply) -> dict[str, Any] | None:
    if not reply.buttons:
        return None
    if reply.listens:
        rows = [[{"text": plain(button.label)}] for button in reply.buttons]
        return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}
    return {
        "inline_keyboard": [[_inline(reply.turn, number, button)] for number, button in enumerate(reply.buttons, 1)]
    }


def _inline(turn: int, number: int, button: Button) -> dict[str, str]:
    data = f"{turn}|{button.code}"
    if len(data.encode()) > MAX_DATA:
        raise ValueError(f"callback data {data!r} has {len(data.encode())} bytes; Telegram takes {MAX_DATA}")
    return {"text": f"{number}. {plain(button.label)}"[:MAX_LABEL], "callback_data": data}


def cut(text: str, limit: int = MAX_TEXT) -> Iterator[str]:
    """Cut a text between sentences into parts within the limit; a bold name is never cut in two."""
    if units(text) <= limit:
        yield text
        return
    part = ""
    for sentence in _pieces(text, limit - ROOM):
        if part and units(part) + units(sentence) > limit:
            yield part.rstrip()
            part = ""
        part += sentence
    yield part.rstrip()


def _pieces(text: str, limit: int) -> Iterator[str]:
    """Sentences with the white space after them; one that alone is too long is cut between words."""
    starts = [0, *(match.end() for match in _sentence_end.finditer(text)), len(text)]
    for first, last in pairwise(starts):
        sentence = text[first:last]
        while units(sentence) > limit:
            at = sentence.rfind(" ", 0, limit // 2) + 1 or limit // 2
            yield sentence[:at]
            sentence = sentence[at:]
        yield sentence
