"""Sounds like speech, the same each time: syllables of a gliding voice and some breath, words, pauses.

No one understands them, and no recogniser should be tried on them; for encoders, levels, lengths and
joints they are near enough.
"""

import numpy as np

from bot.voice.sound import Sound

RATE = 24_000


def speech(seconds: float, seed: int = 0, rate: int = RATE, level: float = -20.0) -> Sound:
    """`level` is the RMS in dBFS. Begins and ends in silence of at least 10 ms."""
    chance = np.random.default_rng(seed)
    size = round(seconds * rate)
    samples = np.zeros(size)
    at = round(0.01 * rate)
    while size - at > round(0.12 * rate):
        syllable = _syllable(chance, min(size - at - round(0.01 * rate), round(chance.uniform(0.14, 0.3) * rate)), rate)
        samples[at : at + len(syllable)] = syllable
        pause = chance.choice([0.02, 0.06, 0.35], p=[0.6, 0.32, 0.08])  # in a word, between words, to breathe
        at += len(syllable) + round(pause * rate)
    samples *= 10 ** (level / 20) / np.sqrt(np.mean(samples**2))
    return Sound(np.clip(samples, -1, 1).astype(np.float32), rate)


def silence(seconds: float, rate: int = RATE) -> Sound:
    return Sound(np.zeros(round(seconds * rate), np.float32), rate)


def rms(samples: np.ndarray) -> float:
    """In dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) + 1e-12))


def _syllable(chance: np.random.Generator, size: int, rate: int) -> np.ndarray:
    time = np.arange(size) / rate
    pitch = chance.uniform(110, 200) * (1 + chance.uniform(-0.3, 0.3) * time / time[-1])  # a tone: level, up or down
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    formants = chance.uniform((300, 900, 2300), (800, 2200, 3200))
    voice = np.zeros(size)
    for harmonic in range(1, 25):
        strength = sum(np.exp(-(((harmonic * pitch[0] - formant) / 250) ** 2)) for formant in formants)
        voice += (strength + 0.02) / harmonic**0.5 * np.sin(harmonic * phase)
    onset = round(chance.uniform(0.01, 0.05) * rate)
    breath = np.zeros(size)
    breath[:onset] = np.diff(chance.standard_normal(onset + 1)) * np.hanning(onset) * 0.5
    return voice * np.hanning(size) ** 0.25 + breath
