"""A reply -> the texts Zalo is to show: plain, in NFC, numbers where other channels have buttons, cut to its limit."""

import unicodedata
from functools import lru_cache

from bot.channels.zalo_bot.texts import texts_of
from bot.core.fit import cut
from bot.core.turn import Button, Reply
from bot.core.wording import plain

MAX_TEXT = 2000  # Zalo's own limit; whether of characters or UTF-16 units is not said, so units are counted
USUAL_TEXT = 1800  # what we cut to, unless the settings say otherwise


def messages(reply: Reply, most: int = USUAL_TEXT, *, voice: bool = False, size: int = 0) -> list[str]:
    """Return the texts to send, in order: one, more only where it is too long for one.

    With `voice` the learner is told that they may have it read; `size` is the clip's kB for who saves data.
    """
    # What is said in a lesson is said to many, and remembered; all else is one learner's.
    draw = _drawn if reply.step else _drawn.__wrapped__
    picture = reply.picture.told if reply.picture else ""
    foot = _foot(reply, voice=voice, size=size) if reply.buttons else ""
    screen = draw(reply.heading, reply.text, picture, reply.buttons, foot)
    notes = [_plain(note) for note in reply.notes]
    if reply.secret:
        notes.append(texts_of(reply.lang).delete_it)
    parts = list(cut("\n\n".join((*notes, screen)), most))
    if reply.export:
        parts[:0] = cut(_nfc(reply.export), most)
    return [part for part in parts if part]


def _foot(reply: Reply, *, voice: bool, size: int) -> str:
    texts = texts_of(reply.lang)
    if not (voice and reply.hear_label):
        return texts.pick
    return texts.hear_size.format(size=size) if size else texts.hear


@lru_cache(4096)
def _drawn(heading: str, text: str, picture: str, buttons: tuple[Button, ...], foot: str) -> str:
    choices = "\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, 1))
    return _plain("\n\n".join(part for part in (heading, text, picture, choices, foot) if part))


def _plain(text: str) -> str:
    return _nfc(plain(text))


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
