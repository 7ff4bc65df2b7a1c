"""All clips are equally loud and begin and end with their words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import rms, row, silence, speech, tone

from bot.voice.fault import fault
from bot.voice.level import levelled, loudness, trimmed
from bot.voice.sound import Sound

TEXT = "bác hãy trả lời bằng số"
CEILING = 10 ** (-1 / 20) + 1e-6


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize(
    ("hertz", "loud", "expected"),
    # BS.1770-4: 0 dBFS at 997 Hz is -3.01; the other two by its filters, from its published coefficients.
    [(997, 1.0, -3.01), (997, 0.1, -23.01), (100, 1.0, -4.83), (3_000, 0.1, -19.89)],
)
def test_loudness_is_the_standards(rate: int, hertz: float, loud: float, expected: float) -> None:
    assert loudness(tone(hertz, 2, rate, loud)) == pytest.approx(expected, abs=0.02)


def test_loudness_leaves_pauses_out() -> None:
    said = speech(TEXT)
    murmur = tone(300, 10, loud=0.005)  # another room, -49 LUFS
    alone = loudness(said)
    assert loudness(row(said, silence(10), said)) == pytest.approx(alone, abs=0.7)
    assert loudness(row(said, murmur, said)) == pytest.approx(alone, abs=0.7)
    assert loudness(silence(1)) == -np.inf
    assert loudness(silence(0)) == -np.inf
    assert np.isfinite(loudness(tone(300, 0.02)))


@pytest.mark.parametrize("loud", [0.02, 0.1, 0.5, 1.0])
def test_levelled_speech_is_equally_loud(loud: float) -> None:
    even = levelled(speech(TEXT, loud=loud))
    assert loudness(even) == pytest.approx(-18, abs=0.5)
    assert -22 < rms(even) < -16
    assert np.abs(even.samples).max() <= CEILING


def test_a_whisper_is_raised_by_30_db_only() -> None:
    whisper = speech(TEXT, loud=0.003)
    assert loudness(levelled(whisper)) == pytest.approx(loudness(whisper) + 30, abs=0.1)


def test_a_peak_is_turned_down_not_cut_off() -> None:
    said = speech(TEXT, loud=0.1)
    samples = said.samples.copy()
    pop = slice(14_500, 15_500)  # 40 ms in the middle of a syllable, as when lips touch the microphone
    samples[pop] *= 1 + 8 * np.hanning(1_000).astype(np.float32)
    even = levelled(Sound(samples, said.rate))
    assert np.abs(even.samples).max() == pytest.approx(CEILING, abs=0.01)
    assert loudness(even) == pytest.approx(-18, abs=1)
    assert not fault(even, TEXT)  # no plateau
    ordinary = slice(1_000, 9_000)
    assert rms(Sound(even.samples[ordinary], 24_000)) > rms(Sound(samples[ordinary], 24_000)) + 3


def test_an_offset_is_taken_out_and_silence_stays() -> None:
    said = speech(TEXT)
    even = levelled(Sound(said.samples + np.float32(0.2), said.rate))
    assert abs(float(even.samples.mean())) < 0.001
    quiet = silence(1)
    assert levelled(quiet) is quiet


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.004])
def test_trimming_leaves_a_tenth_of_a_second(noise: float) -> None:
    said = speech(TEXT, loud=0.5)
    samples = row(silence(1.3), said, silence(2.1)).samples
    samples += np.random.default_rng(1).normal(0, noise, len(samples)).astype(np.float32) if noise else 0
    short = trimmed(Sound(samples, said.rate))
    assert said.seconds - 0.1 <= short.seconds <= said.seconds + 0.22
    assert abs(float(short.samples[0])) < 1e-3  # faded, so that it doesn't click


def test_trimming_leaves_words_whole() -> None:
    said = speech(TEXT)
    assert trimmed(said).seconds == said.seconds
    inside = row(said, silence(1.5), said)
    assert trimmed(inside).seconds == inside.seconds
    soft_end = row(said, Sound(said.samples[: len(said.samples) // 4] * np.float32(0.03), said.rate))
    assert trimmed(soft_end).seconds > soft_end.seconds - 0.15


@pytest.mark.parametrize(
    "sound", [silence(0), silence(0.001), silence(1), Sound(np.full(99, np.nan, np.float32), 8_000)]
)
def test_trimming_leaves_alone_what_has_no_words(sound: Sound) -> None:
    assert trimmed(sound) is sound


@given(st.integers(0, 9_000), st.floats(0.0001, 1), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_stays_in_bounds(size: int, loud: float, seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(-loud, loud, size).astype(np.float32)
    even = levelled(trimmed(Sound(noise, 16_000)))
    assert np.isfinite(even.samples).all()
    assert not size or np.abs(even.samples).max() <= CEILING
