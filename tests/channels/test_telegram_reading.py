"""A volunteer reads for the lessons on Telegram, an editor approves it in the office, and a learner hears it."""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray
from office_house import House, house
from small import small_library
from telegram_emulator import Emulator, Person
from telegram_emulator.chats import Message
from telegram_emulator.refused import Json
from test_telegram_talk import HOME, SECRET, Store

from bot import places, studio
from bot.channels.telegram import Telegram
from bot.channels.telegram import voice as telegram_voice
from bot.channels.telegram.client import Client
from bot.core.chat_code import LENGTH, as_linked, code_of
from bot.core.marks import mark_of
from bot.core.readable import readable_of, text_hash
from bot.core.saving import StoreDown
from bot.core.turn import Spoke, Unheard
from bot.desk import NAME, OfficeDesk, post_crew
from bot.places import names
from bot.stores.board import Board
from bot.stores.crew import CrewBook
from bot.stores.notes import MemoryNotes
from bot.stores.readings import Readings
from bot.studio import Studio
from bot.tutor import Tutor
from bot.voice import opus
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines, recorded
from bot.voice.reading.note import Checked, Job, check
from bot.voice.shelf import Shelf
from bot.voice.sound import Sound, resampled
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice
from bot.webhooks import TELEGRAM

if TYPE_CHECKING:
    from bot.voice.hearing import Hearing

pytestmark = pytest.mark.anyio

PATIENCE = 60.0
LIBRARY = small_library()
TEXTS = [part for _, part in readable_of(LIBRARY).every("vi")]
WELCOME = ("1. Đồng ý, bắt đầu học", "1. Bác", "1. Đọc chữ")
AGREE, SKIP = "1. Đồng ý, đưa câu đầu tiên", "1. Bỏ qua câu này"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_voice, "READY", 30.0)
    monkeypatch.setattr(studio, "checked", here)
    monkeypatch.setattr(recorded, "LOOK_SECONDS", 0.0)


async def here(raw: bytes, text: str) -> Checked:
    """Check a voice note without the process of its own, which other tests have."""
    return await asyncio.to_thread(check, Job(raw, text))


class Ear:
    """Hears nothing, and remembers who was brought before it."""

    lacks = ""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    async def hear(self, raw: bytes, _lang: str = "vi") -> Spoke | Unheard:
        self.given.append(raw)
        return Unheard("silent")


