"""Sounds that tests make: something like speech, and files of it."""

import io

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.voice.fault import syllables
from bot.voice.sound import Sound

MP3 = ("MP3", "MPEG_LAYER_III")
WAV = ("WAV", "PCM_16")
FLAC = ("FLAC", "PCM_16")
OPUS = ("OGG", "OPUS")


def tone(hertz: float, seconds: float = 1.0, rate: int = 24_000, loud: float = 0.5) -> Sound:
    moments = np.arange(round(seconds * rate)) / rate
    return Sound((loud * np.sin(2 * np.pi * hertz * moments)).astype(np.float32), rate)


def silence(seconds: float, rate: int = 24_000) -> Sound:
    return Sound(np.zeros(round(seconds * rate), np.float32), rate)


def row(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([each.samples for each in sounds]), sounds[0].rate)


def speech(text: str, rate: int = 24_000, pitch: float = 140.0, loud: float = 0.5) -> Sound:
    """A hum that swells once for each syllable, four of them a second."""
    count = syllables(text)
    moments = np.arange(round(count / 4 * rate)) / rate
    hum = sum(np.sin(2 * np.pi * pitch * number * moments) / number for number in range(1, 12))
    swell = np.sin(np.pi * 4 * moments) ** 2
    samples = hum * swell
    return Sound((loud * samples / np.abs(samples).max()).astype(np.float32), rate)


def file_of(sound: Sound, kind: tuple[str, str] = WAV) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound.samples, sound.rate, format=kind[0], subtype=kind[1])
    return file.getvalue()


def pitch_of(sound: Sound) -> float:
    """The strongest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound.samples * np.hanning(len(sound.samples))))
    return float(np.argmax(spectrum)) * sound.rate / len(sound.samples)


def rms(sound: Sound) -> float:
    """In dBFS."""
    return float(10 * np.log10(np.square(sound.samples, dtype=np.float64).mean() + 1e-12))
