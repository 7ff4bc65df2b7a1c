"""Clips made into one, with pauses and chapters, without encoding again: their packets, silence between them.

Each part is heard as it is alone, bit for bit, where the decoder is libopus. The silence is the
reason: it is a packet of Opus' other mode (CELT), and a decoder that leaves a mode forgets what it
heard in it (opus_decoder.c; measured in tests/voice/test_join.py). Silence made by the speech mode
itself would leave the end of one part to colour the beginning of the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.voice import stream
from bot.voice.packing import PAUSE, pauses_of
from bot.voice.stream import RATE, Stream

SILENCE = b"\xf8\xff\xfe"  # 20 ms in CELT mode, full band, mono (RFC 6716 table 2), its frame coded as silent
SILENCE_SAMPLES = 960
MOST_CHAPTERS = 999  # CHAPTERxxx has three digits


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place to jump to: the beginning of part number `part`, counted from 0."""

    part: int
    name: str


def joined(
    clips: Sequence[bytes], pauses: float | Sequence[float] = PAUSE, title: str = "", chapters: Sequence[Chapter] = ()
) -> bytes:
    """Make one Ogg Opus file of mono ones; costs about 2 ms for a minute.

    `pauses` are seconds after each clip but the last, kept to 10 ms, but never under about 30 ms: what
    players drop at the end of one clip and the beginning of the next is heard here, as silence, and
    counts as pause.

    Raises:
        BadOgg: a clip isn't a whole, unhurt mono Ogg Opus file.
        ValueError: there are no clips, or pauses or chapters that don't fit them.
    """
    between = pauses_of(clips, pauses)
    parts = [stream.read(clip) for clip in clips]
    first = parts[0]
    packets: list[bytes] = []
    starts: list[int] = []  # where each part is heard, in samples from the beginning
    reached = tail = 0
    for number, part in enumerate(parts):
        if number:
            wanted = round(between[number - 1] * RATE) - tail - part.pre_skip
            silences = max(1, round(wanted / SILENCE_SAMPLES))
            packets += [SILENCE] * silences
            reached += silences * SILENCE_SAMPLES
        starts.append(reached + part.pre_skip - first.pre_skip)
        packets += part.packets
        reached += part.total
        tail = part.tail
    comments = ([f"TITLE={title}"] if title else []) + _marks(chapters, starts)
    length = reached - tail - first.pre_skip
    return stream.written(Stream(packets, first.pre_skip, length, first.rate, first.vendor, tuple(comments)))


def _marks(chapters: Sequence[Chapter], starts: Sequence[int]) -> list[str]:
    """Return the comments that players read as chapters (the Xiph wiki's Chapter Extension of Vorbis comments)."""
    if len(chapters) > MOST_CHAPTERS:
        raise ValueError(f"A file has at most {MOST_CHAPTERS} chapters, not {len(chapters)}.")
    comments = []
    for number, chapter in enumerate(chapters, 1):
        if not 0 <= chapter.part < len(starts):
            raise ValueError(f"Chapter {chapter.name!r} begins at part {chapter.part}; there are {len(starts)} parts.")
        ms = starts[chapter.part] * 1000 // RATE
        clock = f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
        comments += [f"CHAPTER{number:03}={clock}", f"CHAPTER{number:03}NAME={chapter.name}"]
    return comments
