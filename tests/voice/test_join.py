"""Parts joined to one message: heard as they are alone, silence between them, chapters where they begin."""

import io

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from speechlike import rms, speech

from bot.voice import opus, stream
from bot.voice.join import SILENCE, Chapter, joined
from bot.voice.ogg import BadOgg
from bot.voice.sound import Samples, Sound
from bot.voice.stream import Stream

SOUNDS = [speech(seconds, seed=seed) for seed, seconds in enumerate((1.23, 4.0, 0.4, 2.777))]
CLIPS = {kbit: [opus.encode(sound, kbit) for sound in SOUNDS] for kbit in opus.KBITS}
STEP = 0.02  # seconds: pauses are kept to half of this


def place_of(alone: Samples, heard: Samples, after: int) -> int:
    """Where the loudest 99 samples are heard again, exactly."""
    loud = int(np.argmax(np.abs(alone)))
    windows = np.lib.stride_tricks.sliding_window_view(heard[after:], 99)
    found = np.flatnonzero((windows == alone[loud : loud + 99]).all(axis=1))
    return int(found[0]) + after - loud


def starts_and_length(clips: list[bytes], pauses: list[float]) -> tuple[list[float], float]:
    """Where each part should be heard, and the whole's length, in seconds."""
    starts, reached = [], 0.0
    for clip, pause in zip(clips, [*pauses, 0.0], strict=True):
        starts.append(reached)
        reached += opus.seconds_of(clip) + pause
    return starts, reached


@pytest.mark.parametrize("kbit", opus.KBITS)
@pytest.mark.parametrize("pauses", [[0.4, 0.4, 0.4], [0.418, 0.818, 0.05], [0.0, 0.0, 0.0]])
def test_each_part_is_heard_bit_for_bit_as_alone(kbit: int, pauses: list[float]) -> None:
    clips = CLIPS[kbit]
    whole = joined(clips, pauses)
    assert opus.check(whole) == ""
    heard = opus.decode(whole).samples
    _, length = starts_and_length(clips, pauses)
    assert opus.seconds_of(whole) == len(heard) / 24_000
    assert abs(len(heard) / 24_000 - length) <= len(clips) * (0.05 if pauses[0] == 0 else STEP)
    at = 0
    for number, clip in enumerate(clips):
        alone = opus.decode(clip).samples
        found = place_of(alone, heard, at)
        assert np.array_equal(heard[found : found + len(alone)], alone)
        if number:
            if found - at > 240:  # 10 ms after the part before, nothing is left of it
                assert rms(heard[at + 240 : found]) < -55
            pause = (found - at) / 24_000
            assert abs(pause - pauses[number - 1]) <= STEP / 2 + 1e-9 or pause < 0.05 >= pauses[number - 1]
        at = found + len(alone)
    assert at == len(heard)


def test_no_joint_clicks() -> None:
    """Even of parts cut off in the middle of a sound: what jumps there are, were there alone."""
    cut = [opus.encode(Sound(sound.samples[2_000:-2_000], sound.rate)) for sound in SOUNDS]
    heard = opus.decode(joined(cut, 0.2)).samples
    jumps = max(float(np.abs(np.diff(opus.decode(clip).samples)).max()) for clip in cut)
    assert float(np.abs(np.diff(heard)).max()) <= jumps


def test_parts_of_several_bit_rates_join() -> None:
    clips = [CLIPS[12][0], CLIPS[24][1], CLIPS[16][3]]
    heard = opus.decode(joined(clips)).samples
    last = opus.decode(clips[-1]).samples
    assert np.array_equal(heard[-len(last) :], last)


def test_one_part_is_as_it_was() -> None:
    assert joined(CLIPS[12][:1]) == CLIPS[12][0]


def test_joined_clips_join_again() -> None:
    clips = CLIPS[12]
    assert joined([joined(clips[:2]), joined(clips[2:])]) == joined(clips)


def test_the_packet_of_silence_is_silent_and_20_ms_long() -> None:
    assert stream.samples_in(SILENCE) == 960
    samples, rate = soundfile.read(io.BytesIO(stream.written(Stream([SILENCE] * 50, 0, 48_000))))
    assert (len(samples), rate) == (48_000, 48_000)
    assert np.abs(samples).max() < 1e-30


def test_title_and_chapters_stand_where_players_look() -> None:
    clips = CLIPS[12]
    whole = joined(clips, 1.0, "Bài 1: Mã OTP", [Chapter(0, "Mở đầu"), Chapter(2, "Câu hỏi")])
    title, *chapters = stream.read(whole).comments
    assert title == "TITLE=Bài 1: Mã OTP"
    starts, _ = starts_and_length(clips, [1.0] * 3)
    assert chapters[0::2][0] == "CHAPTER001=00:00:00.000"
    assert chapters[1::2] == ["CHAPTER001NAME=Mở đầu", "CHAPTER002NAME=Câu hỏi"]
    assert abs(float(chapters[2].removeprefix("CHAPTER002=00:00:")) - starts[2]) <= STEP
    assert joined([whole]) == joined(clips, 1.0)  # a part's title isn't the whole's


def test_an_hour_has_its_chapters() -> None:
    hour = stream.written(Stream([SILENCE] * 50 * 3661, 312, 48_000 * 3661 - 312))
    told = stream.read(joined([hour, CLIPS[12][0]], 1.0, chapters=[Chapter(1, "")])).comments
    assert told[0].startswith("CHAPTER001=01:01:02.0")


def test_positions_grow_by_seconds() -> None:
    whole = joined(CLIPS[12])
    found = stream.read(whole)
    assert found.total - found.tail == found.pre_skip + found.length
    assert found.seconds == opus.seconds_of(whole)


@pytest.mark.parametrize(
    ("clips", "pauses", "chapters", "why"),
    [
        ([], 0.4, [], "There are no clips to join."),
        (CLIPS[12], [0.4], [], "4 clips need 3 pauses, not 1."),
        (CLIPS[12], 0.4, [Chapter(4, "Hết")], "Chapter 'Hết' begins at part 4; there are 4 parts."),
        (CLIPS[12], 0.4, [Chapter(0, "A")] * 1000, "A file has at most 999 chapters, not 1000."),
    ],
)
def test_what_does_not_fit_is_said(
    clips: list[bytes], pauses: float | list[float], chapters: list[Chapter], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        joined(clips, pauses, chapters=chapters)


def test_a_hurt_part_is_refused() -> None:
    with pytest.raises(BadOgg, match="is cut off"):
        joined([CLIPS[12][0], CLIPS[12][1][:-9]])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(opus.KBITS), st.integers(0, 3), st.floats(0, 3)), min_size=1, max_size=8),
)
def test_lengths_add_up(parts: list[tuple[int, int, float]]) -> None:
    clips = [CLIPS[kbit][number] for kbit, number, _ in parts]
    pauses = [pause for _, _, pause in parts][1:]
    whole = joined(clips, pauses)
    heard = opus.decode(whole)
    _, length = starts_and_length(clips, pauses)
    assert opus.seconds_of(whole) == heard.seconds
    assert -STEP * len(pauses) / 2 <= heard.seconds - length <= 0.05 * len(pauses)
