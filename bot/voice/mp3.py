"""Sound -> MP3, for browsers that play no Opus in OGG: twice the bytes at the same worth. Through libsndfile's LAME.

One form only: MPEG-2 layer III, mono, 24 kHz, constant bit rate, frames and nothing else (ISO/IEC
13818-3). At these rates LAME has no room for its Xing frame, which would tell a wrong length once
clips are joined; its 46 ms of silence at the beginning of a clip are heard.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.voice.packing import PAUSE, pauses_of, ready
from bot.voice.sound import Sound

KBIT = 32  # kbit/s
KBITS = (24, 32, 48)
RATE = 24_000  # Hz

_FRAME_SECONDS = 576 / RATE  # of MPEG-2
_FRAME_SIZES = {byte: kbit * 3 for byte, kbit in ((0x34, 24), (0x44, 32), (0x64, 48))}  # bytes, by a header's third
_MOST, _LEAST = 160, 8  # kbit/s at libsndfile's compression levels 0 and 1
_SILENCE_SECONDS = 5


class BadMp3(ValueError):
    """These bytes aren't MP3 in our one form; its sentence says where and why."""


def encode(sound: Sound, kbit: int = KBIT) -> bytes:
    """Return the sound as MP3, up to 75 ms longer than it is.

    Raises ValueError: `kbit` is none of KBITS, or the sound has no samples, or some that aren't numbers.
    """
    if kbit not in KBITS:
        raise ValueError(f"MP3 clips have {', '.join(map(str, KBITS))} kbit/s, not {kbit}.")
    file = io.BytesIO()
    soundfile.write(
        file,
        ready(sound, RATE),
        RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=(_MOST - kbit) / (_MOST - _LEAST),
    )
    return file.getvalue()


def check(data: bytes) -> str:
    """Return what is wrong with a clip, in a sentence, or "": whole frames of our one form. The sound isn't decoded."""
    try:
        frames = sum(1 for _ in _frames(data))
    except BadMp3 as error:
        return str(error)
    return "" if frames else "The MP3 is empty."


def seconds_of(data: bytes) -> float:
    """Return how long a clip is heard; raises BadMp3 as `check` finds it."""
    return _FRAME_SECONDS * sum(1 for _ in _frames(data))


def joined(clips: Sequence[bytes], pauses: float | Sequence[float] = PAUSE) -> bytes:
    """Make one MP3 of clips of the same bit rate, without encoding again; costs microseconds.

    `pauses` are seconds after each clip but the last, kept to 24 ms, and 46 ms longer by what a
    clip begins with. No frame leans on the clip before: LAME begins each with an empty reservoir.

    Raises:
        BadMp3: a clip isn't MP3 of our one form.
        ValueError: there are no clips, of differing bit rates, or pauses that don't fit them.
    """
    between = pauses_of(clips, pauses)
    for clip in clips:
        if wrong := check(clip):
            raise BadMp3(wrong)
    if len({clip[2] for clip in clips}) > 1:
        raise ValueError("MP3 clips of differing bit rates can't be joined.")
    size = _FRAME_SIZES[clips[0][2]]
    joint = [clips[0]]
    for clip, pause in zip(clips[1:], between, strict=True):
        joint += [_silence(size // 3, round(pause / _FRAME_SECONDS)), clip]
    return b"".join(joint)


def _silence(kbit: int, frames: int) -> bytes:
    """Return so many frames of silence, each run of 5 seconds begun anew."""
    size = kbit * 3
    run = _silent_run(kbit)
    runs, rest = divmod(frames, len(run) // size)
    return run * runs + run[: rest * size]


@cache
def _silent_run(kbit: int) -> bytes:
    return encode(Sound(np.zeros(_SILENCE_SECONDS * RATE, np.float32), RATE), kbit)


def _frames(data: bytes) -> Iterator[int]:
    """Go through the frames by their places; raises BadMp3 where none of our form begins, or ends."""
    at = 0
    while at < len(data):
        head = data[at : at + 4]
        if head[:2] != b"\xff\xf3" or len(head) < 4 or head[2] not in _FRAME_SIZES or head[3] >> 6 != 3:  # noqa: PLR2004  mono
            raise BadMp3(f"No MP3 frame, mono at {RATE} Hz, begins at byte {at}.")
        size = _FRAME_SIZES[head[2]]
        if len(data) < at + size:
            raise BadMp3(f"The MP3 frame at byte {at} is cut off.")
        yield at
        at += size
