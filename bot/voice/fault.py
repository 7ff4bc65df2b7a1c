"""Whether what an engine or a person gave back can be the text it was given, without listening to it."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.core.fold import fold
from bot.voice.level import levels, loudness
from bot.voice.sound import Sound

FASTEST = 12.0  # syllables a second; people in haste speak 8
SLOWEST = 1.0  # seconds a syllable
PAUSES = 3.0  # seconds more, for a short text with its pauses
QUIETEST = -45.0  # LUFS; levelling would lift the noise with it
WILDEST = 8.0  # a sample, where 1 is the loudest; decoders overshoot a little
CLIPPED = 0.002  # share of samples on a plateau; espeak's best have a few in all
HOT = 0.01  # share of samples near full scale: what was cut off and then packed has no plateaus any more
GAP = 2.5  # seconds of silence inside a reading; a pause between two sentences has one
NEAREST_NOISE = 15.0  # dB that noise must lie below speech; in a quiet room it lies 30 or more below

_PLATEAU = 4  # samples in a row
_FULL = 0.97  # of the loudest that a sample can be
_FRAME = 0.02  # seconds over which levels are taken
_PAUSE = 20.0  # dB below speech: nobody speaks
_vowels = re.compile("[aeiouy]+")

Kind = Literal["empty", "broken", "silent", "quiet", "clipped", "short", "long", "gap", "noisy"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a sound: its kind, and a sentence with figures for operators."""

    kind: Kind
    sentence: str


def fault(sound: Sound, text: str) -> str:
    """Return what is wrong with `sound` as a reading of `text`, in one sentence, or ""."""
    found = fault_of(sound, text)
    return found.sentence if found else ""


def fault_of(sound: Sound, text: str) -> Fault | None:
    """Return what is wrong with `sound` as a reading of `text`.

    Finds no samples, samples that aren't numbers, silence, hardly a sound, sound that was cut off at
    the top, and a length that doesn't fit the number of syllables. A wrong voice or wrong words
    are not found.
    """
    return _unfit(sound) or _unlike(sound, syllables(text))


def carelessness(sound: Sound) -> Fault | None:
    """Return what a person should do better, of a sound without silence at its ends in which `fault_of` found nothing.

    Finds a long silence in the middle, noise nearly as loud as the voice, and what was recorded too loud and packed
    afterwards. Engines aren't asked this: they have no room around them.
    """
    share = float((np.abs(sound.samples) >= _FULL).mean())
    if share > HOT:
        return Fault("clipped", f"The sound is as loud as can be for {share:.1%} of it: it was recorded too loud.")
    frames = levels(sound.samples, round(_FRAME * sound.rate))
    quiet, loud = np.percentile(frames, (5, 90))
    if loud - quiet < NEAREST_NOISE:
        return Fault("noisy", f"Noise lies only {loud - quiet:.0f} dB below the voice; {NEAREST_NOISE:.0f} are needed.")
    gap = _longest(frames < loud - _PAUSE) * _FRAME
    return Fault("gap", f"There are {gap:.1f} seconds of silence in the middle.") if gap > GAP else None


def _unfit(sound: Sound) -> Fault | None:
    """Return why nothing could be heard in it, or not well."""
    if not sound.samples.size:
        return Fault("empty", "The sound is empty.")
    if not np.isfinite(sound.samples).all() or np.abs(sound.samples).max() > WILDEST:
        return Fault("broken", "The sound has samples that aren't numbers, or far out of all bounds.")
    level = loudness(sound)
    if not np.isfinite(level):
        return Fault("silent", "The sound is silent.")
    if level < QUIETEST:
        return Fault("quiet", f"The sound is too quiet: {level:.0f} LUFS, where {QUIETEST:.0f} is the least.")
    share = _clipped(sound)
    if share > CLIPPED:
        return Fault("clipped", f"The sound is cut off at the top, {share:.1%} of it, as if recorded too loud.")
    return None


def _unlike(sound: Sound, count: int) -> Fault | None:
    """Return why so many syllables can't be in it."""
    if sound.seconds < count / FASTEST:
        return Fault("short", f"The sound is too short: {sound.seconds:.1f} seconds for {count} syllables.")
    if sound.seconds > count * SLOWEST + PAUSES:
        return Fault("long", f"The sound is too long: {sound.seconds:.1f} seconds for {count} syllables.")
    return None


def syllables(text: str) -> int:
    """Count the syllables, a little too many in English: runs of vowels; letters and digits where there are none."""
    return sum(len(_vowels.findall(word)) or len(word) for word in fold(text).letters)


def _clipped(sound: Sound) -> float:
    """Return the share of samples that stand four or more in a row at the loudest there is."""
    loud = np.abs(sound.samples)
    runs = _runs(loud >= 0.999 * loud.max())
    return float(runs[runs >= _PLATEAU].sum() / len(loud))


def _longest(holds: "np.typing.NDArray[np.bool_]") -> int:
    return int(_runs(holds).max(initial=0))


def _runs(holds: "np.typing.NDArray[np.bool_]") -> "np.typing.NDArray[np.intp]":
    """Return the lengths of all rows of true ones."""
    edges = np.flatnonzero(np.diff(holds.astype(np.int8), prepend=0, append=0))
    return edges[1::2] - edges[::2]
