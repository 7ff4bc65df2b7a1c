"""The web page heard and spoken to, over HTTP: clips whole and in pieces, and what a recorder sends."""

import gzip
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx
import pytest
import soundfile  # type: ignore[import-untyped]  # it ships no types
from reading_desk import CODE, PARTS, ReadingDesk
from small import small_library
from starlette.applications import Starlette
from test_web import EN, HOME, SCRIPT, SECRET, VI, Learner, Store

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.voice import MAX_SOUND
from bot.core.turn import Spoke, Unheard
from bot.tutor import Tutor
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.hearing import Hearing
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice

pytestmark = pytest.mark.anyio

NOWHERE = "0" * 32


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Ear:
    """Hears what a test says it hears."""

    lacks = ""

    def __init__(self) -> None:
        self.hears: Spoke | Unheard = Unheard("silent")
        self.given: list[tuple[bytes, str]] = []

    async def hear(self, raw: bytes, lang: str = "vi") -> Spoke | Unheard:
        self.given.append((raw, lang))
        return self.hears


class Listener(Learner):
    """Someone at a page with espeak's voice and an ear of the test's."""

    voice: Voice
    ear: Ear

    async def begin(self, manner: str = "listen") -> str:
        """Go to the menu."""
        await self.open()
        for code in ("agree", "bac", manner):
            await self.tap(code)
        return self.seen.text

    def sources(self) -> list[str]:
        return re.findall(r'<source src="([^"]+)"', self.seen.text)

    def label(self, word: str) -> str:
        """The label of the key that sends this word; empty where there is none."""
        found = re.search(rf'<button name="word" value="{word}">([^<]*)</button>', self.seen.text)
        return found[1] if found else ""

    async def short(self) -> str:
        """Return where a short clip is."""
        return f"/voice/{await self.voice.keep(Speech(('Xin chào.',), 'vi'))}.ogg"

    async def speak(self, raw: bytes = b"RIFF", headers: dict[str, str] | None = None) -> httpx.Response:
        fields = self.fields()
        ours = {"X-Csrf": fields["csrf"], "X-Id": fields["id"], "X-Lang": fields["lang"]}
        return await self.http.post("/talk/voice", content=raw, headers={**SCRIPT, **ours, **(headers or {})})


def page(store: Store, voice: Voice | None, ear: object, desk: ReadingDesk | None = None) -> httpx.AsyncClient:
    async def ready() -> str:
        return ""

    tutor = Tutor(small_library(), store)
    tutor.desk = desk or tutor.desk
    pages = routes(tutor, ready, secure_cookie=False, voice=voice, ear=cast("Hearing | None", ear))
    app = Starlette(routes=pages, exception_handlers=PROBLEMS)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=HOME)


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[Voice]:
    made = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(tmp_path / "clips"))
    yield made
    await made.close()


@pytest.fixture
async def learner(voice: Voice) -> AsyncIterator[Listener]:
    store, ear = Store(), Ear()
    async with page(store, voice, ear) as http:
        made = Listener(http, store)
        made.voice, made.ear = voice, ear
        yield made


async def test_without_a_voice_or_an_ear_the_page_has_nothing_of_it() -> None:
    async with page(Store(), None, Hearing()) as http:
        learner = Listener(http, Store())
        shown = await learner.begin()
        assert "<audio" not in shown
        assert 'value="again"' not in shown
        assert VI.speak not in shown
        assert "voice.js" not in shown
        assert "microphone=()" in learner.seen.headers["permissions-policy"]
        assert (await http.get(f"/voice/{NOWHERE}.ogg")).status_code == 404


