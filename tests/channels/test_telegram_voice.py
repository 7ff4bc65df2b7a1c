"""Telegram for those who listen, on the emulator: a clip with its text as the caption, and voice notes heard."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from small import small_library
from telegram_emulator import Emulator, Person, markup
from telegram_emulator.chats import Message
from test_telegram_talk import HOME, LISTENING, READING, SECRET, Store, walk

from bot.channels.telegram import Telegram
from bot.channels.telegram import voice as telegram_voice
from bot.channels.telegram.client import Client
from bot.core.turn import Spoke, Unheard
from bot.core.wording import WORDS
from bot.tutor import Tutor
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice
from bot.webhooks import TELEGRAM

if TYPE_CHECKING:
    from bot.voice.hearing import Hearing

pytestmark = pytest.mark.anyio

PATIENCE = 60.0  # seconds until something that must happen has happened, on a busy machine


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every clip be ready in time, however busy the machine is."""
    monkeypatch.setattr(telegram_voice, "READY", 30.0)


class Ear:
    """Hears what a test says it hears."""

    lacks = ""

    def __init__(self) -> None:
        self.hears: Spoke | Unheard = Unheard("silent")
        self.given: list[bytes] = []

    async def hear(self, raw: bytes, _lang: str = "vi") -> Spoke | Unheard:
        self.given.append(raw)
        return self.hears


class Bot:
    """The channel at the emulator, with espeak's voice and an ear of the test's."""

    def __init__(self, telegram: Emulator, clips: Path) -> None:
        self.telegram, self.store, self.ear = telegram, Store(), Ear()
        self.voice = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(clips))
        client = Client(telegram.token, telegram.url)
        tutor = Tutor(small_library(), self.store)
        self.channel = Telegram(tutor, client, SECRET, self.voice, cast("Hearing", self.ear))

    def data(self, message: Message) -> bytes:
        """Return what a phone would play."""
        files = self.telegram.main.files
        path = str(files.offer(message.json["voice"]["file_id"], 0.0)["file_path"])
        return files.download(path, 0.0)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call.fields for call in self.telegram.calls if call.method == method]

    async def settled(self) -> None:
        """Wait until every update is done with: a learner sees a clip before its id is noted."""
        await self.telegram.delivered()

    async def answered(self) -> int:
        return sum(record.count(b"answered") for _, record in await self.store.journal())


@asynccontextmanager
async def started(tmp_path: Path) -> AsyncIterator[Bot]:
    async with Emulator(speed=20.0) as telegram:
        bot = Bot(telegram, tmp_path / "clips")
        telegram.resolves(HOME, bot.channel.webhook)
        await bot.channel.introduce(HOME + TELEGRAM)
        try:
            yield bot
        finally:
            await bot.channel.close()
            await bot.voice.close()


def seconds(data: bytes) -> float:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert samples.ndim == 1
    assert np.abs(samples).max() > 0.1
    return float(len(samples) / rate)


