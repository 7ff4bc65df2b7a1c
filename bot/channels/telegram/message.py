"""A reply -> the messages Telegram is to show: text, bold as entities, buttons, all within its limits."""

from functools import lru_cache
from typing import Any

import msgspec

from bot.core.fit import cut, units
from bot.core.turn import Button, Reply
from bot.core.wording import plain, spans

# Limits of the Bot API, in its own units.
MAX_TEXT = 4096  # UTF-16 code units after entities; the page says characters, which is never less
MAX_CAPTION = 1024  # likewise
MAX_DATA = 64  # bytes of callback data
MAX_LABEL = 60  # characters we put on an inline button
WHOLE_LABEL = 30  # characters of it that phones show; where a label is longer the text names the choices too


class Entity(msgspec.Struct, frozen=True):
    """A part of a text with a look; offset and length in UTF-16 code units."""

    offset: int
    length: int
    type: str = "bold"


class SendMessage(msgspec.Struct, omit_defaults=True):
    """One call of sendMessage."""

    chat_id: int
    text: str
    entities: tuple[Entity, ...] = ()
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, bool] | None = None


AGAIN = "=again"  # callback data of a global word: a sign that no button's code begins with, and its name
NO_PREVIEW = {"is_disabled": True}


def messages(chat: int, reply: Reply, *, hear: str = "") -> list[SendMessage]:
    """Return what to send, in order: one message, more only where the text is too long or keys change.

    `hear` is the label of a key that has it said aloud; empty where there is no voice, or it is said anyway.
    """
    # What is said in a lesson is said to many, and remembered; all else is one learner's.
    draw, look = (_drawn, _looked) if reply.step else (_drawn.__wrapped__, _looked.__wrapped__)
    picture = reply.picture.told if reply.picture else ""
    shown, labels = draw(reply.heading, reply.text, picture, reply.buttons, reply.listens)
    parts = list(cut("\n\n".join((*reply.notes, shown)), MAX_TEXT))
    if reply.export:
        parts[:0] = cut(reply.export, MAX_TEXT)
    sent = [SendMessage(chat, *look(part), None, NO_PREVIEW) for part in parts]
    if reply.turned_to_reading:  # keys can only be taken away by a message without others
        said = reply.notes[0] if reply.notes else reply.text
        sent.insert(0, SendMessage(chat, *look(said), {"remove_keyboard": True}, NO_PREVIEW))
    sent[-1].reply_markup = _keys(reply, labels, hear)
    return sent


@lru_cache(4096)
def _drawn(
    heading: str, text: str, picture: str, buttons: tuple[Button, ...], listens: bool
) -> tuple[str, tuple[str, ...]]:
    """Return a screen's text and the labels of its keys."""
    body = [f"**{heading}**" if heading else "", text, picture]
    # Whoever listens hears the choices with the text; whoever reads has them on the keys, if they fit.
    if listens or any(len(button.label) > WHOLE_LABEL for button in buttons):
        body.append("\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, 1)))
    labels = [plain(button.label) for button in buttons]
    if not listens:
        labels = [f"{number}. {label}"[:MAX_LABEL] for number, label in enumerate(labels, 1)]
    return "\n\n".join(part for part in body if part), tuple(labels)


@lru_cache(4096)
def _looked(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the text without marks, and what of it is bold."""
    entities: list[Entity] = []
    at = 0
    for piece, bold in spans(text):
        size = units(piece)
        if bold:
            entities.append(Entity(at, size))
        at += size
    return plain(text), tuple(entities)


def _keys(reply: Reply, labels: tuple[str, ...], hear: str) -> dict[str, Any] | None:
    if not labels:
        return None
    if reply.listens:
        rows = [[{"text": label}] for label in (*labels, hear) if label]
        return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}
    pairs = zip(labels, reply.buttons, strict=True)
    rows = [[{"text": label, "callback_data": _data(reply.turn, each)}] for label, each in pairs]
    if hear:
        rows.append([{"text": hear, "callback_data": f"{reply.turn}|{AGAIN}"}])
    return {"inline_keyboard": rows}


def _data(turn: int, button: Button) -> str:
    data = f"{turn}|{button.code}"
    if len(data.encode()) > MAX_DATA:
        raise ValueError(f"callback data {data!r} has {len(data.encode())} bytes; Telegram takes {MAX_DATA}")
    return data