async def test_a_listener_has_a_player_at_each_step_and_no_page_plays_by_itself(learner: Listener) -> None:
    await learner.begin()
    for code in ("l:bai-01", "next", "a", "b", "done", "a", "next", "b", "next", "next"):
        shown = await learner.tap(code)
        assert shown.count("<audio") == 1
        assert "autoplay" not in shown
        name = VI.hear_step if "<progress" in shown else VI.hear_this
        assert f'<audio controls preload="none" aria-label="{name}">' in shown
        ogg, mp3 = learner.sources()
        assert re.fullmatch(r"/voice/[0-9a-f]{32}\.ogg", ogg)
        assert mp3 == ogg.replace(".ogg", ".mp3")
        assert learner.label("again") == VI.hear_again
        assert "data-listens" in shown


@pytest.mark.parametrize(("place", "kind"), [(0, "audio/ogg; codecs=opus"), (1, "audio/mpeg")])
async def test_what_the_player_plays_is_the_reply(learner: Listener, place: int, kind: str) -> None:
    await learner.begin()
    answer = await learner.http.get(learner.sources()[place])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "content-encoding" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=86400"
    sound = soundfile.info(io.BytesIO(answer.content))
    assert sound.channels == 1
    assert sound.duration > 5
    same = await learner.http.get(learner.sources()[place], headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=0-", 0, None),
        ("bytes=100-199", 100, 200),
        ("bytes=-50", -50, None),
        ("bytes=100-99999999", 100, None),
        ("bytes=-99999999", 0, None),
    ],
)
async def test_a_piece_of_a_clip(learner: Listener, asked: str, first: int, end: int | None) -> None:
    address = await learner.short()
    whole = await learner.http.get(address)
    piece = await learner.http.get(address, headers={"Range": asked, "If-Range": whole.headers["etag"]})
    wanted = whole.content[first:end]
    begin = whole.content.index(wanted)
    assert piece.status_code == 206
    assert piece.content == wanted
    assert int(piece.headers["content-length"]) == len(wanted)
    assert piece.headers["content-range"] == f"bytes {begin}-{begin + len(wanted) - 1}/{len(whole.content)}"
    assert piece.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"Range": "bytes=99999999-"}, 416),
        ({"Range": "bytes=-0"}, 416),
        ({"Range": "bytes=20-10"}, 416),
        ({"Range": "bytes=-"}, 200),
        ({"Range": "bytes=0-1,5-6"}, 200),  # more than one piece: nobody must get them
        ({"Range": "lines=1-2"}, 200),
        ({"Range": "bytes=0-1", "If-Range": '"another"'}, 200),
    ],
)
async def test_pieces_that_are_not_there(learner: Listener, asked: dict[str, str], status: int) -> None:
    address = await learner.short()
    whole = await learner.http.get(address)
    answer = await learner.http.get(address, headers=asked)
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(whole.content)}"
        assert answer.content == b""
    else:
        assert answer.content == whole.content


@pytest.mark.parametrize(
    "path",
    [
        f"/voice/{NOWHERE}.ogg",
        f"/voice/{NOWHERE}.wav",
        f"/voice/{NOWHERE}.aac",
        "/voice/x.ogg",
        "/voice/..%2F..%2Fconfig.ogg",
        "/voice/%2e%2e.ogg",
        "/voice/<script>alert(1)<%2Fscript>.ogg",
        f"/voice/{NOWHERE.replace('0', 'A')}.ogg",
        "/voice/.ogg",
        "/voice/",
    ],
)
async def test_addresses_of_nothing(learner: Listener, path: str) -> None:
    answer = await learner.http.get(path)
    assert answer.status_code == 404
    assert VI.nowhere.text in answer.text
    assert "alert" not in answer.text


async def test_what_no_engine_can_say_is_told(learner: Listener) -> None:
    for lang, texts in (("en", EN), ("vi", VI)):
        address = await learner.voice.keep(Speech(("😀.",), lang))
        answer = await learner.http.get(f"/voice/{address}.ogg")
        assert answer.status_code == 503
        assert texts.mute.text.replace("'", "&#39;") in answer.text
        assert answer.headers["retry-after"] == "60"


