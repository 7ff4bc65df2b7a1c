"""Whether what an engine gave back can be the text it was given, without listening to it."""

import re

import numpy as np

from bot.core.fold import fold
from bot.voice.level import loudness
from bot.voice.sound import Sound

FASTEST = 12.0  # syllables a second; people in haste speak 8
SLOWEST = 1.0  # seconds a syllable
PAUSES = 3.0  # seconds more, for a short text with its pauses
QUIETEST = -45.0  # LUFS; levelling would lift the noise with it
WILDEST = 8.0  # a sample, where 1 is the loudest; decoders overshoot a little
CLIPPED = 0.002  # share of samples on a plateau; espeak's best have a few in all

_PLATEAU = 4  # samples in a row
_vowels = re.compile("[aeiouy]+")


def fault(sound: Sound, text: str) -> str:
    """Return what is wrong with `sound` as a reading of `text`, in one sentence, or "".

    Finds no samples, samples that aren't numbers, silence, hardly a sound, sound that was cut off at
    the top, and a length that doesn't fit the number of syllables. A wrong voice or wrong words
    are not found.
    """
    return _unfit(sound) or _unlike(sound, syllables(text))


def _unfit(sound: Sound) -> str:
    """Return why nothing could be heard in it, or not well."""
    if not sound.samples.size:
        return "The sound is empty."
    if not np.isfinite(sound.samples).all() or np.abs(sound.samples).max() > WILDEST:
        return "The sound has samples that aren't numbers, or far out of all bounds."
    level = loudness(sound)
    if not np.isfinite(level):
        return "The sound is silent."
    if level < QUIETEST:
        return f"The sound is too quiet: {level:.0f} LUFS, where {QUIETEST:.0f} is the least."
    share = _clipped(sound)
    return f"The sound is cut off at the top, {share:.1%} of it, as if recorded too loud." if share > CLIPPED else ""


def _unlike(sound: Sound, count: int) -> str:
    """Return why so many syllables can't be in it."""
    if sound.seconds < count / FASTEST:
        return f"The sound is too short: {sound.seconds:.1f} seconds for {count} syllables."
    if sound.seconds > count * SLOWEST + PAUSES:
        return f"The sound is too long: {sound.seconds:.1f} seconds for {count} syllables."
    return ""


def syllables(text: str) -> int:
    """Count the syllables, a little too many in English: runs of vowels; letters and digits where there are none."""
    return sum(len(_vowels.findall(word)) or len(word) for word in fold(text).letters)


def _clipped(sound: Sound) -> float:
    """Return the share of samples that stand four or more in a row at the loudest there is."""
    loud = np.abs(sound.samples)
    top = (loud >= 0.999 * loud.max()).astype(np.int8)
    edges = np.flatnonzero(np.diff(top, prepend=0, append=0))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= _PLATEAU].sum() / len(loud))
