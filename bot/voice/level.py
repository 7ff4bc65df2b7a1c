"""One loudness for all clips, and no silence around them. Nothing here changes its argument."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.voice.sound import Samples, Sound

MARGIN = 0.1  # seconds of silence that trimming leaves at each end
LOUDNESS = -18.0  # LUFS of a levelled sound
PEAK = -1.0  # dBFS at most; encoding overshoots a little
MOST_GAIN = 30.0  # dB; more would lift the noise of a bad recording up to speech

_SILENCE = -60.0  # dBFS
_FADE = 0.005  # seconds, where silence was cut: even low noise that begins at once is a click
_ROUNDS, _NEAR = 4, 0.3  # limiting takes loudness away: it is given back, up to so often, if it is more decibels
_FRAME = 0.0025  # seconds between two points of the limiter's gain
_BLOCK = 0.4  # seconds over which loudness is measured, and again a quarter of it later
_GATES = (-70.0, -10.0)  # LUFS under which a block doesn't count: at all, and below the mean of the others
_OFFSET = -0.691  # dB, so that 0 dBFS at 997 Hz is -3.01 LUFS
# How we hear, as ITU-R BS.1770-4 has it: the head, and a high pass. Filters for 48 kHz, above and below the line.
_RATE = 48_000
_HEAD = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def trimmed(sound: Sound) -> Sound:
    """Cut silence, or a steady low noise, at both ends down to 0.1 seconds.

    What is silent all through stays, as does what has samples that aren't numbers.
    """
    size = max(1, sound.rate // 100)
    rms = levels(sound.samples, size)
    if not np.isfinite(rms).all() or not rms.size:
        return sound
    quiet, loud = np.percentile(rms, (5, 95))
    # Above the noise between words, if there is any, and in any case well below the words.
    floor = max(_SILENCE, min(loud - 20, max(loud - 45, quiet + 6)))
    heard = np.flatnonzero(rms > floor)
    if not heard.size:
        return sound
    margin = round(MARGIN * sound.rate)
    first, last = max(0, heard[0] * size - margin), min(len(sound.samples), (heard[-1] + 1) * size + margin)
    samples = sound.samples[first:last].copy()
    ramp = np.linspace(0, 1, min(round(_FADE * sound.rate), len(samples)), dtype=np.float32)
    if first:
        samples[: len(ramp)] *= ramp
    if last < len(sound.samples):
        samples[-len(ramp) :] *= ramp[::-1]
    return Sound(samples, sound.rate)


def levelled(sound: Sound) -> Sound:
    """Bring it to -18 LUFS, its pauses not counted, with no peak above -1 dBFS; silence stays as it is.

    Peaks are turned down smoothly over some 5 milliseconds, never cut off. What would need more than
    30 dB gets 30. A constant offset is taken out.
    """
    if not np.isfinite(loudness(sound)):
        return sound
    samples = sound.samples - sound.samples.mean(dtype=np.float64).astype(np.float32)
    room = MOST_GAIN
    for number in range(_ROUNDS):
        gain = min(room, LOUDNESS - loudness(Sound(samples, sound.rate)))
        if number and gain < _NEAR:
            break
        room -= gain
        samples = _limited(samples * np.float32(10 ** (gain / 20)), sound.rate)
    return Sound(samples, sound.rate)


def loudness(sound: Sound) -> float:
    """Return the loudness in LUFS (ITU-R BS.1770-4, one channel); -inf for silence and for no sound.

    For speech this is within 2 of its RMS in dBFS. Filtering block by block, in the spectrum,
    is off by less than 0.1.
    """
    size = min(round(_BLOCK * sound.rate), len(sound.samples))
    if not size:
        return -np.inf
    blocks = np.lib.stride_tricks.sliding_window_view(sound.samples, size)[:: -(-size // 4)]
    weights = _weights(size, sound.rate)
    powers = np.array([weights @ np.abs(np.fft.rfft(block)) ** 2 for block in blocks])
    absolute, relative = (10 ** ((gate - _OFFSET) / 10) for gate in _GATES)
    powers = powers[powers > absolute]
    if not powers.size:
        return -np.inf
    loud = powers[powers > powers.mean() * relative * 10 ** (_OFFSET / 10)]
    return float(_OFFSET + 10 * np.log10(loud.mean()))


def levels(samples: Samples, size: int) -> NDArray[np.float64]:
    """Return the RMS, in dBFS, of each piece of `size` samples; a rest counts if it is all there is."""
    size = min(size, len(samples))
    if not size:
        return np.empty(0)
    pieces = samples[: len(samples) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.square(pieces, dtype=np.float64).mean(axis=1) + 1e-12))


@lru_cache(maxsize=8)
def _weights(size: int, rate: int) -> NDArray[np.float64]:
    """What each line of a block's spectrum adds to its power, as it is heard."""
    frequencies = np.minimum(np.fft.rfftfreq(size, 1 / rate), _RATE / 2)
    back = np.exp(-2j * np.pi * frequencies / _RATE)  # one sample's delay
    hearing = np.ones_like(back)
    for above, below in (_HEAD, _HIGH):
        hearing *= np.polyval(above[::-1], back) / np.polyval(below[::-1], back)
    twice = np.full(len(back), 2.0)  # lines that stand for their negative too
    twice[0] = 1
    if size % 2 == 0:
        twice[-1] = 1
    return np.asarray(twice * np.abs(hearing) ** 2 / size**2)


def _limited(samples: Samples, rate: int) -> Samples:
    """Turn down what is louder than the peak allowed, a little before and after too."""
    size = max(1, round(_FRAME * rate))
    count = -(-len(samples) // size)
    peaks = np.abs(np.pad(samples, (0, count * size - len(samples)))).reshape(count, size).max(axis=1)
    gains = np.minimum(1, 10 ** (PEAK / 20) / np.maximum(peaks, 1e-9))
    # The least of a frame and its neighbours: then no line between two frames' middles is above what either needs.
    gains = np.pad(gains, 1, constant_values=1)
    gains = np.minimum(np.minimum(gains[:-2], gains[1:-1]), gains[2:])
    middles = (np.arange(count) + 0.5) * size
    return np.asarray(samples * np.interp(np.arange(len(samples)), middles, gains), np.float32)
