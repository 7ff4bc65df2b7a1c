"""Whatever bytes come as a voice note: sound of bounded length, or why not."""

import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from made_notes import packed, tone

from bot.voice import opus, stream
from bot.voice.hearing import decoding
from bot.voice.hearing.decoding import MOST_BYTES, decoded
from bot.voice.hearing.ear import RATE, CantHear
from bot.voice.sound import Samples, Sound

OPUS = packed(tone(2, 48_000), 48_000, "OGG", "OPUS")


def repeated(seconds: int, told: int | None = None) -> bytes:
    """Return a voice note of so many seconds at 12 kbit/s, which says that it has `told`."""
    of = stream.read(opus.encode(Sound(tone(10, 24_000), 24_000), 12))
    packets = list(of.packets[: 50 * 10]) * (seconds // 10)
    length = (told or seconds) * stream.RATE - of.pre_skip
    return stream.written(replace(of, packets=packets, length=length))


TWENTY_MINUTES = repeated(1200)


def refused(raw: bytes) -> tuple[str, str]:
    with pytest.raises(CantHear) as error:
        decoded(raw)
    return error.value.why, str(error.value)


def pitch_of(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


@pytest.mark.parametrize(
    "raw",
    [
        OPUS,
        packed(tone(2, 24_000), 24_000, "OGG", "VORBIS"),
        packed(tone(2, 44_100), 44_100, "MP3"),
        packed(tone(2, 8_000), 8_000, "WAV", "ULAW"),
        packed(tone(2, 16_000), 16_000, "WAV", "PCM_16"),
        packed(tone(2, 48_000), 48_000, "WAV", "FLOAT"),
        packed(np.stack([tone(2, 44_100)] * 2, axis=1), 44_100, "WAV", "PCM_24"),
        packed(tone(2, 22_050), 22_050, "FLAC"),
    ],
    ids=["opus", "vorbis", "mp3", "u-law", "pcm", "float", "stereo", "flac"],
)
def test_files_of_all_kinds_become_the_same_sound(raw: bytes) -> None:
    samples = decoded(raw)
    assert samples.dtype == np.float32
    assert len(samples) / RATE == pytest.approx(2, abs=0.1)
    assert pitch_of(samples) == pytest.approx(300, abs=2)
    assert 0.1 < np.abs(samples).max() <= 1


def test_what_is_quiet_is_made_louder_and_silence_around_it_goes() -> None:
    quiet = np.concatenate([np.zeros(3 * RATE, np.float32), tone(1, loud=0.01), np.zeros(2 * RATE, np.float32)])
    samples = decoded(packed(quiet))
    assert len(samples) / RATE == pytest.approx(1.2, abs=0.05)
    assert np.abs(samples).max() > 0.1


def test_twenty_minutes_are_refused_by_what_the_file_says() -> None:
    assert len(TWENTY_MINUTES) < MOST_BYTES
    tracemalloc.start()
    assert refused(TWENTY_MINUTES) == ("too long", "The sound is longer than 60 seconds.")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES * 2  # not decoded: a minute alone would be 11 MB


def test_a_file_that_lies_about_its_length_is_still_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lying(soundfile.SoundFile):  # type: ignore[misc]
        frames = 100

    lying = SimpleNamespace(SoundFile=Lying, SoundFileError=soundfile.SoundFileError)
    monkeypatch.setattr(decoding, "soundfile", lying)  # which looks at the length; what reads is another
    tracemalloc.start()
    assert refused(TWENTY_MINUTES) == ("too long", "The sound is longer than 60 seconds.")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * 60 * 48_000 * 4  # a minute and little more, not twenty


def test_a_file_that_tells_of_more_than_it_has_is_believed() -> None:
    assert refused(repeated(10, told=3600)) == ("too long", "The sound is longer than 60 seconds.")


def lied(raw: bytes, frames: int) -> bytes:
    """Return WAV of 16 bits whose header tells of so many frames."""
    at = raw.index(b"data") + 4
    return raw[:at] + (frames * 2 & 0xFFFFFFFF).to_bytes(4, "little") + raw[at + 4 :]


def test_a_header_written_before_the_length_was_known_is_read() -> None:
    assert len(decoded(lied(packed(tone(2)), -1))) / RATE == pytest.approx(2, abs=0.1)


def test_a_header_that_tells_of_less_is_believed() -> None:
    assert refused(lied(packed(tone(2)), 100))[0] == "too short"


def test_two_megabytes_are_the_most() -> None:
    assert refused(bytes(MOST_BYTES + 1)) == ("too long", "The voice note has 2,000,001 bytes; 2,000,000 are taken.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>502 Bad Gateway</body></html>",
        b"OggS",
        OPUS[:60],
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        bytes(1000),
        b"PK\x03\x04" + bytes(1000),
        packed(np.full((RATE, 9), 0.1, np.float32)),
        packed(tone(1), 1_000),
        packed(np.full(RATE, np.nan, np.float32), subtype="FLOAT"),
    ],
    ids=["nothing", "page", "magic", "head", "riff", "zeros", "zip", "nine channels", "1 kHz", "no numbers"],
)
def test_what_is_no_sound_is_told(raw: bytes) -> None:
    assert refused(raw)[0] == "not audio"


def test_of_a_broken_file_what_is_there_is_heard() -> None:
    whole = packed(tone(3, 48_000), 48_000, "OGG", "OPUS")
    assert 0.3 < len(decoded(whole[: len(whole) // 2])) / RATE < 2


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(3 * RATE, np.float32),
        np.full(3 * RATE, 0.25, np.float32),
        np.random.default_rng(1).normal(0, 0.001, 3 * RATE).astype(np.float32),
    ],
    ids=["zeros", "an offset", "hiss"],
)
def test_silence_is_told(samples: Samples) -> None:
    why, sentence = refused(packed(samples, subtype="FLOAT"))
    assert why == "silent"
    assert sentence.startswith("The sound is silent: -")


def test_a_finger_that_did_not_stay() -> None:
    assert refused(packed(tone(0.2))) == ("too short", "The sound has 0.20 seconds; 0.3 are needed.")


def test_samples_beyond_all_bounds_are_cut_off() -> None:
    samples = tone(1)
    samples[100] = 1e30
    assert np.abs(decoded(packed(samples, subtype="FLOAT"))).max() <= 1


@given(st.binary(max_size=3000), st.sampled_from([b"", OPUS[:200], packed(tone(0.5))[:44], b"\xff\xfb\x90\x00"]))
@settings(max_examples=60, deadline=None)
def test_nothing_else_comes_of_any_bytes(raw: bytes, head: bytes) -> None:
    try:
        samples = decoded(head + raw)
    except CantHear:
        return
    assert len(samples) <= 61 * RATE
    assert np.isfinite(samples).all()


ADTS = b"\xff\xf1\x60\x40" + bytes(300)


@pytest.mark.parametrize("raw", [ADTS, bytes(4) + b"ftypM4A " + bytes(300), b"\x1a\x45\xdf\xa3" + bytes(300)])
def test_aac_needs_a_decoder(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "has_pyav", lambda: False)
    monkeypatch.setenv("PATH", "")
    lacking = "AAC and WebM can't be heard here: install the package av, or the program ffmpeg."
    assert refused(raw) == ("no ear", lacking)


def fake_ffmpeg(folder: Path, script: str) -> None:
    program = folder / "ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "came"),
    [
        ("assert sys.argv[-1] == 'pipe:1'; sys.stdout.buffer.write(sys.stdin.buffer.read()[:0] + b'%s')", 2.0),
        ("sys.stdout.buffer.write(b'%s' * 40)", "too long"),
        ("sys.exit(1)", "not audio"),
        ("", "too short"),
    ],
    ids=["well", "long", "fails", "nothing"],
)
def test_ffmpeg_decodes_it_where_it_is(
    script: str, came: float | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(tone(2).tobytes())
    fake_ffmpeg(tmp_path, script.replace("b'%s'", f"open({str(sound)!r}, 'rb').read()"))
    monkeypatch.setattr(decoding, "has_pyav", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    if isinstance(came, str):
        assert refused(ADTS)[0] == came
    else:
        assert len(decoded(ADTS)) / RATE == pytest.approx(came, abs=0.1)


def fake_av(frames: Callable[[], list[Samples]]) -> SimpleNamespace:
    class Container:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def decode(self, audio: int) -> list[Samples]:
            assert audio == 0
            return frames()

    class Resampler:
        def __init__(self, **asked: object) -> None:
            assert asked == {"format": "flt", "layout": "mono", "rate": RATE}

        def resample(self, frame: Samples) -> list[SimpleNamespace]:
            return [SimpleNamespace(to_ndarray=lambda: frame.reshape(1, -1))]

    return SimpleNamespace(open=lambda _: Container(), AudioResampler=Resampler, FFmpegError=OSError)


def fail() -> list[Samples]:
    raise OSError("Invalid data found when processing input")


@pytest.mark.parametrize(
    ("frames", "came"),
    [
        (lambda: [tone(1), tone(1)], 2.0),
        (lambda: [tone(1)] * 90, "too long"),
        (fail, "not audio"),
        (list, "too short"),
    ],
    ids=["well", "long", "fails", "nothing"],
)
def test_pyav_decodes_it_where_it_is(
    frames: Callable[[], list[Samples]], came: float | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "has_pyav", lambda: True)
    monkeypatch.setitem(sys.modules, "av", fake_av(frames))
    if isinstance(came, str):
        assert refused(ADTS)[0] == came
    else:
        assert len(decoded(ADTS)) / RATE == pytest.approx(came, abs=0.1)
