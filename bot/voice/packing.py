"""What all ways to pack sound into clips, and to join clips, have in common."""

from collections.abc import Sequence

import numpy as np

from bot.voice.sound import Samples, Sound, resampled

PAUSE = 0.4  # seconds between the parts of a message, unless told otherwise


def ready(sound: Sound, rate: int) -> Samples:
    """Return its samples at this rate, cut off at -1 and 1; raises ValueError for none, or some that aren't numbers."""
    if not sound.samples.size or not np.isfinite(sound.samples).all():
        raise ValueError("A sound without samples, or with some that aren't numbers, can't be packed.")
    return np.clip(resampled(sound, rate).samples, -1, 1)


def pauses_of(parts: Sequence[object], pauses: float | Sequence[float]) -> list[float]:
    """Return the seconds of pause after each part but the last; raises ValueError where there aren't as many."""
    if not parts:
        raise ValueError("There are no clips to join.")
    between = [pauses] * (len(parts) - 1) if isinstance(pauses, int | float) else list(pauses)
    if len(between) != len(parts) - 1:
        raise ValueError(f"{len(parts)} clips need {len(parts) - 1} pauses, not {len(between)}.")
    return between