async def test_a_blind_learner_hears_a_whole_lesson_one_message_a_step(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        assert "Bác đã học xong bài **Bài một**" in await walk(an, LISTENING)
        spoken = [message for message in an.sees if message.by_bot and message.kind == "voice"]
        silent = [message for message in an.sees if message.by_bot and message.kind == "text"]
        assert len(spoken) == len(LISTENING) - 2  # all since "Nghe đọc"
        assert len(silent) == 3  # the start, and two answers before it
        for message in spoken:
            assert message.text
            assert 1 < seconds(bot.data(message)) < 60
        assert bot.telegram.complaints == []


async def test_the_next_learner_costs_no_upload(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        await walk(bot.telegram.person("An"), LISTENING)
        await bot.settled()
        before = len(bot.calls("sendVoice"))
        await walk(bot.telegram.person("Bình"), LISTENING)
        await bot.settled()
        later = bot.calls("sendVoice")[before:]
        assert len(later) == before
        assert all(isinstance(call["voice"], str) and not call["voice"].startswith("attach") for call in later)


async def test_a_file_id_that_telegram_lost_is_sent_anew(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:3])
        await bot.settled()
        (known,) = [message for message in an.sees if message.kind == "voice"]
        bot.telegram.main.files.forget(known.json["voice"]["file_id"])
        binh = bot.telegram.person("Bình")
        await walk(binh, LISTENING[:3])
        (heard,) = [message for message in binh.sees if message.kind == "voice"]
        assert heard.json["voice"]["file_id"] != known.json["voice"]["file_id"]
        assert [type(call["voice"]).__name__ for call in bot.calls("sendVoice")][-2] == "str"  # tried by its id first


async def test_whoever_reads_can_hear_one_step(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:4])
        assert not bot.calls("sendVoice")
        await an.taps("Nghe")
        (seen,) = await an.hears(1)
        assert seen.kind == "voice"
        assert ("Nghe",) not in seen.buttons
        await an.taps("1. Tiếp")
        (seen,) = await an.hears(1)
        assert seen.kind == "text"


async def test_the_first_greeting_can_be_heard_before_anything_is_chosen(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await an.start()
        await an.hears(1)
        await an.taps("Nghe")
        (seen,) = await an.hears(1)
        assert seen.kind == "voice"
        assert seen.text.startswith("Xin chào bạn.")


class Gate:
    """Holds up each clip until it is let through; the learner gets the text at once."""

    def __init__(self, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
        self._voice, self._made = bot.voice, bot.voice.clip
        self._held: asyncio.Queue[asyncio.Event] = asyncio.Queue()
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(telegram_voice, "READY", 0.0)
        monkeypatch.setattr(bot.voice, "clip", self._clip)

    async def _clip(self, *args: Any) -> Any:
        clip = await self._made(*args)
        gate = asyncio.Event()
        self._held.put_nowait(gate)
        await gate.wait()
        return clip

    async def held(self) -> asyncio.Event:
        """Wait until one more clip is made and held up; setting what is returned lets it through."""
        return await asyncio.wait_for(self._held.get(), PATIENCE)

    def open(self) -> None:
        """Hold up no more, and wait for each clip as long as it takes."""
        self._monkeypatch.setattr(telegram_voice, "READY", PATIENCE)
        self._monkeypatch.setattr(self._voice, "clip", self._made)


async def test_a_clip_that_takes_long_goes_after_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:2])
        gate = Gate(bot, monkeypatch)
        await an.taps("2. Nghe đọc")
        (first,) = await an.hears(1)
        (await gate.held()).set()
        (second,) = await an.hears(1)
        assert (first.kind, second.kind) == ("text", "voice")
        assert second.text == ""


async def test_a_clip_that_is_ready_at_once_never_overtakes_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:2])
        monkeypatch.setattr(telegram_voice, "MAX_CAPTION", 10)
        await an.taps("2. Nghe đọc")
        assert [seen.kind for seen in await an.hears(2)] == ["text", "voice"]


async def test_a_late_clip_is_dropped_once_the_learner_has_gone_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:4])
        gate = Gate(bot, monkeypatch)
        await an.types("tiep")
        (question,) = await an.hears(1)
        first = await gate.held()
        await an.types("hai")
        (answer,) = await an.hears(1)
        second = await gate.held()
        first.set()
        second.set()
        (clip,) = await an.hears(1)
        gate.open()
        await an.types("nghe lai")  # what was sent before this comes before it
        (again,) = await an.hears(1)
        assert [seen.kind for seen in (question, answer, clip, again)] == ["text", "text", "voice", "voice"]
        assert again.text
        assert bot.data(clip) == bot.data(again)
        assert len(bot.calls("sendVoice")) == 4  # two before, and these


