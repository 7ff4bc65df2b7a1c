"""A clip, and the address under which it is found again: a hash of all that makes it sound as it does."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from msgspec import json

from bot.voice.packing import pauses_of

WAY = 1  # how clips are made; raise it when levelling, trimming or encoding changes, and all are made anew

Format = Literal["ogg", "mp3", "aac"]

_ADDRESS_SIZE = 32  # hexadecimal digits: 128 bits


class Quality(StrEnum):
    """How well a clip is understood, best first."""

    RECORDED = "recorded"  # a person of the place read it
    GOOD = "good"  # a machine whose speech people follow
    ROBOT = "robot"  # better than silence


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken text as a file's bytes."""

    address: str
    format: Format
    data: bytes
    seconds: float
    engine: str
    quality: Quality


def address_of(  # noqa: PLR0913  all that makes a clip what it is
    text: str,
    *,
    lang: str,
    engine: str,
    voice: str = "",
    speed: float = 1.0,
    form: Format = "ogg",
    kbit: int = 12,
) -> str:
    """Return the address of a clip: 32 hexadecimal digits.

    `text` is what is spoken, numbers and names spelled out; its Unicode form makes no difference
    (NFC is taken). `lang` may have a dialect: `vi-thanhhoa`. `speed` counts to a hundredth, 1.0 being normal.
    """
    said = unicodedata.normalize("NFC", text)
    return _hashed("clip", lang, f"{speed:.2f}", engine, voice, form, str(kbit), said)


def joined_address(parts: Sequence[str], pauses: float | Sequence[float]) -> str:
    """Return the address of clips joined in this order, with these pauses (seconds) between them."""
    return _hashed("joined", *parts, *(f"{pause:.3f}" for pause in pauses_of(parts, pauses)))


def is_address(text: str) -> bool:
    """Whether this is the form of an address: nothing else may become a file's name."""
    return len(text) == _ADDRESS_SIZE and set(text) <= set("0123456789abcdef")


def _hashed(*parts: str) -> str:
    return hashlib.sha256(json.encode((WAY, *parts))).hexdigest()[:_ADDRESS_SIZE]
