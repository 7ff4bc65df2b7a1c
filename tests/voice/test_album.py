"""Lessons as sound files: what is told, in which order, and what players make of the file."""

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from made_voice import Counted, voice_of
from small import REAL, small_library

from bot.core.sayable import sayable
from bot.voice import album, join, mp3, opus, stream

LIBRARY = small_library()


def told() -> album.Track:
    return album.track(LIBRARY, LIBRARY.lessons["bai-01"]["vi"], "bac")


def test_a_lesson_is_told_straight_on() -> None:
    text = "\n".join(told().parts)
    assert text.startswith("Bắt đầu bài Bài một.")
    order = [
        "Bước hai trên sáu.",
        "Mã ô tê pê đưa cho ai?" if "ô tê pê" in text else "đưa cho ai?",
        "Hai: Không đưa cho ai.",
        "Câu trả lời đúng là: Không đưa cho ai. Mã là chìa khóa.",
        "Bác mở tin nhắn.",
        "Diễn tập.",
        "Người lạ: Tôi là công an.",
        "Hai: Cúp máy.\nTốt lắm.",
        "Một: Nghe tiếp.\nNgười lạ: Đọc mã cho tôi.",
        "Một: Đọc mã.\nKhoan đã.",
        "Đó là kẻ lừa.",
        "Hết bài.",
        "Bác biết giữ mã.",
    ]
    places = [text.find(each) for each in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "Chưa đúng" not in text


@pytest.mark.parametrize("key", REAL.order)
def test_every_part_is_one_of_the_talk(key: str) -> None:
    lesson = REAL.lessons[key]["vi"]
    said = {part.text for part in sayable(REAL, "vi", ("ban",), [lesson.course])}
    track = album.track(REAL, lesson, "ban")
    assert set(track.parts) <= said
    assert len(track.pauses) == len(track.parts) - 1
    assert len(track.chapters) == len(lesson.steps) + 1


def test_there_is_time_to_think_after_a_question() -> None:
    track = told()
    answer = next(number for number, part in enumerate(track.parts) if part.startswith("Câu trả lời đúng"))
    assert track.pauses[answer - 1] == album.THINK
    act = track.parts.index("Bác mở tin nhắn.")
    assert track.pauses[act] == album.ACT


def test_the_file_is_heard_with_its_pauses_and_has_chapters(tmp_path: Path) -> None:
    voice = voice_of(tmp_path, Counted())
    track = told()
    data = album.sound(voice, track, "vi")
    assert opus.check(data) == ""
    alone = [opus.seconds_of(voice.part(part, "vi").data) for part in track.parts]
    expected = sum(alone) + sum(track.pauses)
    assert album.seconds_of(data, "ogg") == pytest.approx(expected, rel=0.01)
    sound = opus.decode(data)
    assert sound.seconds == pytest.approx(expected, rel=0.01)
    comments = stream.read(data).comments
    assert comments[0] == "TITLE=Bài một"
    names = [each.partition("=")[2] for each in comments if "NAME=" in each]
    assert names == ["Bài một", *(f"{n}. {s}" for n, s in enumerate(_beginnings(), 1))]
    # Each chapter begins where its step does: before it is the silence between two steps.
    clocks = [each.partition("=")[2] for each in comments if each.startswith("CHAPTER") and "NAME" not in each]
    for clock in clocks[1:]:
        hours, minutes, seconds = clock.split(":")
        at = round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * sound.rate)
        assert np.abs(sound.samples[at - sound.rate // 2 : at - sound.rate // 50]).max() < 0.01
        assert np.abs(sound.samples[at : at + sound.rate]).max() > 0.1
    asyncio.run(voice.close())


def _beginnings() -> list[str]:
    return ["Bác bấm Tiếp.", "Mã OTP đưa cho ai?", "Bác mở tin nhắn.", "Ai giữ mật khẩu?", "Diễn tập.", "Hết bài."]


def test_mp3_is_heard_as_long(tmp_path: Path) -> None:
    voice = voice_of(tmp_path, Counted())
    track = album.track(LIBRARY, LIBRARY.lessons["bai-02"]["vi"], "ban")
    data = album.sound(voice, track, "vi", "mp3")
    assert mp3.check(data) == ""
    samples, rate = soundfile.read(io.BytesIO(data))
    ogg = album.seconds_of(album.sound(voice, track, "vi"), "ogg")
    assert len(samples) / rate == pytest.approx(ogg, rel=0.1)
    assert album.seconds_of(data, "mp3") == pytest.approx(len(samples) / rate, abs=0.2)
    assert len(track.chapters) < join.MOST_CHAPTERS
    asyncio.run(voice.close())


def test_in_english_too() -> None:
    track = album.track(LIBRARY, LIBRARY.lessons["bai-02"]["en"], "ban")
    assert "One thing." in track.parts
    assert track.title == "Lesson two"
