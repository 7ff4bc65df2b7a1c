"""Speaking slower by hand: for recordings, since engines do it better themselves."""

import numpy as np

from bot.voice.sound import Samples, Sound

_WINDOW = 0.040  # seconds of sound that are moved together; two periods of the deepest voice
_SEARCH = 0.012  # seconds by which a window may be moved to fit the one before
_FACTORS = (0.5, 2.0)


def stretched(sound: Sound, factor: float) -> Sound:
    """Make it `factor` times as long (0.5 to 2) at the same pitch, by WSOLA.

    Windows are laid over one another at another distance, each moved by up to 12 ms to where it
    continues the waves of the one before. Costs about 10 ms for a second of sound. Raises ValueError
    for another factor.
    """
    if not _FACTORS[0] <= factor <= _FACTORS[1]:
        raise ValueError(f"A sound can be made {_FACTORS[0]} to {_FACTORS[1]} times as long, not {factor}.")
    step = round(_WINDOW * sound.rate / 2)
    reach = round(_SEARCH * sound.rate)
    size = round(len(sound.samples) * factor)
    if factor == 1 or len(sound.samples) < 2 * step + reach:
        return sound
    window = np.hanning(2 * step + 1)[:-1].astype(np.float32)  # two of them, half a window apart, add up to 1
    # `step` more in front, so that the first sample too lies under two windows.
    source = np.pad(sound.samples, (step + reach, 3 * step + 2 * reach))
    made = np.zeros(size + 3 * step, np.float32)
    taken = reach
    for at in range(0, size + step, step):
        if at:
            wanted = reach + round(at / factor)
            near = source[wanted - reach : wanted + reach + step]
            taken = wanted - reach + _best(near, source[taken + step : taken + 2 * step])
        made[at : at + 2 * step] += window * source[taken : taken + 2 * step]
    return Sound(made[step : step + size], sound.rate)


def _best(near: Samples, sought: Samples) -> int:
    """Return where in `near` lies what is most like `sought`, loudness apart."""
    likeness = np.correlate(near, sought)
    energy = np.convolve(near**2, np.ones(len(sought), np.float32), "valid")
    return int(np.argmax(likeness / np.sqrt(np.maximum(energy, 1e-9))))