class Bot:
    """The channel at the emulator with a desk in the office beside it; everything that is kept lies in one folder."""

    def __init__(self, telegram: Emulator, office: House, folder: Path) -> None:
        self.telegram, self.office, self.folder = telegram, office, folder
        self.store, self.ear, self.notes = Store(), Ear(), MemoryNotes()
        settings = EngineSettings(folder / "lessons" / "voice")
        self.voice = Voice(Speaker(engines(["recorded", "espeak"], settings)), Shelf(folder / "clips"))
        self.at = datetime(2026, 5, 4, 9, tzinfo=UTC)
        self.tutor = Tutor(LIBRARY, self.store, lambda: self.at)
        self.desk = OfficeDesk(
            lambda: office.database,
            self.store,
            Board(self.notes, NAME),
            lambda: places.read(names()[0]),
            "",
            lambda database: Studio(database, folder / "lessons", lambda: LIBRARY, self.voice),
        )
        self.tutor.desk = self.desk
        client = Client(telegram.token, telegram.url)
        self.channel = Telegram(self.tutor, client, SECRET, self.voice, cast("Hearing", self.ear))
        self.readings = Readings(office.database)

    async def invited(self, name: str = "Cô Hoa") -> str:
        """Invite a volunteer; return what stands behind ?start= in their link."""
        minute, book = int(self.at.timestamp()) // 60, CrewBook(self.office.database)
        person = await self.office.office.invite(
            name, "volunteer", "all", mark_of(secrets.token_hex()), minute=minute, until=minute + 60
        )
        code = code_of(secrets.token_bytes(LENGTH))
        await book.invite(person, mark_of(code), minute, minute + 10_000)
        return as_linked(code)

    async def post(self, body: Json) -> tuple[int, str]:
        """Bring an update to the webhook once more; returns the status, and the text that is sent in the response."""
        transport = httpx.ASGITransport(self.channel.webhook)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as http:
            answer = await http.post(TELEGRAM, json=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        return answer.status_code, answer.json()["text"]

    async def look(self) -> None:
        """What happens every few seconds."""
        await post_crew(CrewBook(self.office.database), Board(self.notes, NAME), int(self.at.timestamp()) // 60)
        await self.desk.look()

    def heard(self, message: Message) -> Sound:
        """What a phone would play."""
        files = self.telegram.main.files
        path = str(files.offer(message.json["voice"]["file_id"], 0.0)["file_path"])
        return opus.decode(files.download(path, 0.0))


@asynccontextmanager
async def started(tmp_path: Path) -> AsyncIterator[Bot]:
    async with house(tmp_path) as office, Emulator(speed=20.0) as telegram:
        office.library = LIBRARY
        bot = Bot(telegram, office, tmp_path)
        telegram.resolves(HOME, bot.channel.webhook)
        await bot.channel.introduce(HOME + TELEGRAM)
        try:
            yield bot
        finally:
            await bot.channel.close()
            await bot.voice.close()


@lru_cache
def spoken(text: str) -> bytes:
    """A voice note as a phone makes it: espeak reads, lower than the bot's, half a second of quiet before and after."""
    said = resampled(engines(["espeak"], EngineSettings())[0].say(text, "vi", slow=False), 55_000)
    quiet = np.zeros(24_000, np.float32)
    file = io.BytesIO()
    samples = np.concatenate([quiet, 0.3 * said.samples / np.abs(said.samples).max(), quiet])
    soundfile.write(file, samples.astype(np.float32), 48_000, format="OGG", subtype="OPUS")
    return file.getvalue()


async def after(person: Person, act: Awaitable[object]) -> str:
    """Do something; return the words of the bot's next message."""
    await act
    (seen,) = await person.hears(1)
    return seen.rendered


async def says(bot: Bot, person: Person, text: str) -> str:
    """Record a voice note with this text, and send it."""
    bot.at += timedelta(seconds=20)
    return await after(person, person.sends("voice", spoken(text), duration=3))


async def volunteer(bot: Bot, name: str = "Hoa") -> Person:
    """Somebody who took up an invitation to read."""
    person = bot.telegram.person(name)
    await after(person, person.start(await bot.invited(f"Cô {name}")))
    for label in WELCOME:
        asked = await after(person, person.taps(label))
    assert "người đọc tình nguyện" in asked
    assert "nhắn **đọc giúp**" in await after(person, person.taps("1. Có, tôi nhận lời"))
    return person


async def test_from_the_invitation_to_a_learners_ear(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        first, second, third = TEXTS[:3]
        asked = await after(hoa, hoa.types("doc giup"))
        assert "người học nghe thay giọng máy" in asked
        assert "xóa giọng của tôi" in asked
        assert f"**{first.written}**" in await after(hoa, hoa.taps(AGREE))

        # What can't be a reading is sent back with what to do, and nothing is kept of it.
        quiet = await after(hoa, hoa.sends("voice", silent(3.0), duration=3))
        assert "không nghe thấy tiếng nào" in quiet
        assert f"**{first.written}**" in quiet
        assert "ngắn hơn câu chữ" in await says(bot, hoa, "Ạ")
        assert "dài hơn một phút" in await after(hoa, hoa.sends("voice", b"x", duration=90))
        assert "không mở được" in await after(hoa, hoa.sends("voice", b"no sound at all", duration=3))
        assert (await bot.readings.waiting(10))[1] == 0

        good = await says(bot, hoa, first.text)
        assert "Đang chờ biên tập viên nghe: 1 câu" in good
        assert f"**{second.written}**" in good
        assert f"**{third.written}**" in await after(hoa, hoa.taps(SKIP))
        assert "Khi nào đọc tiếp" in await after(hoa, hoa.types("thôi"))
        assert bot.ear.given == []

        robot = await bot.voice.clip(Speech((first.text,), "vi"))
        [one], _ = await bot.readings.waiting(10)
        assert (one.volunteer, one.text, one.lang) == ("Cô Hoa", text_hash(first.text), "vi")
        editor = await bot.office.signed_in("Minh", "editor")
        await editor.open("/office/voices")
        sound = (await editor.open(f"/office/voices/{one.id}.ogg")).content
        await editor.open("/office/voices")
        await editor.post(f"/office/voices/{one.id}", {"do": "approve", "minute": str(one.minute)})
        await editor.follow()
        assert "Đã duyệt" in editor.text

        # A learner hears the recording where the robot spoke before.
        an = bot.telegram.person("An")
        await after(an, an.start())
        for label in (*WELCOME[:2], "2. Nghe đọc"):
            await after(an, an.taps(label))
        await after(an, an.start(first.lesson))
        assert holds(bot.heard(an.sees[-1]), opus.decode(sound))
        assert robot
        assert not holds(opus.decode(robot.data), opus.decode(sound))

        # The volunteer sees that it is heard, and is given the next text at once: nobody asks for consent twice.
        again = await after(hoa, hoa.types("đọc giúp"))
        assert f"**{second.written}**" in again
        assert "Người học đang nghe: 1 câu" in await says(bot, hoa, second.text)


async def test_a_refused_text_is_given_again_with_the_reason(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))
        await says(bot, hoa, TEXTS[0].text)
        [one], _ = await bot.readings.waiting(10)
        await bot.readings.decide(one, "refused", one.person, one.minute, reason="Có tiếng xe máy.")
        again = await after(hoa, hoa.types("đọc giúp"))
        assert "Câu này biên tập viên nhờ bác đọc lại: Có tiếng xe máy." in again
        assert f"**{TEXTS[0].written}**" in again


async def test_nobody_elses_voice_notes_are_ever_kept(tmp_path: Path) -> None:
    """Those of learners, of a volunteer who isn't reading, and of one whose invitation was taken back."""
    async with started(tmp_path) as bot:
        an = bot.telegram.person("An")
        await after(an, an.start())
        for label in WELCOME:
            await after(an, an.taps(label))
        await says(bot, an, TEXTS[0].text)
        assert "**" in await after(an, an.types("đọc giúp"))  # no word that means anything to a learner
        await says(bot, an, TEXTS[0].text)
        assert len(bot.ear.given) == 2

        hoa = await volunteer(bot)
        await says(bot, hoa, TEXTS[0].text)  # before she asked for a text
        await after(hoa, hoa.types("đọc giúp"))
        await says(bot, hoa, TEXTS[0].text)  # before she agreed
        await after(hoa, hoa.taps(AGREE))
        await after(hoa, hoa.types("menu"))
        await says(bot, hoa, TEXTS[0].text)  # after she left
        assert len(bot.ear.given) == 5

        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))
        await bot.office.office.revoke("Cô Hoa", bot.office.minute)
        await bot.look()
        await says(bot, hoa, TEXTS[0].text)
        assert len(bot.ear.given) == 6
        assert await bot.readings.waiting(10) == ([], 0)


