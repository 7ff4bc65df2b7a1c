"""Sound is read from any file within bounds, and brought to another rate unharmed."""

import io
from contextlib import suppress

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import FLAC, MP3, OPUS, WAV, file_of, pitch_of, rms, silence, speech, tone

from bot.voice.sound import BadSound, Sound, joined, read_sound, resampled


@pytest.mark.parametrize("kind", [WAV, FLAC, MP3, OPUS])
def test_reads_what_libsndfile_reads(kind: tuple[str, str]) -> None:
    said = speech("xin chào các bác")
    heard = read_sound(file_of(said, kind))
    assert heard.samples.dtype == np.float32
    assert heard.seconds == pytest.approx(said.seconds, abs=0.15)
    assert rms(heard) == pytest.approx(rms(said), abs=0.6)


def test_mixes_channels() -> None:
    both = np.stack([tone(300).samples, -tone(300).samples, tone(500).samples], axis=1)
    file = io.BytesIO()
    soundfile.write(file, both, 24_000, format="WAV", subtype="FLOAT")
    heard = read_sound(file.getvalue())
    assert heard.samples.ndim == 1
    assert pitch_of(heard) == pytest.approx(500, abs=1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "This is no sound that can be read, or it is broken."),
        (b"<html><body>429</body></html>" * 50, "This is no sound that can be read, or it is broken."),
        (np.random.default_rng(1).bytes(20_000), "This is no sound that can be read, or it is broken."),
        (file_of(tone(300))[:30], "This is no sound that can be read, or it is broken."),
        (file_of(silence(0)), "The file holds no sound."),
        (file_of(tone(300, 3.1)), "The sound is longer than 3 seconds."),
        (file_of(tone(300, 3.1), MP3), "The sound is longer than 3 seconds."),
        (file_of(tone(300, 5)), "The file has 240,044 bytes; at most 200,000 are taken."),
    ],
)
def test_refuses_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadSound) as refused:
        read_sound(data, seconds=3, size=200_000)
    assert str(refused.value) == why


def test_refuses_rates_and_channels_that_nobody_records() -> None:
    for channels, rate in ((9, 8_000), (1, 200_000), (1, 2_000)):
        file = io.BytesIO()
        soundfile.write(file, np.zeros((100, channels)), rate, format="WAV", subtype="PCM_16")
        with pytest.raises(BadSound) as refused:
            read_sound(file.getvalue())
        assert str(refused.value) == f"Sound of {channels} channels and {rate} samples a second can't be taken."


@given(st.binary(max_size=400), st.integers(0, 3_000))
@settings(max_examples=50, deadline=None)
def test_a_damaged_file_is_read_or_refused(damage: bytes, at: int) -> None:
    data = bytearray(file_of(speech("một hai ba"), FLAC))
    data[at : at + len(damage)] = damage
    with suppress(BadSound):
        assert read_sound(bytes(data)).seconds <= 300


def test_a_sound_is_one_row_of_float32() -> None:
    with pytest.raises(ValueError, match=r"^A sound is one row of float32, not 2 of float32\.$"):
        Sound(np.zeros((2, 2), np.float32), 24_000)
    with pytest.raises(ValueError, match=r"^A sound is one row of float32, not 1 of float64\.$"):
        Sound(np.zeros(2), 24_000)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^A sound can't have 0 samples a second\.$"):
        Sound(np.zeros(2, np.float32), 0)


def test_joins_with_pauses() -> None:
    whole = joined([tone(300, 1), tone(300, 0.5), tone(300, 0.25)], [0.2, 0.1])
    assert whole.seconds == pytest.approx(2.05)
    assert not whole.samples[24_000 : 24_000 + 4_800].any()
    with pytest.raises(ValueError, match=r"^Sounds of 24000 and of 8000 samples a second can't be joined\.$"):
        joined([tone(300), tone(300, rate=8_000)], [0])


RATES = [(22_050, 24_000), (22_050, 48_000), (44_100, 24_000), (48_000, 16_000), (8_000, 24_000), (24_000, 22_050)]


@pytest.mark.parametrize(("source", "rate"), RATES)
@pytest.mark.parametrize("share", [0.01, 0.1, 0.4])
def test_resampling_changes_nothing_that_both_rates_hold(source: int, rate: int, share: float) -> None:
    hertz = round(share * min(source, rate))
    heard, right = resampled(tone(hertz, 1, source), rate), tone(hertz, 1, rate)
    assert (len(heard.samples), heard.rate) == (len(right.samples), rate)
    middle = slice(rate // 10, -rate // 10)
    assert np.abs(heard.samples[middle] - right.samples[middle]).max() < 0.005


@pytest.mark.parametrize(("source", "rate"), [(44_100, 24_000), (48_000, 16_000), (24_000, 22_050)])
def test_resampling_takes_out_what_the_lower_rate_cannot_hold(source: int, rate: int) -> None:
    heard = resampled(tone(0.53 * rate, 1, source), rate)
    middle = slice(rate // 10, -rate // 10)
    assert rms(Sound(heard.samples[middle], rate)) < -50


@given(st.integers(1, 3_000), st.sampled_from(RATES), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_resampling_keeps_length_and_bounds(size: int, rates: tuple[int, int], seed: int) -> None:
    source, rate = rates
    wild = np.random.default_rng(seed).choice(np.array([-1, 1], np.float32), size)
    heard = resampled(Sound(wild, source), rate)
    assert abs(len(heard.samples) - size * rate / source) < 1
    assert np.abs(heard.samples).max() <= 1
    assert heard.samples.dtype == np.float32


def test_resampling_little_and_nothing() -> None:
    assert resampled(silence(0), 8_000).rate == 8_000
    same = tone(300)
    assert resampled(same, 24_000).samples is same.samples