async def test_a_late_clip_is_dropped_also_by_an_answer_that_is_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:4])
        gate = Gate(bot, monkeypatch)
        await an.taps("Nghe")
        (seen,) = await an.hears(1)
        held = await gate.held()
        await an.taps("1. Tiếp")
        (following,) = await an.hears(1)
        held.set()
        await bot.settled()
        for _ in range(20):
            await asyncio.sleep(0)
        assert (seen.kind, following.kind) == ("text", "text")
        assert bot.calls("sendVoice") == []


async def test_what_nobody_foresaw_in_speaking_loses_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:2])

        async def broken(*_: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(bot.voice, "noted", broken)
        await an.taps("2. Nghe đọc")
        (seen,) = await an.hears(1)
        assert seen.kind == "text"
        assert "**" not in seen.text


def labels(person: Person) -> list[str]:
    """Return what can be tapped now."""
    rows = person.sees[-1].buttons or markup.labels(person.chat.keyboard)
    return [label for row in rows for label in row]


@pytest.mark.parametrize("way", [READING[:3], LISTENING[:3]])
async def test_whoever_saves_data_is_told_how_much_a_clip_is(tmp_path: Path, way: Sequence[str]) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, way)
        await an.types("cai dat")
        await an.hears(1)
        await an.taps(next(label for label in labels(an) if "Tiết kiệm dữ liệu: đang tắt" in label))
        (shown,) = await an.hears(1)
        assert shown.kind == "text"
        told = re.fullmatch(r"Nghe \(khoảng (\d+) kB\)", labels(an)[-1])
        assert told
        await an.taps(told[0])
        (heard,) = await an.hears(1)
        assert heard.kind == "voice"
        assert int(told[1]) * 750 < len(bot.data(heard)) < int(told[1]) * 1250


async def test_a_size_that_cannot_be_told_loses_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:3])
        await an.types("cai dat")
        await an.hears(1)

        async def broken(_speech: object) -> int:
            raise ZeroDivisionError

        monkeypatch.setattr(bot.voice, "size", broken)
        await an.taps(next(label for label in labels(an) if "Tiết kiệm dữ liệu: đang tắt" in label))
        await an.hears(1)
        assert labels(an)[-1] == "Nghe"


async def test_slower_is_longer(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:4])
        await an.types("cham")
        await an.hears(1)
        await an.types("nghe lai")
        (slow,) = await an.hears(1)
        await an.types("nhanh")
        await an.hears(1)
        await an.types("nghe lai")
        (normal,) = await an.hears(1)
        assert seconds(bot.data(slow)) > seconds(bot.data(normal)) * 1.1


async def test_a_spoken_answer_counts_like_a_typed_one(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:5])
        bot.ear.hears = Spoke("hai", certain=True)
        await an.sends("voice", b"OggS and so on", duration=2)
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Đúng rồi.")
        assert bot.ear.given == [b"OggS and so on"]
        assert await bot.answered() == 1


async def test_a_doubtful_answer_is_asked_back_and_never_counted(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, LISTENING[:5])
        bot.ear.hears = Spoke("hai", certain=False)
        await an.sends("voice", b"OggS", duration=2)
        (seen,) = await an.hears(1)
        assert "2. Không đưa cho ai" in seen.text
        assert await bot.answered() == 0


async def test_a_note_of_twenty_minutes_is_not_even_fetched(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await walk(an, READING[:4])
        await an.sends("voice", b"OggS", duration=1200)
        (seen,) = await an.hears(1)
        assert seen.text.startswith(small_library().says("vi").heard_long.format_map(WORDS["bac"]))
        assert not bot.calls("getFile")


async def test_nobody_hears_without_an_ear_and_it_is_said(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        bot.ear.lacks = "No ear is configured."
        an: Person = bot.telegram.person("An")
        await walk(an, READING[:4])
        await an.sends("voice", b"OggS", duration=2)
        (seen,) = await an.hears(1)
        assert seen.text.startswith("Cháu chưa nghe được tiếng nói")
        assert bot.ear.given == []
