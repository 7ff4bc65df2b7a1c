"""Clips as MP3 for browsers without Opus: one plain form, whose frames can be put in a row."""

import io

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from speechlike import rms, speech

from bot.voice import mp3
from bot.voice.mp3 import BadMp3
from bot.voice.sound import Samples, Sound

SOUNDS = [speech(seconds, seed=seed) for seed, seconds in enumerate((2.0, 0.4, 3.3))]
CLIPS = {kbit: [mp3.encode(sound, kbit) for sound in SOUNDS] for kbit in mp3.KBITS}


def heard(data: bytes) -> Samples:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert (samples.ndim, rate) == (1, 24_000)
    return np.asarray(samples, np.float32)


@pytest.mark.parametrize("kbit", mp3.KBITS)
def test_a_clip_is_plain_frames_as_long_and_loud_as_the_sound(kbit: int) -> None:
    for sound, clip in zip(SOUNDS, CLIPS[kbit], strict=True):
        assert mp3.check(clip) == ""
        assert not any(word in clip for word in (b"Xing", b"Info", b"ID3"))
        samples = heard(clip)
        assert len(samples) / 24_000 == mp3.seconds_of(clip)
        assert 0.02 < mp3.seconds_of(clip) - sound.seconds < 0.075
        assert len(clip) * 8 / mp3.seconds_of(clip) == pytest.approx(kbit * 1000)
        assert abs(rms(samples) + 10 * np.log10(mp3.seconds_of(clip) / sound.seconds) - rms(sound.samples)) < 1


@pytest.mark.parametrize("kbit", mp3.KBITS)
def test_joined_parts_are_heard_as_alone(kbit: int) -> None:
    clips = CLIPS[kbit]
    whole = heard(mp3.joined(clips, [0.4, 7.0]))
    at = 0
    for clip, pause in zip(clips, [0.4, 7.0, 0.0], strict=True):
        alone = heard(clip)
        assert np.abs(whole[at + 1200 : at + len(alone)] - alone[1200:]).max() < 1e-6  # after 50 ms of silence
        at += len(alone) + round(pause / 0.024) * 576
    assert at == len(whole)
    quiet = whole[len(heard(clips[0])) + 1200 :][: round(0.3 * 24_000)]
    assert rms(quiet) < -55
    assert np.abs(np.diff(whole)).max() <= max(float(np.abs(np.diff(heard(clip))).max()) for clip in clips)


def test_what_cannot_be_encoded_or_joined_is_said() -> None:
    with pytest.raises(ValueError, match=r"^MP3 clips have 24, 32, 48 kbit/s, not 64\.$"):
        mp3.encode(SOUNDS[0], 64)
    with pytest.raises(ValueError, match="A sound without samples"):
        mp3.encode(Sound(SOUNDS[0].samples[:0], 24_000))
    with pytest.raises(ValueError, match=r"^There are no clips to join\.$"):
        mp3.joined([])
    with pytest.raises(ValueError, match=r"^MP3 clips of differing bit rates can't be joined\.$"):
        mp3.joined([CLIPS[24][0], CLIPS[32][0]])
    with pytest.raises(BadMp3, match=r"^The MP3 frame at byte \d+ is cut off\.$"):
        mp3.joined([CLIPS[24][0], CLIPS[24][1][:-1]])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The MP3 is empty."),
        (b"<html>", "No MP3 frame, mono at 24000 Hz, begins at byte 0."),
        (b"ID3\4" + CLIPS[32][0], "No MP3 frame, mono at 24000 Hz, begins at byte 0."),
        (CLIPS[32][0] + b"\xff\xf3\x44", "No MP3 frame, mono at 24000 Hz, begins at byte"),
        (b"\xff\xf3\x44\x00" + bytes(92), "No MP3 frame, mono at 24000 Hz, begins at byte 0."),  # stereo
    ],
)
def test_what_is_wrong_is_said(data: bytes, why: str) -> None:
    assert mp3.check(data).startswith(why)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_judged(noise: bytes) -> None:
    for data in (noise, b"\xff\xf3" + noise, CLIPS[32][1] + noise):
        assert isinstance(mp3.check(data), str)
