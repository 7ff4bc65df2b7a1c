"""The checks of a voice note that is to become a recording. They block, and may crash on what strangers send."""

from typing import Literal

import msgspec

from bot.voice import opus
from bot.voice.fault import Kind, carelessness, fault_of
from bot.voice.hearing.decoding import opened
from bot.voice.hearing.ear import CantHear
from bot.voice.importing import KBIT
from bot.voice.level import levelled, trimmed

# Why it can't wait for an editor: a fault's kind, or it is over a minute, no sound, nobody had time, too many wait, it
# was recorded before the text was given.
Why = Kind | Literal["endless", "no sound", "busy", "full", "moved on"]


class Job(msgspec.Struct, frozen=True, array_like=True):
    """A voice note's file, and the text that should be heard in it, spelled out."""

    raw: bytes
    text: str


class Checked(msgspec.Struct, frozen=True, array_like=True):
    """What came of it: why it is to be read again, or the sound, trimmed and levelled, as OGG/Opus."""

    why: Why | None = None
    sentence: str = ""  # for operators
    sound: bytes = b""
    seconds: float = 0.0


def check(job: Job) -> Checked:
    """Look a voice note through."""
    try:
        sound = trimmed(opened(job.raw))
    except CantHear as error:
        return Checked("endless" if error.why == "too long" else "no sound", str(error))
    if found := fault_of(sound, job.text) or carelessness(sound):
        return Checked(found.kind, found.sentence)
    return Checked(sound=opus.encode(levelled(sound), KBIT), seconds=sound.seconds)
