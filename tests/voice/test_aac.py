"""AAC for Zalo: by whichever encoder is there; without one, or with a bad one, a sentence says so."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speechlike import speech

from bot.voice import aac
from bot.voice.aac import NoEncoder
from bot.voice.sound import Sound

WORDS = speech(1.0, rate=24_000)
FRAME = b"\xff\xf1\x60\x40\x01\x7f\xfc" + b"\x01\x18\x20\x07"  # ADTS of 11 bytes: LC, 16 kHz, mono


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path with no ffmpeg, and no PyAV either."""
    monkeypatch.setattr(aac, "has_pyav", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def place(path: Path, body: str) -> None:
    program = path / "ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n")
    program.chmod(0o755)


def test_ffmpeg_is_given_the_samples_and_gives_the_frames(path: Path) -> None:
    place(
        path,
        "got = sys.stdin.buffer.read()\n"
        f"open({str(path / 'got')!r}, 'wb').write(got)\n"
        f"open({str(path / 'asked')!r}, 'w').write(' '.join(sys.argv[1:]))\n"
        f"sys.stdout.buffer.write({FRAME * 16!r})",
    )
    made = aac.encode(WORDS)
    assert (aac.check(made), aac.seconds_of(made)) == ("", 16 * 1024 / 16_000)
    assert len((path / "got").read_bytes()) == 16_000 * 4
    assert (path / "asked").read_text() == (
        "-v error -f f32le -ar 16000 -ac 1 -i pipe:0 -c:a aac -b:a 24k -f adts pipe:1"
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, r"^AAC can't be made here: install the Python package av, or the program ffmpeg\.$"),
        ("sys.exit('Unknown encoder aac')", r"^/.+/ffmpeg makes no AAC: Unknown encoder aac$"),
        ("sys.exit(3)", r"^/.+/ffmpeg makes no AAC: it ended with 3$"),
        ("time.sleep(60)", r"^/.+/ffmpeg made no AAC within 1 seconds\.$"),
        ("pass", r"^The AAC encoder doesn't do its work: The AAC is empty\.$"),
        ("print('<html>')", r"doesn't do its work: No AAC frame, mono at 16000 Hz, begins at byte 0\.$"),
    ],
)
def test_without_an_encoder_that_works_it_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, body: str | None, why: str
) -> None:
    if body is not None:
        place(path, body)
    if "1 seconds" in why:
        monkeypatch.setattr(aac, "LONGEST_SECONDS", 1.0)
    with pytest.raises(NoEncoder, match=why):
        aac.encode(WORDS)


def test_a_program_that_does_not_run_is_said(path: Path) -> None:
    (path / "ffmpeg").write_bytes(b"\x7fELF")
    (path / "ffmpeg").chmod(0o755)
    with pytest.raises(NoEncoder, match=r"^/.+/ffmpeg doesn't run \(.+\)\.$"):
        aac.encode(WORDS)


@pytest.mark.parametrize("kind", ["av", "ffmpeg"])
def test_real_encoders_make_it(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "ffmpeg":
        monkeypatch.setattr(aac, "has_pyav", lambda: False)
    try:
        assert kind == "ffmpeg" or aac.has_pyav()
        made = aac.encode(WORDS)
    except (NoEncoder, AssertionError):
        pytest.skip(f"this machine has no {kind}, which nothing else needs")
    assert aac.check(made) == ""
    assert 1 <= aac.seconds_of(made) < 1.2
    assert len(made) * 8 / aac.seconds_of(made) < 40_000


def test_clips_are_joined_with_silence_between_and_never_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [FRAME[:-1] + bytes([number]) for number in range(79)]
    monkeypatch.setattr(aac, "encode", lambda _sound: b"".join(frames))
    aac._silence.cache_clear()  # noqa: SLF001  another test's encoder may have filled it
    try:
        whole = aac.joined([FRAME * 3, FRAME * 2, FRAME], [0.4, 0.0])
        assert whole == FRAME * 3 + b"".join(frames[:6]) + FRAME * 2 + FRAME
        assert (aac.check(whole), aac.seconds_of(whole)) == ("", 12 * 1024 / 16_000)
        with pytest.raises(ValueError, match="There are no clips to join"):
            aac.joined([])
    finally:
        aac._silence.cache_clear()  # noqa: SLF001  as above


@pytest.mark.parametrize(("program", "says"), [(False, "AAC can't be made here: install"), (True, "")])
def test_whether_it_can_be_made_is_told_ahead(path: Path, *, program: bool, says: str) -> None:
    if program:
        place(path, "pass")
    assert aac.lacking().startswith(says)
    assert bool(aac.lacking()) is not program


def test_a_sound_without_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="A sound without samples"):
        aac.encode(Sound(WORDS.samples[:0], 24_000))


@pytest.mark.parametrize("at", range(4))
def test_another_kind_of_aac_is_refused(at: int) -> None:
    """Of another version, profile, rate, or with two channels."""
    other = bytearray(FRAME)
    other[at] ^= (0x80, 0x02, 0x18, 0xC0)[at]
    assert aac.check(bytes(other)) == "No AAC frame, mono at 16000 Hz, begins at byte 0."


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_judged(noise: bytes) -> None:
    for data in (noise, b"\xff\xf1\x60\x40" + noise, FRAME + noise, FRAME[:4] + b"\0" * 9 + noise):
        assert isinstance(aac.check(data), str)
    assert aac.check(FRAME + FRAME[:-1]) == "The AAC frame at byte 11 is cut off."