async def test_a_note_that_is_delivered_again_is_one_and_reads_no_other_text(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))
        bot.at += timedelta(seconds=20)
        update = await hoa.sends("voice", spoken(TEXTS[0].text), duration=3)
        await hoa.hears(1)
        status, text = await bot.post(update.json)
        assert (status, TEXTS[1].written in text) == (200, True)
        waiting, number = await bot.readings.waiting(10)
        assert [each.text for each in waiting] == [text_hash(TEXTS[0].text)]
        assert number == 1


async def test_two_notes_at_once_are_readings_of_the_text_that_stood_there(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))
        bot.at += timedelta(seconds=20)
        note = spoken(TEXTS[0].text)
        await asyncio.gather(hoa.sends("voice", note, duration=3), hoa.sends("voice", note, duration=3))
        await hoa.hears(2)
        assert {each.text for each in (await bot.readings.waiting(10))[0]} == {text_hash(TEXTS[0].text)}
        assert TEXTS[1].written in hoa.sees[-1].text


async def test_a_volunteer_takes_their_voice_back(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))
        await says(bot, hoa, TEXTS[0].text)
        ours = Studio(bot.office.database, tmp_path / "lessons", lambda: LIBRARY)
        [one], _ = await bot.readings.waiting(10)
        assert await ours.approve(one, one.person, one.minute) == "done"
        await says(bot, hoa, TEXTS[1].text)
        assert "không lấy lại được" in await after(hoa, hoa.types("xoá giọng của tôi"))
        assert "Đã xóa hết, 2 câu" in await after(hoa, hoa.taps("1. Xóa hết giọng của tôi"))
        assert list((tmp_path / "lessons").rglob("*.ogg")) == []
        assert await bot.readings.of(one.person) == []
        assert "người học nghe thay giọng máy" in await after(hoa, hoa.types("đọc giúp"))  # as at the beginning


async def test_while_the_database_is_away_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(tmp_path) as bot:
        hoa = await volunteer(bot)
        await after(hoa, hoa.types("đọc giúp"))
        await after(hoa, hoa.taps(AGREE))

        async def away(*_: object, **__: object) -> None:
            raise StoreDown("away")

        with monkeypatch.context() as patch:
            patch.setattr(Readings, "add", away)
            patch.setattr(Readings, "room", away)
            assert "đang bận" in await says(bot, hoa, TEXTS[0].text)
            assert "chưa làm được" in await after(hoa, hoa.taps(SKIP))
        assert f"**{TEXTS[1].written}**" in await says(bot, hoa, TEXTS[0].text)


def silent(seconds: float) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(round(seconds * 48_000), np.float32), 48_000, format="OGG", subtype="OPUS")
    return file.getvalue()


def holds(whole: Sound, part: Sound) -> bool:
    """Whether a sound is heard within another, packed once more: their loudness moves alike there."""
    long, short = moves(whole), moves(part)
    fits = [np.corrcoef(long[at : at + len(short)], short)[0, 1] for at in range(len(long) - len(short) + 1)]
    return max(fits, default=0.0) > 0.95


def moves(sound: Sound) -> NDArray[np.float32]:
    """The loudness of each hundredth of a second."""
    pieces = sound.samples[: len(sound.samples) // 240 * 240].reshape(-1, 240)
    return np.asarray(np.sqrt(np.square(pieces).mean(axis=1)), np.float32)
