"""Zalo for those who listen: a clip that Zalo can fetch follows the text, and voice notes are fetched and heard."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest
from figures import Figures
from needs import missing
from reading_desk import CODE, PARTS, ReadingDesk
from zalo_bot_helpers import TO_QUESTION, Bot, say, served, until

from bot.channels.zalo_bot import voice as zalo_voice
from bot.channels.zalo_bot.voice import Listening
from bot.core.turn import Spoke, Unheard
from bot.dev.zalo_bot import Emulator, emulated
from bot.voice import aac
from bot.voice.clip import Clip, Format, Quality
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice
from bot.webhooks import ZALO_BOT_CLIPS

if TYPE_CHECKING:
    from bot.voice.hearing import Hearing

pytestmark = pytest.mark.anyio

LISTENING = ("xin chào", "1", "1", "2")  # welcome, consent, address, listening


class Said(Voice):
    """A voice whose AAC is made up, for machines without an encoder; `slow` holds it up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Speaker(engines(["espeak"], EngineSettings())), Shelf(folder))
        self.slow: asyncio.Event | None = None
        self.mute = False

    async def clip(self, speech: Speech, form: Format = "ogg") -> Clip | None:
        if self.slow:
            await self.slow.wait()
        data = " ".join(speech.parts).encode()
        return None if self.mute else Clip("0" * 32, form, data, 1.0, "espeak", Quality.ROBOT)


class Ear:
    """Hears what a test says it hears."""

    lacks = ""

    def __init__(self) -> None:
        self.hears: Spoke | Unheard = Spoke("hai", certain=True)
        self.given: list[bytes] = []
        self.waits: asyncio.Event | None = None

    async def hear(self, raw: bytes, _lang: str = "vi") -> Spoke | Unheard:
        if self.waits:
            await self.waits.wait()
        self.given.append(raw)
        return self.hears


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated() as emulator:
        yield emulator


@pytest.fixture
async def bot(zalo: Emulator, tmp_path: Path) -> AsyncIterator[Bot]:
    made = Bot(zalo, tmp_path)
    made.voice, made.ear = Said(tmp_path / "clips"), cast("Hearing", Ear())
    async with served(made):
        yield made
    await made.voice.close()


def ear(bot: Bot) -> Ear:
    return cast("Ear", bot.ear)


def voice(bot: Bot) -> Said:
    return cast("Said", bot.voice)


async def test_a_listener_gets_the_text_and_then_the_clip(zalo: Emulator, bot: Bot) -> None:
    assert bot
    lan = zalo.person()
    await say(zalo, lan, LISTENING)
    await until(lambda: zalo.fetched)
    assert [sent["method"] for sent in lan.shown[-2:]] == ["sendMessage", "sendVoice"]
    ((url, status, kind, data),) = zalo.fetched
    assert (status, kind) == (200, "audio/aac")
    assert url.startswith(f"{bot.public}{ZALO_BOT_CLIPS}")
    assert url.endswith(".aac")
    assert data.startswith("Cháu sẽ nói cho bác nghe.".encode())
    await zalo.answer(lan, "1")
    await until(lambda: len(lan.voices) == 2)


async def test_a_clip_s_name_cannot_be_guessed(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, LISTENING)
    await until(lambda: lan.voices)
    url = lan.voices[0]
    wrong = url[:-5] + ("0" if url[-5] != "0" else "1") + ".aac"
    async with httpx.AsyncClient() as http:
        assert (await http.get(url)).status_code == 200
        assert (await http.get(wrong)).status_code == 404
        assert (await http.get(f"{bot.public}{ZALO_BOT_CLIPS}x.aac")).status_code == 404
        voice(bot).mute = True
        assert (await http.get(url)).status_code == 503


async def test_a_clip_that_comes_late_is_not_sent_once_the_learner_has_gone_on(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, LISTENING[:-1])
    voice(bot).slow = late = asyncio.Event()
    await zalo.answer(lan, "2")
    await zalo.answer(lan, "1")
    late.set()
    await until(lambda: lan.voices)
    await until(lambda: len(zalo.fetched) == 1)
    assert [sent["method"] for sent in lan.shown[-3:]] == ["sendMessage", "sendMessage", "sendVoice"]


