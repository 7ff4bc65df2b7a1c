"""The parts of a reply as one clip: by whom, from where, and what happens when that fails."""

import asyncio
import io
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from small import REPO
from speechlike import speech as spoken
from structlog.testing import capture_logs

from bot.voice import join, opus
from bot.voice.clip import Quality
from bot.voice.engine import CantSay
from bot.voice.shelf import Shelf
from bot.voice.sound import Sound
from bot.voice.speaker import Speaker
from bot.voice.voice import MAKERS, Speech, Voice

pytestmark = pytest.mark.anyio

PATIENCE = 60.0  # seconds until something that must happen has happened, on a busy machine
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
        self.may = threading.Event()  # speak
        self.may.set()
        self._slow = slow

    def voice(self, lang: str, _text: str = "") -> str:
        return lang if lang == "vi" else ""

    def say(self, text: str, _lang: str, *, slow: bool) -> Sound:
        self.asked.append(text)
        self.may.wait(PATIENCE)
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
    deadline = time.monotonic() + PATIENCE
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
        await until(lambda: bool(logs))
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


async def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def asked(engine: Made, number: int) -> None:
    await until(lambda: len(engine.asked) >= number)


async def test_what_is_there_does_not_wait_for_what_is_made(voice: Voice, robot: Made) -> None:
    there = Speech(PARTS, "vi")
    first = await voice.clip(there)
    robot.may.clear()
    texts = [f"Câu số {number} của bài." for number in range(10)]
    making = [asyncio.create_task(voice.clip(Speech((text,), "vi"))) for text in texts]
    await asked(robot, len(PARTS) + MAKERS)
    assert await asyncio.wait_for(voice.clip(there), PATIENCE) == first
    assert await asyncio.wait_for(voice.size(there), PATIENCE)
    assert not any(task.done() for task in making)
    robot.may.set()
    assert all(await asyncio.gather(*making))


async def test_what_many_want_at_once_is_made_once_and_holds_up_no_other(voice: Voice, robot: Made) -> None:
    robot.may.clear()
    same = [asyncio.create_task(voice.clip(Speech(PARTS[:1], "vi"))) for _ in range(10)]
    await asked(robot, 1)
    other = asyncio.create_task(voice.clip(Speech(PARTS[1:2], "vi")))
    await asked(robot, 2)
    robot.may.set()
    clips = await asyncio.gather(*same)
    assert len({clip.address for clip in clips if clip}) == 1
    assert all(clips)
    assert await other
    assert robot.asked == [PARTS[0], PARTS[1]]


async def test_who_no_longer_waits_takes_it_from_nobody(voice: Voice, robot: Made) -> None:
    robot.may.clear()
    first, second = (asyncio.create_task(voice.clip(Speech(PARTS, "vi"))) for _ in range(2))
    await asked(robot, 1)
    first.cancel()
    robot.may.set()
    assert await second


async def test_nobody_waits_while_room_is_made(voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    made_room = threading.Event()
    times: list[bool] = []
    monkeypatch.setattr(voice.shelf, "due", lambda: True)
    monkeypatch.setattr(voice.shelf, "evict", lambda: times.append(made_room.wait(PATIENCE)))
    assert await voice.clip(Speech(PARTS[:1], "vi"))
    assert await voice.clip(Speech(PARTS, "vi"))
    made_room.set()
    await until(lambda: bool(times))
    assert times == [True]


async def test_the_online_voice_is_asked_once_for_all_forms(voice: Voice, online: Made) -> None:
    made = {form: voice.made(online, PARTS[0], "vi", form=form) for form in ("ogg", "mp3")}
    assert online.asked == [PARTS[0]]
    assert seconds(made["mp3"].data) == pytest.approx(seconds(made["ogg"].data), abs=0.2)
    assert made["mp3"].address != made["ogg"].address


async def test_a_size_is_guessed_until_it_is_known(voice: Voice) -> None:
    speech = Speech(PARTS, "vi", slow=True)
    letters = sum(map(len, PARTS))
    assert await voice.size(speech) == pytest.approx((0.3 * 3 + letters / 15 * 1.22) * 1500, abs=2)
    clip = await voice.clip(speech)
    assert clip
    assert await voice.size(speech) == pytest.approx(len(clip.data), rel=0.02)


async def test_what_is_noted_about_a_clip_is_known_without_reading_it(voice: Voice, robot: Made) -> None:
    speech = Speech(PARTS, "vi")
    assert await voice.known(speech, "telegram 1") is None
    clip = await voice.clip(speech)
    assert clip
    assert await voice.known(speech, "telegram 1") is None
    await voice.note(clip.address, "telegram 1", "AwAC")
    assert await voice.known(speech, "telegram 1") == (clip.address, "AwAC")
    assert await voice.known(speech, "telegram 2") is None
    assert await voice.known(Speech((*PARTS, "Hai: Cúp máy."), "vi"), "telegram 1") is None
    assert len(robot.asked) == len(PARTS)


async def test_what_the_online_voice_is_yet_to_say_is_not_settled_for(voice: Voice, online: Made) -> None:
    online.fails = True
    speech = Speech(PARTS, "vi", lessons=True)
    clip = await voice.clip(speech)
    assert clip
    await voice.note(clip.address, "telegram 1", "AwAC")
    assert await voice.known(speech, "telegram 1") is None
    online.fails = False
    for part in PARTS:
        voice.made(online, part, "vi")
    better = await voice.clip(speech)
    assert better
    await voice.note(better.address, "telegram 1", "AwAD")
    assert await voice.known(speech, "telegram 1") == (better.address, "AwAD")


PROGRAM = """
import asyncio, sys, time
from pathlib import Path
from test_voice import PARTS, Made, Quality, Shelf, Speaker, Speech, Voice

async def main():
    online = Made("online", Quality.GOOD, online=True, slow=3600.0)
    voice = Voice(Speaker([online, Made("robot", Quality.ROBOT)]), Shelf(Path(sys.argv[1])))
    assert await voice.clip(Speech(PARTS, "vi", lessons=True))
    while not online.asked:
        await asyncio.sleep(0.01)
    await voice.close()

asyncio.run(main())
"""


def test_an_online_voice_that_never_answers_does_not_keep_the_program_from_its_end(tmp_path: Path) -> None:
    paths = {"PYTHONPATH": f"{REPO}:{REPO / 'tests'}:{REPO / 'tests' / 'voice'}"}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    subprocess.run(command, env=paths, check=True, timeout=2 * PATIENCE)  # noqa: S603
