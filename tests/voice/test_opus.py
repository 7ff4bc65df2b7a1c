"""Clips as OGG/Opus: what stands in the file, how large and how loud it is, and what is wrong with others."""

import struct
from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speechlike import rms, silence, speech

from bot.voice import ogg, opus, stream
from bot.voice.ogg import BadOgg
from bot.voice.sound import Sound

WORDS = speech(3.21, seed=4)
CLIP = opus.encode(WORDS)


def test_a_clip_is_what_telegram_calls_voice() -> None:
    head, tags, *voice = ogg.pages(CLIP)
    magic, version, channels, pre_skip, rate, gain, family = struct.unpack("<8sBBHIhB", head.body)
    assert (CLIP[:4], magic, version, channels, rate, gain, family) == (b"OggS", b"OpusHead", 1, 1, 24_000, 0, 0)
    assert tags.body.startswith(b"OpusTags")
    assert voice[-1].granule - pre_skip == round(3.21 * 48_000)
    assert {len(page.lacing) for page in voice[:-1]} == {50}  # a page a second


@pytest.mark.parametrize(("kbit", "least", "most"), [(12, 9, 13), (16, 12.5, 17), (24, 19, 25)])
def test_its_size_is_as_asked(kbit: int, least: float, most: float) -> None:
    sound = speech(20, seed=1)
    assert least < len(opus.encode(sound, kbit)) * 8 / 20 / 1000 < most


def test_a_minute_of_it_is_within_the_budget() -> None:
    assert len(opus.encode(speech(20, seed=2))) * 3 <= 100_000


def test_a_short_clip_is_small() -> None:
    assert len(opus.encode(speech(0.5))) < 1100  # libsndfile's own would have 700 bytes more


@pytest.mark.parametrize("kbit", opus.KBITS)
@pytest.mark.parametrize("seconds", [0.02, 0.5, 1.0, 3.21])
def test_it_is_as_long_and_as_loud_as_the_sound(kbit: int, seconds: float) -> None:
    sound = speech(max(seconds, 0.2), seed=3)
    sound = Sound(sound.samples[: round(seconds * sound.rate)], sound.rate)
    clip = opus.encode(sound, kbit)
    heard = opus.decode(clip)
    assert heard.rate == 24_000
    assert opus.seconds_of(clip) == heard.seconds == sound.seconds
    if seconds >= 0.5:
        assert abs(rms(heard.samples) - rms(sound.samples)) < 1.5  # speech has no more than 8 kHz at 12 kbit/s


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_other_rates_are_brought_to_24_khz(rate: int) -> None:
    sound = speech(2, rate=rate)
    heard = opus.decode(opus.encode(sound, 24))
    assert heard.rate == 24_000
    assert isclose(heard.seconds, 2, abs_tol=0.02)
    assert abs(rms(heard.samples) - rms(sound.samples)) < 1


def test_the_same_sound_is_the_same_clip() -> None:
    assert opus.encode(WORDS) == CLIP


def test_silence_is_heard_as_silence() -> None:
    assert rms(opus.decode(opus.encode(silence(1))).samples) < -90


def test_what_is_too_loud_is_cut_off_and_not_wrapped() -> None:
    sound = Sound(WORDS.samples * 30, WORDS.rate)
    assert np.corrcoef(opus.decode(opus.encode(sound, 24)).samples, np.clip(sound.samples, -1, 1))[0, 1] > 0.9


