"""The forms in which a clip is packed, so that every channel can play it: OGG/Opus, MP3, AAC."""

from collections.abc import Sequence
from typing import Final

from bot.voice import aac, join, mp3, opus
from bot.voice.clip import Format
from bot.voice.packing import PAUSE
from bot.voice.sound import Sound

ALL: Final[tuple[Format, ...]] = ("ogg", "mp3", "aac")


def kbit_of(form: Format, kbit: int) -> int:
    """Return the bit rate of a form; `kbit` is that of Opus, the only one that can be chosen."""
    return {"ogg": kbit, "mp3": mp3.KBIT, "aac": aac.KBIT}[form]


def encode(sound: Sound, form: Format, kbit: int) -> bytes:
    """Pack a sound. Raises NoEncoder where AAC is wanted and can't be made."""
    if form == "ogg":
        return opus.encode(sound, kbit)
    return mp3.encode(sound) if form == "mp3" else aac.encode(sound)


def joined(clips: Sequence[bytes], form: Format, pauses: float | Sequence[float] = PAUSE) -> bytes:
    """Make one clip of several of the same form, without encoding them again."""
    if form == "ogg":
        return join.joined(clips, pauses)
    return mp3.joined(clips, pauses) if form == "mp3" else aac.joined(clips, pauses)


def seconds_of(data: bytes, form: Format) -> float:
    """Return how long a clip is heard. Raises ValueError for what is none of this form."""
    if form == "ogg":
        return opus.seconds_of(data)
    if form == "mp3":
        return mp3.seconds_of(data)
    if wrong := aac.check(data):
        raise ValueError(wrong)
    return aac.seconds_of(data)
