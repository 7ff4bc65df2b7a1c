"""Sound -> OGG/Opus, the form in which clips are kept and sent; and back. Through libsndfile, which brings libopus."""

import io
from dataclasses import replace

import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.voice import ogg, stream
from bot.voice.ogg import BadOgg
from bot.voice.packing import ready
from bot.voice.sound import Sound

KBIT = 12  # kbit/s; a recogniser hears speech at it as well as in the original, and at 8 no longer
KBITS = (12, 16, 24)
RATE = 24_000  # Hz that are encoded; libopus takes 8, 12, 16 and 48 thousand too, and no others

_MOST, _LEAST = 256, 6  # kbit/s at libsndfile's compression levels 0 and 1


def encode(sound: Sound, kbit: int = KBIT) -> bytes:
    """Return the sound as a mono OGG/Opus file; the same sound gives the same bytes.

    Raises ValueError: `kbit` is none of KBITS, or the sound has no samples, or some that aren't numbers.
    """
    if kbit not in KBITS:
        raise ValueError(f"Clips have {', '.join(map(str, KBITS))} kbit/s, not {kbit}.")
    level = (_MOST - kbit) / (_MOST - _LEAST)  # it takes no bit rate, and left alone writes 33 kbit/s or more
    file = io.BytesIO()
    soundfile.write(
        file,
        ready(sound, RATE),
        RATE,
        format="OGG",
        subtype="OPUS",
        compression_level=level,
    )
    # libsndfile leaves 512 bytes of room in the comments, which is half of a short clip, and a serial by chance.
    return stream.written(replace(stream.read(file.getvalue()), comments=()))


def decode(data: bytes) -> Sound:
    """Return what is heard, at RATE; raises BadOgg as `check` finds it."""
    if wrong := check(data):
        raise BadOgg(wrong)
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise BadOgg(f"The Opus stream can't be decoded ({error.error_string}).") from error
    return Sound(samples, rate)


def check(data: bytes) -> str:
    """Return what is wrong with a clip, in a sentence, or "": a whole, unhurt mono Ogg Opus file with sound.

    The sound itself is not decoded.
    """
    try:
        stream.read(data)
    except BadOgg as error:
        return str(error)
    return ""


def seconds_of(data: bytes) -> float:
    """Return how long a clip is heard, from the position on its last page; only this page is looked at.

    Raises BadOgg where there is no such page, or no OpusHead on the first.
    """
    at = len(data)
    while (at := data.rfind(ogg.MAGIC, 0, at)) >= 0:
        try:
            page = next(ogg.pages(data[at:]))
        except BadOgg:  # these four bytes were sound
            continue
        length = page.granule - stream.pre_skip_of(data)
        if page.flags & ogg.LAST and length > 0:
            return length / stream.RATE
        break
    raise BadOgg("The Ogg stream doesn't end with a page of sound.")