async def test_the_first_greeting_can_be_heard_before_any_choice_is_made(learner: Listener) -> None:
    shown = await learner.open()
    assert "<audio" not in shown
    assert learner.label("again") == "Nghe"
    await learner.send(word="again")
    assert len(learner.sources()) == 2
    assert learner.label("slow") == ""  # nothing is kept of someone who hasn't agreed
    assert (await learner.http.get(learner.sources()[0])).status_code == 200
    assert learner.store.kept() == {}


async def test_whoever_reads_may_hear_a_step_and_then_reads_on(learner: Listener) -> None:
    await learner.begin("read")
    assert learner.label("again") == "Nghe"
    assert "data-listens" not in learner.seen.text
    shown = await learner.send(word="again")  # without JavaScript, so without a redirect
    assert "<audio" in shown
    assert "<audio" not in await learner.open()


async def test_slower_and_faster_again(learner: Listener) -> None:
    await learner.begin()
    await learner.open()
    normal = learner.sources()
    assert (learner.label("slow"), learner.label("normal")) == (VI.slower, "")
    await learner.send(word="slow")
    assert (learner.label("slow"), learner.label("normal")) == ("", VI.faster)
    assert learner.sources() != normal
    await learner.send(word="normal")
    assert learner.label("slow") == VI.slower
    await learner.open()
    assert learner.sources() == normal


@pytest.mark.parametrize("manner", ["listen", "read"])
async def test_the_data_saver_sends_nothing_before_it_is_told_how_much_it_is(learner: Listener, manner: str) -> None:
    await learner.begin(manner)
    await learner.send(word="settings")
    shown = await learner.tap("saver")
    assert "<audio" not in shown
    guessed = told_size(learner)
    await learner.send(word="again")
    size = len((await learner.http.get(learner.sources()[0])).content) / 1000
    assert size * 0.75 < guessed < size * 1.25
    await learner.open()  # now it is on the shelf
    assert abs(told_size(learner) - size) <= 5.1


def told_size(learner: Listener) -> int:
    said = re.fullmatch(r"Nghe \(khoảng (\d+) kB\)", learner.label("again"))
    assert said
    return int(said[1])


