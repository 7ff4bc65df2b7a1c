"""Voice notes as bytes, made here."""

import io

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from bot.voice.sound import Samples

RATE = 16_000


def packed(samples: NDArray[np.float32], rate: int = RATE, kind: str = "WAV", subtype: str | None = None) -> bytes:
    """Pack sound as a file."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


def tone(seconds: float, rate: int = RATE, pitch: float = 300.0, loud: float = 0.3) -> Samples:
    """Return a tone."""
    return (loud * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def note(seconds: float) -> bytes:
    """Return a voice note, a tone, of so many seconds."""
    return packed(tone(seconds), subtype="ULAW")
