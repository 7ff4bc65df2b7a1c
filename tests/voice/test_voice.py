"""The parts of a reply as one clip: by whom, from where, and what happens when that fails."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from speechlike import speech as spoken
from structlog.testing import capture_logs

from bot.voice import join, opus
from bot.voice.clip import Quality
from bot.voice.engine import CantSay
from bot.voice.shelf import Shelf
from bot.voice.sound import Sound
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice

pytestmark = pytest.mark.anyio

PARTS = ("Đúng rồi. Mật khẩu là của riêng bác.", "Bước hai trên bảy.", "Một: Nghe tiếp xem họ muốn gì.")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Made:
    """An engine that speaks as told, and remembers what it was asked."""

    def __init__(self, name: str, quality: Quality, *, online: bool = False, slow: float = 0.0) -> None:
        self.name, self.quality, self.online = name, quality, online
        self.asked: list[str] = []
        self.fails = False
        self._slow = slow

    def voice(self, lang: str, _text: str = "") -> str:
        return lang if lang == "vi" else ""

    def say(self, text: str, _lang: str, *, slow: bool) -> Sound:
        self.asked.append(text)
        time.sleep(self._slow)
        if self.fails:
            raise CantSay("It is away.", 1.0)
        return spoken(len(text) / 12 * (1.25 if slow else 1.0), len(text))


@pytest.fixture
def robot() -> Made:
    return Made("robot", Quality.ROBOT)


@pytest.fixture
def online() -> Made:
    return Made("online", Quality.GOOD, online=True, slow=0.02)


@pytest.fixture
async def voice(tmp_path: Path, robot: Made, online: Made) -> AsyncIterator[Voice]:
    made = Voice(Speaker([online, robot]), Shelf(tmp_path / "clips"))
    yield made
    await made.close()


def seconds(data: bytes) -> float:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert np.abs(samples).max() > 0.1
    return float(len(samples) / rate)


async def until_made(voice: Voice, online: Made, number: int) -> None:
    deadline = time.monotonic() + 10
    while len(online.asked) < number or (await voice.clip(Speech(PARTS, "vi"))).engine != "online":  # type: ignore[union-attr]
        assert time.monotonic() < deadline, online.asked
        await asyncio.sleep(0.02)


async def test_a_lesson_is_heard_at_once_and_better_the_next_time(voice: Voice, robot: Made, online: Made) -> None:
    speech = Speech(PARTS, "vi", lessons=True)
    first = await voice.clip(speech)
    assert first
    assert (first.engine, first.quality) == ("robot", Quality.ROBOT)
    assert robot.asked == list(PARTS)
    await until_made(voice, online, 3)
    second = await voice.clip(speech)
    assert second
    assert (second.engine, second.quality) == ("online", Quality.GOOD)
    assert second.address != first.address
    assert sorted(online.asked) == sorted(PARTS)  # each once


@pytest.mark.parametrize("form", ["ogg", "mp3"])
async def test_the_clip_has_all_parts_with_pauses(voice: Voice, form: str) -> None:
    whole = await voice.clip(Speech(PARTS, "vi"), form)  # type: ignore[arg-type]
    assert whole
    alone = [seconds((await voice.clip(Speech((part,), "vi"), form)).data) for part in PARTS]  # type: ignore[union-attr,arg-type]
    assert seconds(whole.data) == pytest.approx(sum(alone) + 0.8, abs=0.2)
    assert whole.seconds == pytest.approx(seconds(whole.data), abs=0.1)


async def test_what_is_one_learner_s_own_never_leaves_the_machine(voice: Voice, online: Made) -> None:
    assert await voice.clip(Speech(("Số biên nhận của bác là một hai ba bốn.",), "vi"))
    await asyncio.sleep(0.1)
    assert online.asked == []


async def test_the_same_clip_comes_from_the_shelf(voice: Voice, robot: Made) -> None:
    first, second = await voice.clip(Speech(PARTS, "vi")), await voice.clip(Speech(PARTS, "vi"))
    assert first == second
    assert len(robot.asked) == 3


async def test_slow_is_a_clip_of_its_own(voice: Voice) -> None:
    normal, slow = await voice.clip(Speech(PARTS, "vi")), await voice.clip(Speech(PARTS, "vi", slow=True))
    assert normal
    assert slow
    assert slow.seconds > normal.seconds * 1.1


async def test_nobody_who_can_say_it_is_no_clip(voice: Voice, robot: Made) -> None:
    assert await voice.clip(Speech(("Hello.",), "en")) is None
    robot.fails = True
    assert await voice.clip(Speech(PARTS, "vi")) is None


async def test_the_online_voice_away_keeps_nobody_waiting(voice: Voice, online: Made) -> None:
    online.fails = True
    speech = Speech(PARTS, "vi", lessons=True)
    assert (await voice.clip(speech)).engine == "robot"  # type: ignore[union-attr]
    await asyncio.sleep(0.2)
    assert (await voice.clip(speech)).engine == "robot"  # type: ignore[union-attr]


def broken(*_: object) -> bytes:
    raise ZeroDivisionError


async def test_what_nobody_foresaw_is_no_clip_and_no_fault_of_the_turn(
    voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(join, "joined", broken)
        assert await voice.clip(Speech(PARTS, "vi")) is None
    assert [line["event"] for line in logs] == ["a reply can't be spoken"]
    assert await voice.clip(Speech(PARTS, "vi"))


async def test_one_part_that_breaks_ahead_holds_up_no_other(
    voice: Voice, online: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    await voice.clip(Speech(PARTS, "vi"))  # the robot's are there
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(opus, "encode", broken)
        await voice.clip(Speech(PARTS[:1], "vi", lessons=True))
        deadline = time.monotonic() + 10
        while not logs:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
    assert [line["event"] for line in logs] == ["a part can't be spoken ahead"]
    await voice.clip(Speech(PARTS, "vi", lessons=True))
    await until_made(voice, online, 1 + len(PARTS))


async def test_what_is_kept_is_found_by_its_address(voice: Voice) -> None:
    speech = Speech(PARTS, "vi", slow=True, lessons=True)
    address = await voice.keep(speech)
    assert await voice.keep(speech) == address
    assert await voice.kept(address) == speech
    assert await voice.kept("0" * 32) is None
    with pytest.raises(ValueError, match="isn't a clip's address"):
        await voice.kept("../x")


async def test_a_shelf_that_can_t_be_written_is_no_silence(tmp_path: Path, robot: Made) -> None:
    (tmp_path / "clips").write_text("a file where a folder should be", encoding="utf-8")
    voice = Voice(Speaker([robot]), Shelf(tmp_path / "clips"))
    clip = await voice.clip(Speech(PARTS, "vi"))
    assert clip
    assert seconds(clip.data) > 1
    await voice.close()


def test_one_part_by_the_best_who_can(tmp_path: Path, robot: Made, online: Made) -> None:
    voice = Voice(Speaker([online, robot]), Shelf(tmp_path / "clips"))
    assert voice.part(PARTS[0], "vi").engine == "online"
    assert voice.part(PARTS[0], "vi", only="robot").engine == "robot"
    online.fails = robot.fails = True
    with pytest.raises(CantSay, match=r"online: It is away\. robot: It is away\."):
        voice.part(PARTS[1], "vi")


async def test_a_dialect_is_asked_for_and_kept_apart(tmp_path: Path, robot: Made) -> None:
    asked: list[str] = []
    robot.voice = lambda lang, _text="": asked.append(lang) or lang  # type: ignore[method-assign,func-returns-value]
    here = Voice(Speaker([robot]), Shelf(tmp_path / "clips"), dialects={"vi": "vi-thanhhoa"})
    there = Voice(Speaker([robot]), Shelf(tmp_path / "clips"))
    assert here.address(here.speaker.engines[0], "Một.", "vi") != there.address(there.speaker.engines[0], "Một.", "vi")
    assert asked == ["vi-thanhhoa", "vi"]
    assert await here.clip(Speech(("Một hai ba bốn năm.",), "vi"))
    await here.close()
    await there.close()