async def test_what_nobody_foresaw_in_speaking_loses_no_page(
    learner: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    await learner.begin()

    async def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(learner.voice, "keep", broken)
    shown = await learner.tap("l:bai-01")
    assert "Bước 1 trên" in shown
    assert "<audio" not in shown


async def test_without_the_data_saver_no_size_is_told(learner: Listener) -> None:
    await learner.begin("read")
    assert learner.label("again") == "Nghe"


async def test_what_is_kept_of_a_learner_is_not_put_on_the_shelf(learner: Listener) -> None:
    await learner.begin()
    shown = await learner.send(word="data")
    assert "<pre>" in shown
    assert "<audio" not in shown
    assert learner.label("again") == ""


async def test_the_first_load_stays_small_with_a_voice_and_an_ear(learner: Listener) -> None:
    await learner.begin()
    shown = await learner.open()
    links = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', shown))
    assert any(link.endswith("/voice.js") for link in links)
    assert sum([len(gzip.compress((await learner.http.get(link)).content)) for link in links]) < 25_000
    assert len(gzip.compress(shown.encode())) < 5_000
    assert re.findall(r"<script(?! src=)|<style|style=| on\w+=|javascript:", shown) == []


async def test_the_page_asks_to_speak_only_in_a_language_that_is_heard(learner: Listener) -> None:
    shown = await learner.open()
    assert VI.speak in shown
    assert "bạn ấn và giữ nút có hình micro" in shown
    assert '<div id="speak" hidden>' in shown  # without JavaScript it can't record
    assert "microphone=(self)" in learner.seen.headers["permissions-policy"]
    learner.http.cookies.clear()
    assert EN.speak not in await learner.open("/?lang=en")
    assert "microphone=()" in learner.seen.headers["permissions-policy"]


async def test_what_was_said_is_answered_like_what_was_typed_and_counts_once(learner: Listener) -> None:
    await learner.to_question()
    learner.ear.hears = Spoke("hai", certain=True)
    for _ in range(2):
        answer = await learner.speak(b"RIFF, a sound")
        assert answer.status_code == 200
        assert "Đúng rồi. Mã là chìa khóa." in answer.text
    assert learner.ear.given == [(b"RIFF, a sound", "vi")] * 2
    (progress,) = learner.store.kept().values()
    assert (progress.spots["bai-01"].asked, progress.spots["bai-01"].right) == (1, 1)


async def test_what_was_not_heard_is_told(learner: Listener) -> None:
    await learner.to_question()
    answer = await learner.speak()
    assert answer.status_code == 200
    assert "giữ nút có hình micro" in answer.text.partition("</article>")[0]


async def test_a_spoken_secret_leaves_no_trace(learner: Listener) -> None:
    await learner.to_question()
    learner.ear.hears = Spoke(f"mã là {SECRET}", certain=True)
    answer = await learner.speak()
    assert "<article data-secret>" in answer.text
    assert SECRET not in answer.text


async def test_what_could_not_be_saved_is_to_be_sent_again(learner: Listener) -> None:
    await learner.to_question()
    learner.ear.hears = Spoke("hai", certain=True)
    learner.store.down = True
    answer = await learner.speak()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    learner.store.down = False
    assert "Đúng rồi. Mã là chìa khóa." in (await learner.speak()).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Csrf": "wrong"}, 403),
        ({"X-Csrf": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.test"}, 403),
        ({"X-Id": "short"}, 400),
        ({"X-Id": ""}, 400),
    ],
)
async def test_sounds_that_are_not_from_our_page_are_not_heard(
    learner: Listener, headers: dict[str, str], status: int
) -> None:
    await learner.open()
    assert (await learner.speak(b"RIFF", headers)).status_code == status
    assert learner.ear.given == []


async def test_a_sound_without_the_cookie_is_not_heard(learner: Listener) -> None:
    await learner.open()
    learner.http.cookies.clear()
    answer = await learner.speak()
    assert answer.status_code == 403
    assert VI.no_cookie.text in answer.text
    assert learner.ear.given == []


async def test_a_sound_that_is_too_large_is_not_heard(learner: Listener) -> None:
    await learner.open()
    assert (await learner.speak(b"R" * MAX_SOUND)).status_code == 200
    answer = await learner.speak(b"R" * (MAX_SOUND + 1))
    assert answer.status_code == 413
    assert len(learner.ear.given) == 1


async def test_sounds_by_another_method_lead_home(learner: Listener) -> None:
    assert (await learner.http.get("/talk/voice")).status_code == 303
    assert (await learner.http.put("/talk/voice")).status_code == 405


async def test_a_server_without_an_ear_says_that_it_cannot_hear() -> None:
    async with page(store := Store(), None, Hearing()) as http:
        learner = Listener(http, store)
        await learner.to_question()
        assert "Cháu chưa nghe được tiếng nói" in (await learner.speak()).text


async def test_a_volunteer_records_on_the_page_whatever_hears_there() -> None:
    desk = ReadingDesk()
    async with page(store := Store(), None, Hearing(), desk) as http:
        learner = Listener(http, store)
        await learner.begin("read")
        await learner.send(text=CODE)
        await learner.tap("accept")
        assert "data-most" not in learner.seen.text
        assert PARTS[0].written in await learner.send(text="đọc giúp")
        assert 'data-most="36"' in learner.seen.text
        learner.seen = await learner.speak(b"RIFF one")
        assert PARTS[1].written in learner.seen.text
        assert desk.kept == [(PARTS[0].text, b"RIFF one")]
        desk.why = "noisy"
        learner.seen = await learner.speak(b"RIFF two")
        assert "tiếng ồn" in learner.seen.text
        await learner.tap("end")
        assert "Cháu chưa nghe được tiếng nói" in (await learner.speak(b"RIFF three")).text
        assert len(desk.kept) == 1