@pytest.mark.parametrize(
    ("samples", "kbit", "why"),
    [
        (WORDS.samples, 33, "Clips have 12, 16, 24 kbit/s, not 33."),
        (np.zeros(0, np.float32), 12, "A sound without samples, or with some that aren't numbers, can't be packed."),
        (np.full(99, np.nan, np.float32), 12, "A sound without samples, or with some that aren't numbers, can't be"),
    ],
)
def test_what_cannot_be_encoded_is_said(samples: np.ndarray, kbit: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        opus.encode(Sound(samples, 24_000), kbit)


HEAD = struct.Struct("<8sBBHIhB")
TAGS = b"OpusTags" + bytes(8)


def made(*packets: tuple[bytes, int], head: bytes = HEAD.pack(b"OpusHead", 1, 1, 312, 24_000, 0, 0)) -> bytes:
    return ogg.written([[(head, 0)], [(TAGS, 0)], packets], serial=7)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The Ogg stream breaks off: its last page isn't there."),
        (b"<!DOCTYPE html>", "No Ogg page begins at byte 0."),
        (b"ID3" + CLIP, "No Ogg page begins at byte 0."),
        (CLIP[:20], "The Ogg page at byte 0 is cut off."),
        (CLIP[:-1], "The Ogg page at byte 4"),
        (CLIP + b"\0", f"No Ogg page begins at byte {len(CLIP)}."),
        (CLIP + CLIP, f"The Ogg page at byte {len(CLIP)} is of another stream; one file holds one stream here."),
        (CLIP[:999] + bytes([CLIP[999] ^ 1]) + CLIP[1000:], "is damaged: its checksum differs."),
        (made((b"\x48", 960), head=b"OpusHead"), "The Ogg stream isn't Opus: it doesn't begin with OpusHead."),
        (made((b"\x48", 960), head=b"\x7fFLAC" * 5), "The Ogg stream isn't Opus: it doesn't begin with OpusHead."),
        (
            made((b"\x4c", 960), head=HEAD.pack(b"OpusHead", 1, 2, 312, 24_000, 0, 0)),
            "The Opus stream isn't plain mono: version 1, 2 channels, family 0, gain 0.",
        ),
        (ogg.written([[(HEAD.pack(b"OpusHead", 1, 1, 312, 24_000, 0, 0), 0)]], 7), "The Opus stream has no OpusTags."),
        (
            ogg.written([[(HEAD.pack(b"OpusHead", 1, 1, 312, 24_000, 0, 0), 0)], [(b"OpusTags\x09", 0)]], 7),
            "The Opus stream's OpusTags are cut off.",
        ),
        (made((b"\x48", 312)), "The Opus stream has no sound."),
        (made((b"\x48", 999_999)), "The Opus stream has a gap: 960 samples are there where it says 999999."),
        (made((b"", 960)), "An Opus packet is empty."),
        (made((b"\x4b", 960)), "An Opus packet says that it holds 0.000 seconds."),
        (made((b"\x4b\x3f", 960)), "An Opus packet says that it holds 1.260 seconds."),
    ],
)
def test_what_is_wrong_is_said(data: bytes, why: str) -> None:
    assert why in opus.check(data)
    with pytest.raises(BadOgg) as raised:
        opus.decode(data)
    assert str(raised.value) == opus.check(data)


def test_a_page_that_is_not_there_is_missed() -> None:
    pages = list(ogg.pages(CLIP))
    without = CLIP[: pages[3].at] + CLIP[pages[4].at :]
    assert opus.check(without) == f"Ogg page 3 isn't there: page 4 stands at byte {pages[3].at}."


def test_a_granule_position_that_lies_is_found() -> None:
    packets = stream.read(CLIP).packets
    lies = made((packets[0], 961), (packets[1], 1920))
    assert opus.check(lies) == ""  # within a page positions aren't told
    groups = [[(HEAD.pack(b"OpusHead", 1, 1, 312, 24_000, 0, 0), 0)], [(TAGS, 0)], [(packets[0], 961)]]
    lies = ogg.written([*groups, [(packets[1], 1920)]], serial=7)
    assert opus.check(lies) == "The Opus stream has a gap: 960 samples are there where it says 961."


@pytest.mark.parametrize(
    ("packet", "ms"),
    [  # RFC 6716: table 2 for one frame, section 3.2 for more
        (b"\x40", 10), (b"\x48", 20), (b"\x58", 60), (b"\x60", 10), (b"\x78", 20), (b"\xe0", 2.5), (b"\xf8", 20),
        (b"\x49", 40), (b"\x4a", 40), (b"\x4b\x03", 60), (b"\x4b\xc6", 120), (b"\xe3\x30", 120),
    ],
)  # fmt: skip
def test_a_packet_tells_how_long_it_is(packet: bytes, ms: float) -> None:
    assert stream.samples_in(packet) == ms * 48


def test_sound_that_looks_like_a_page_is_not_taken_for_one() -> None:
    clip = made((b"\x48OggS" + bytes(40), 960))
    assert opus.check(clip) == ""
    assert opus.seconds_of(clip) == (960 - 312) / 48_000


@pytest.mark.parametrize("data", [b"", b"OggS", b"<html>", CLIP[:-1], CLIP[:60]])
def test_the_length_of_what_is_cut_off_is_not_told(data: bytes) -> None:
    with pytest.raises(BadOgg, match=r"^The Ogg stream "):
        opus.seconds_of(data)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(CLIP)), st.integers(0, 9))
def test_any_bytes_are_judged(noise: bytes, at: int, over: int) -> None:
    for data in (noise, b"OggS" + noise, CLIP[:at] + noise + CLIP[at + over :]):
        said = opus.check(data)
        assert isinstance(said, str)
        if not said:
            assert data == CLIP
        try:
            opus.seconds_of(data)
        except BadOgg as error:
            assert str(error)  # noqa: PT017  both ends are right here


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=120), st.binary(min_size=1, max_size=80), st.integers(-(2**40), 2**40))
def test_whole_pages_with_any_packets_are_judged(tags: bytes, packet: bytes, granule: int) -> None:
    head = HEAD.pack(b"OpusHead", 1, 1, 312, 24_000, 0, 0)
    for second in (tags, b"OpusTags" + tags):
        data = ogg.written([[(head, 0)], [(second, 0)], [(packet, granule)]], serial=7)
        assert isinstance(opus.check(data), str)
