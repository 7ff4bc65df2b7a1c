"""The Official Account for those who listen: links to clips, recordings heard, and what is never fetched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from reading_desk import CODE, PARTS, ReadingDesk
from starlette.applications import Starlette
from zalo_oa_emulator import Person
from zalo_oa_helpers import TO_QUESTION, Bot, counted, started, walk

from bot.channels import web
from bot.channels.zalo_oa.client import Client
from bot.channels.zalo_oa.message import MAX_TEXT, Extras, messages
from bot.channels.zalo_oa.voice import MOST_BYTES, ZALO_HOSTS, Listening, Speaking, allowed
from bot.core.turn import Button, Reply, Spoke, Unheard
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice

if TYPE_CHECKING:
    from bot.voice.hearing import Hearing

pytestmark = pytest.mark.anyio

LISTENING = (*TO_QUESTION[:2], "2. Nghe đọc", *TO_QUESTION[3:])
PUBLIC = "https://hocso.test"


class Ear:
    """Hears what a test says it hears."""

    lacks = ""

    def __init__(self) -> None:
        self.hears: Spoke | Unheard = Unheard("silent")
        self.given: list[bytes] = []

    async def hear(self, raw: bytes, _lang: str = "vi") -> Spoke | Unheard:
        self.given.append(raw)
        return self.hears


@asynccontextmanager
async def speaking(tmp_path: Path) -> AsyncIterator[tuple[Bot, Voice]]:
    voice = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(tmp_path / "clips"))
    try:
        async with started(speaking=Speaking(voice, PUBLIC)) as bot:
            yield bot, voice
    finally:
        await voice.close()


@asynccontextmanager
async def listening(hosts: tuple[str, ...] = ("127.0.0.1",)) -> AsyncIterator[tuple[Bot, Ear]]:
    ear = Ear()

    def made(client: Client) -> Listening:
        return Listening(client, cast("Hearing", ear), hosts)

    async with started(listening=made) as bot:
        yield bot, ear


async def at_question(bot: Bot) -> Person:
    lan = bot.zalo.person("Lan")
    await walk(lan)
    return lan


async def test_a_listener_gets_a_link_that_plays(tmp_path: Path) -> None:
    async with speaking(tmp_path) as (bot, voice):
        lan = bot.zalo.person("Lan")
        question = await walk(lan, LISTENING)
        last = question.text.splitlines()[-1]
        assert last.startswith(f"Nghe đoạn này: {PUBLIC}/voice/")
        assert "1. Đưa cho công an\n2. Không đưa cho ai" in question.text, "the choices are read with the text"
        assert question.buttons[0]["title"] == "1. Đưa cho công an"

        async def ready() -> str:
            return ""

        routes = web.routes(bot.tutor, ready, secure_cookie=False, lang="vi", voice=voice)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes))) as http:
            clip = await http.get(last.partition(": ")[2])
        assert clip.headers["content-type"] == "audio/mpeg"
        assert len(clip.content) > 5000


async def test_a_reader_has_a_button_that_says_it(tmp_path: Path) -> None:
    async with speaking(tmp_path) as (bot, _):
        lan = bot.zalo.person("Lan")
        question = await walk(lan)
        hear = question.buttons[-1]
        assert hear["type"] == "oa.query.hide"
        assert "/voice/" not in question.text
        before = await bot.kept(lan)
        await lan.taps(hear["title"])
        (seen,) = await lan.hears(1)
        assert f"{PUBLIC}/voice/" in seen.text
        assert (await bot.kept(lan)).place == before.place


@pytest.mark.parametrize("as_file", [False, True])
async def test_a_recording_counts_like_words(as_file: bool) -> None:
    async with listening() as (bot, ear):
        lan = await at_question(bot)
        ear.hears = Spoke("không đưa cho ai", certain=True)
        await lan.records(bot.zalo.keeps("a.aac", b"sound"), as_file=as_file)
        (seen,) = await lan.hears(1)
        assert "Đúng rồi." in seen.text
        assert ear.given == [b"sound"]


async def test_a_volunteers_recording_is_a_reading() -> None:
    async with listening() as (bot, ear):
        bot.tutor.desk = desk = ReadingDesk()
        lan = bot.zalo.person("Lan")
        await walk(lan, TO_QUESTION[:3])
        for words in (CODE, "1", "đọc giúp"):
            await lan.types(words)
            (seen,) = await lan.hears(1)
        assert PARTS[0].written in seen.text
        await lan.records(bot.zalo.keeps("a.aac", b"sound"))
        (seen,) = await lan.hears(1)
        assert PARTS[1].written in seen.text
        assert (desk.kept, ear.given) == ([(PARTS[0].text, b"sound")], [])
        bot.zalo.files_down = True
        await lan.records(bot.zalo.keeps("a.aac", b"sound"))
        (seen,) = await lan.hears(1)
        assert "không mở được" in seen.text
        assert len(desk.kept) == 1


async def test_a_media_host_that_is_down_is_told_kindly() -> None:
    async with listening() as (bot, ear):
        lan = await at_question(bot)
        bot.zalo.files_down = True
        await lan.records(bot.zalo.keeps("a.aac", b"sound"))
        (seen,) = await lan.hears(1)
        assert "không mở được đoạn tiếng" in seen.text
        away = counted("sound away")
        await lan.records("http://127.0.0.1:9/a.aac")  # nobody listens there
        (seen,) = await lan.hears(1)
        assert "Lúc này cháu chưa nghe kịp." in seen.text
        assert counted("sound away") == away + 1
        assert ear.given == []


async def test_what_is_too_large_or_gone_is_not_heard() -> None:
    async with listening() as (bot, ear):
        lan = await at_question(bot)
        await lan.records(bot.zalo.keeps("a.aac", b"x" * (MOST_BYTES + 1)))
        await lan.records(f"{bot.zalo.url}/media/none.aac")
        for seen in await lan.hears(2):
            assert "không mở được đoạn tiếng" in seen.text
        await lan.sends("file", url=f"{bot.zalo.url}/media/a.aac", name="a.mp3", size="99000000", type="audio/mpeg")
        (seen,) = await lan.hears(1)
        assert "dài quá" in seen.text
        assert ear.given == []


async def test_a_strange_host_is_never_asked() -> None:
    async with listening(ZALO_HOSTS) as (bot, ear):
        lan, strange = await at_question(bot), counted("strange host")
        await lan.records(bot.zalo.keeps("a.aac", b"sound"))
        await lan.hears(1)
        assert counted("strange host") == strange + 1
        assert ear.given == []


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://f2-voice-aac-dl.zdn.vn/1/a.aac", True),
        ("https://zdn.vn/a.aac", True),
        ("https://ZDN.vn:443/a.aac", True),
        ("http://f2.zdn.vn/a.aac", False),
        ("https://zdn.vn.evil.example/a.aac", False),
        ("https://evilzdn.vn/a.aac", False),
        ("https://zdn.vn@evil.example/a.aac", False),
        ("https://me:pw@zdn.vn/a.aac", False),
        ("https://zdn.vn:8443/a.aac", False),
        ("https://169.254.169.254/latest", False),
        ("http://127.0.0.1/a.aac", False),
        ("file:///etc/passwd", False),
        ("https://[zdn.vn/a", False),
        ("", False),
    ],
)
def test_which_addresses_are_fetched(url: str, good: bool) -> None:
    assert allowed(url, ZALO_HOSTS) is good


async def test_nobody_is_followed_elsewhere() -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "a.zdn.vn"
        return httpx.Response(302, headers={"location": "https://169.254.169.254/"})

    client = Client("1", "s", "https://api.test", "https://oauth.test", transport=httpx.MockTransport(moved))
    assert await client.download("https://a.zdn.vn/x", 10) == b""
    await client.close()


async def test_without_an_ear_it_is_said() -> None:
    async with started(listening=lambda client: Listening(client, None)) as bot:
        lan = await at_question(bot)
        await lan.records("https://f2.zdn.vn/a.aac")
        (seen,) = await lan.hears(1)
        assert "chưa nghe được tiếng nói" in seen.text


# --- What a reply becomes


def reply(**more: Any) -> Reply:
    return Reply(**{"turn": 7, "lang": "vi", "text": "Câu **hỏi**.", "buttons": (Button("a", "Có"),), **more})


def test_text_is_plain_and_in_one_normal_form() -> None:
    (sent,) = messages(reply(text="Cấp **mã** số"))
    assert sent.text == "Cấp mã số"
    assert sent.body("5") == {
        "recipient": {"user_id": "5"},
        "message": {
            "text": "Cấp mã số",
            "attachment": {
                "type": "template",
                "payload": {"buttons": [{"title": "1. Có", "type": "oa.query.show", "payload": "1. Có #7|a"}]},
            },
        },
    }


def test_a_long_text_is_split_between_sentences_and_keeps_its_buttons_last() -> None:
    text = "Đây là một câu khá dài để thử 😀. " * 150
    sent = messages(reply(text=text))
    assert len(sent) > 1
    assert all(len(each.text.encode("utf-16-le")) // 2 <= MAX_TEXT for each in sent)
    assert all(each.text.endswith(".") for each in sent)
    assert [bool(each.buttons) for each in sent] == [False] * (len(sent) - 1) + [True]
    assert sent[-1].without_buttons().text.endswith("1. Có")


def test_labels_that_phones_would_cut_stand_in_the_text_too() -> None:
    long = "Một câu trả lời mà nút không hiện hết được"
    (sent,) = messages(reply(buttons=(Button("a", long), Button("b", "Có"))))
    assert sent.text.endswith(f"1. {long}\n2. Có")
    (short,) = messages(reply(buttons=(Button("a", "Có"),)))
    assert "1. Có" not in short.text


def test_six_choices_are_numbers_and_five_leave_no_room_for_the_key_that_says_it() -> None:
    buttons = tuple(Button(str(number), f"Số {number}") for number in range(6))
    (sent,) = messages(reply(buttons=buttons))
    assert not sent.buttons
    assert sent.text.endswith("6. Số 5")
    (five,) = messages(reply(buttons=buttons[:5]), Extras(hear="Nghe"))
    assert len(five.buttons) == 5
    (four,) = messages(reply(buttons=buttons[:4]), Extras(hear="Nghe"))
    assert four.buttons[-1] == ("Nghe", "Nghe #7|=again", False)
    (shown,) = messages(reply(buttons=buttons[:4]), Extras(hear="Nghe"), taps="show")
    assert shown.buttons[-1] == ("Nghe", "Nghe #7|=again", True)
