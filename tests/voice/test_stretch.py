"""Slow recordings are longer, at the same pitch and loudness."""

import numpy as np
import pytest
from made_sounds import pitch_of, rms, silence, speech, tone

from bot.voice.sound import Sound
from bot.voice.stretch import stretched


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
@pytest.mark.parametrize("hertz", [90, 220, 1_000])
@pytest.mark.parametrize("factor", [0.8, 1.25, 2.0])
def test_a_tone_gets_longer_and_stays_itself(rate: int, hertz: float, factor: float) -> None:
    made = stretched(tone(hertz, 2, rate), factor)
    assert made.seconds == pytest.approx(2 * factor, abs=0.001)
    assert pitch_of(made) == pytest.approx(hertz, abs=1)
    assert rms(made) == pytest.approx(rms(tone(hertz, 2, rate)), abs=0.1)
    assert np.abs(np.diff(made.samples)).max() <= 1.2 * 0.5 * 2 * np.pi * hertz / rate  # no clicks


def test_syllables_keep_their_places() -> None:
    said = speech("một hai ba bốn năm sáu bảy tám", pitch=180)
    made = stretched(said, 1.25)
    assert _swells(made) == _swells(said) == 8
    assert pitch_of(made) == pytest.approx(pitch_of(said), abs=4)


def _swells(sound: Sound) -> int:
    """How often the sound grows loud."""
    size = sound.rate // 50
    levels = np.abs(sound.samples[: len(sound.samples) // size * size]).reshape(-1, size).max(axis=1)
    loud = levels > 0.5 * levels.max()
    return int((np.diff(loud.astype(int), prepend=0) == 1).sum())


def test_nothing_to_stretch() -> None:
    for sound in (silence(0), tone(300, 0.02)):
        assert stretched(sound, 1.25) is sound
    assert stretched(tone(300), 1) is not None
    assert not stretched(silence(1), 1.25).samples.any()


@pytest.mark.parametrize("factor", [0.4, 2.1, float("nan")])
def test_no_wild_factors(factor: float) -> None:
    with pytest.raises(ValueError, match=rf"^A sound can be made 0\.5 to 2\.0 times as long, not {factor}\.$"):
        stretched(tone(300), factor)
