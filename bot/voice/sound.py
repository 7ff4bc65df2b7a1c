"""Sound as samples: read from files, joined, brought to another rate. Nothing here changes its argument."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import Any

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATES = range(4_000, 192_001)  # samples a second

_CHANNELS = 8
_BLOCK = 65_536  # samples read at a time
_TAPS = 32  # samples the resampling filter sees to each side, counted at the lower rate
_STEEP = 9.0  # of the Kaiser window: what would alias is 90 dB down


class BadSound(ValueError):
    """These bytes can't be taken as sound; the sentence says why."""


class SoundTooLong(BadSound):
    """It is longer than was asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound: `samples` from -1 to 1, `rate` of them in a second. Another shape or rate raises ValueError."""

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        """Refuse what no function of this package could work with."""
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError(f"A sound is one row of float32, not {self.samples.ndim} of {self.samples.dtype}.")
        if self.rate not in RATES:
            raise ValueError(f"A sound can't have {self.rate} samples a second.")

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def read_sound(data: bytes, *, seconds: float = 300.0, size: int = 30_000_000) -> Sound:
    """Read a file of any kind that libsndfile knows; its channels are mixed into one.

    Raises BadSound: over `size` bytes, longer than `seconds`, over 8 channels, broken, empty, no
    sound at all. Whatever the file says about itself, no more than `seconds` are kept in memory.
    """
    if len(data) > size:
        raise BadSound(f"The file has {len(data):,} bytes; at most {size:,} are taken.")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            return Sound(_mixed(file, seconds), file.samplerate)
    except soundfile.SoundFileError as error:
        raise BadSound("This is no sound that can be read, or it is broken.") from error


def _mixed(file: Any, seconds: float) -> Samples:  # noqa: ANN401  soundfile ships no types
    rate, channels = file.samplerate, file.channels
    if rate not in RATES or channels > _CHANNELS:
        raise BadSound(f"Sound of {channels} channels and {rate} samples a second can't be taken.")
    left = int(seconds * rate)
    blocks: list[Samples] = []
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        left -= len(block)
        if left < 0:
            raise SoundTooLong(f"The sound is longer than {seconds:g} seconds.")
        blocks.append(block.mean(axis=1, dtype=np.float32))
    if not blocks:
        raise BadSound("The file holds no sound.")
    return np.concatenate(blocks)


def joined(sounds: Sequence[Sound], pauses: Sequence[float]) -> Sound:
    """Put sounds of one rate in a row, with a pause of so many seconds after each but the last."""
    first, *others = sounds
    pieces = [first.samples]
    for pause, sound in zip(pauses, others, strict=True):
        if sound.rate != first.rate:
            raise ValueError(f"Sounds of {first.rate} and of {sound.rate} samples a second can't be joined.")
        pieces += [np.zeros(round(pause * first.rate), np.float32), sound.samples]
    return Sound(np.concatenate(pieces), first.rate)


def resampled(sound: Sound, rate: int) -> Sound:
    """Bring it to another rate, without what that rate can't hold; the result is cut off at -1 and 1.

    A windowed sinc, in as many shifts as the two rates need: 22,050 -> 24,000 has 160. What lies
    above 0.44 of the lower rate fades out.
    """
    if rate == sound.rate or not sound.samples.size:
        return Sound(sound.samples, rate)
    common = gcd(rate, sound.rate)
    up, down = rate // common, sound.rate // common
    filters = _filters(up, down)
    shifts, reach = filters.shape
    padded = np.pad(sound.samples, (reach // 2, reach))
    size = -(-len(sound.samples) * up // down)
    made = np.empty(size, np.float32)
    for shift in range(min(shifts, size)):
        # Every `up`-th sample of the result meets the same filter, `down` samples of the source further on.
        count = len(range(shift, size, up))
        start = shift * down // up
        windows = np.lib.stride_tricks.sliding_window_view(padded, reach)[start : start + count * down : down]
        made[shift::up] = windows[:count] @ filters[shift]
    return Sound(np.clip(made, -1, 1), rate)


@lru_cache(maxsize=8)
def _filters(up: int, down: int) -> NDArray[np.float32]:
    """Return a filter for each place that a sample of the result can have between two of the source."""
    scale = min(1.0, up / down)  # of the lower rate to the source's
    half = int(np.ceil(_TAPS / scale))
    places = (np.arange(up) * down / up) % 1
    taps = np.arange(-half, half + 1)[None, :] - places[:, None]
    window = np.i0(_STEEP * np.sqrt(np.maximum(0, 1 - (taps / (half + 1)) ** 2))) / np.i0(_STEEP)
    cut = scale * (1 - 2.9 / _TAPS)  # the middle of the slope; a steeper one needs more taps
    filters = cut * np.sinc(cut * taps) * window
    return np.asarray(filters / filters.sum(axis=1, keepdims=True), np.float32)