async def test_without_a_clip_the_text_is_there(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    voice(bot).mute = True
    figures = Figures()
    await say(zalo, lan, LISTENING)
    await until(lambda: figures.since("failures zalo-bot not spoken"))
    assert lan.voices == []


async def test_whoever_reads_is_told_of_the_word_and_gets_a_clip_for_it(zalo: Emulator, bot: Bot) -> None:
    assert bot
    lan = zalo.person()
    question = await say(zalo, lan, TO_QUESTION)
    assert "nhắn “nghe” để nghe đọc" in question
    assert lan.voices == []
    await zalo.answer(lan, "nghe")
    await until(lambda: len(lan.voices) == 1)


async def test_a_voice_note_counts_like_words(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    zalo.speaks(lan, b"\xff\xf1sound")
    await until(lambda: len(lan.texts) == 7)
    assert ear(bot).given == [b"\xff\xf1sound"]
    assert [record.choice for record in await bot.records(lan, "answered")] == ["b"]


async def test_a_volunteers_voice_note_is_a_reading(zalo: Emulator, bot: Bot) -> None:
    bot.tutor.desk = desk = ReadingDesk()
    lan = zalo.person()
    await say(zalo, lan, (*TO_QUESTION[:4], CODE, "1", "đọc giúp"))
    assert PARTS[0].written in lan.texts[-1]
    zalo.speaks(lan, b"sound")
    await until(lambda: len(lan.texts) == 8)
    assert PARTS[1].written in lan.texts[-1]
    assert (desk.kept, ear(bot).given) == ([(PARTS[0].text, b"sound")], [])
    zalo.speaks(lan, b"")
    await until(lambda: len(lan.texts) == 9)
    assert "không mở được" in lan.texts[-1]
    assert len(desk.kept) == 1


async def test_words_wait_for_the_voice_note_before_them(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    ear(bot).waits = heard = asyncio.Event()
    zalo.speaks(lan, b"x")
    await until(lambda: len(zalo.hook.answers) == 7)
    zalo.says(lan, "xong rồi")
    await until(lambda: len(zalo.hook.answers) == 8)
    assert len(lan.texts) == 6
    heard.set()
    await until(lambda: len(lan.texts) == 8)
    assert [record.kind for record in await bot.records(lan, "answered", "did")] == ["answered", "did"]


@pytest.mark.parametrize(
    ("answer", "heard", "kind"),
    [
        (httpx.Response(200, content=b"x" * 2_000_001), Unheard("too long"), ""),
        (httpx.Response(404), Unheard("not audio"), "sound not fetched"),
        (httpx.Response(302, headers={"location": "http://10.0.0.1/"}), Unheard("not audio"), "sound not fetched"),
        (httpx.ConnectError("away"), Unheard("busy"), "sound not fetched"),
        (httpx.Response(200, content=b""), Unheard("not audio"), ""),
        (httpx.Response(200, content=b"x"), Spoke("hai", certain=True), ""),
    ],
)
async def test_a_voice_note_that_cannot_be_fetched(
    answer: httpx.Response | Exception, heard: object, kind: str
) -> None:
    def answered(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    figures = Figures()
    ears = Listening(cast("Hearing", Ear()), ("zdn.vn",), "vi", httpx.MockTransport(answered))
    assert await ears.heard("https://f2-voice-aac-dl.zdn.vn/1/a.aac") == heard
    assert figures.since("failures") == ({f"failures zalo-bot {kind}": 1} if kind else {})
    await ears.close()


async def test_a_sound_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(zalo_voice, "FETCH_SECONDS", 0.05)
    ears = Listening(cast("Hearing", Ear()), ("zdn.vn",), "vi", httpx.MockTransport(never))
    assert await ears.heard("https://a.zdn.vn/a.aac") == Unheard("busy")
    await ears.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://a.zdn.vn/a.aac",
        "https://zdn.vn.example.com/a.aac",
        "https://azdn.vn/a.aac",
        "https://zdn.vn@example.com/a.aac",
        "https://me@zdn.vn/a.aac",
        "https://zdn.vn:8443/a.aac",
        "https://127.0.0.1/a.aac",
        "file:///etc/passwd",
        "https://[::1/a",
        "https://zdn.vn:x/a",
        "",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(url: str) -> None:
    figures = Figures()
    ears = Listening(cast("Hearing", Ear()), ("zdn.vn",), "vi", httpx.MockTransport(lambda _: httpx.Response(200)))
    assert await ears.heard(url) == Unheard("not audio")
    assert figures.since("failures") == {"failures zalo-bot strange host": 1}
    await ears.close()


async def test_zalo_gets_real_aac(zalo: Emulator, tmp_path: Path) -> None:
    if lacks := aac.lacking():
        missing(lacks)
    made = Bot(zalo, tmp_path)
    made.voice = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(tmp_path / "clips"))
    async with served(made):
        lan = zalo.person()
        await say(zalo, lan, LISTENING)
        await until(lambda: zalo.fetched, 60)
    await made.voice.close()
    ((_, status, _, data),) = zalo.fetched
    assert status == 200
    assert aac.check(data) == ""
    assert aac.seconds_of(data) > 2
