"""The web page for those who don't see it, in Chromium: heard, spoken to, and walked through by keys alone."""

import asyncio
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import uvicorn
from needs import missing
from playwright.sync_api import Browser, Page, expect, sync_playwright
from small import REAL
from starlette.applications import Starlette
from test_browser import AXE, AXE_RUN, PATIENCE, SAYS, STORE, TOO_SMALL, TOO_WIDE, VI, Visitor, focused, lesson_with

from bot.channels.web import PROBLEMS, routes
from bot.core.lesson import Ask
from bot.core.turn import Spoke, Unheard
from bot.tutor import Tutor
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.hearing.decoding import decoded
from bot.voice.hearing.ear import RATE
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice

# How long the clip of the player is, once the browser has looked at it: 0 where it can't play it.
SECONDS = """() => new Promise(done => {
  const audio = document.querySelector("#hear audio").cloneNode(true);
  audio.preload = "metadata";
  audio.onloadedmetadata = () => done(audio.duration);
  audio.lastElementChild.onerror = () => done(0);
  audio.load();
})"""
PLAYS = "() => { const audio = document.querySelector('#hear audio'); return !!audio && !audio.paused; }"
UNTOUCHED = """() => [...document.querySelectorAll("audio")].every(
  audio => audio.paused && !audio.autoplay && audio.preload === "none" && !audio.currentTime
)"""


class Ear:
    """Hears what a test says it hears."""

    lacks = ""
    hears: Spoke | Unheard = Unheard("silent")

    def __init__(self) -> None:
        self.given: list[bytes] = []

    async def hear(self, raw: bytes, _lang: str = "vi") -> Spoke | Unheard:
        self.given.append(raw)
        return self.hears


EAR = Ear()
Visit = Callable[[], Visitor]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("Chromium")
    root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    still = ["--disable-component-update", "--disable-sync"]
    microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # it beeps each second
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*root, *quiet, *still, *microphone])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def ready() -> str:
        return ""

    voice = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(tmp_path_factory.mktemp("clips")))
    pages = routes(Tutor(REAL, STORE), ready, secure_cookie=False, voice=voice, ear=cast("Any", EAR))
    app = Starlette(routes=pages, exception_handlers=PROBLEMS)
    settings = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(settings)

    async def serve() -> None:
        await server.serve()
        await voice.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def visit(chromium: Browser, home: str) -> Iterator[Visit]:
    visitors: list[Visitor] = []

    def come() -> Visitor:
        browser = chromium.new_context(viewport={"width": 412, "height": 915}, locale="vi-VN")
        visitor = Visitor(browser, browser.new_page(), home)
        visitor.watch(visitor.page)
        visitors.append(visitor)
        visitor.open()
        return visitor

    EAR.given.clear()
    yield come
    for each in visitors:
        each.browser.close()
    assert [said for each in visitors if not each.excused for said in each.complaints] == []


def plays(page: Page) -> bool:
    return bool(page.evaluate(PLAYS))


def until(page: Page, true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came true"
        page.wait_for_timeout(20)


def hear(visitor: Visitor) -> None:
    """Press the key that has it said, and wait until it is."""
    visitor.page.locator("button[value=again]").click()
    until(visitor.page, lambda: plays(visitor.page))


def listen(visitor: Visitor) -> None:
    """Go to the menu as someone who would rather listen."""
    for code in ("agree", "bac", "listen"):
        visitor.press(code)


def by_tab(visitor: Visitor, code: str) -> None:
    """Walk from the message to the choice and press it; what is met on the way is the player alone."""
    page = visitor.page
    for _ in range(20):
        page.keyboard.press("Tab")
        met = page.evaluate("[document.activeElement.localName, document.activeElement.value || '']")
        if met[1].endswith(f"|{code}"):
            break
        assert met[0] == "audio" or "|" in met[1], met
    visitor.answered(lambda: page.keyboard.press("Enter"))


@pytest.mark.parametrize("way", ["tab", "number"])
def test_a_lesson_is_done_with_the_screen_covered(visit: Visit, way: str) -> None:
    visitor = visit()
    page = visitor.page
    lesson = lesson_with(Ask)
    listen(visitor)
    found: list[str] = []
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/voice/" in request.url else None)

    def take(code: str) -> None:
        assert focused(page)
        assert page.evaluate(UNTOUCHED), "it spoke over a screen reader"
        expect(page.locator("[role=status]")).to_be_empty()
        tree = page.locator("main").aria_snapshot()
        for number in range(1, len(visitor.codes()) - 1):  # the last two keys repeat, and change the speed
            assert f'button "{number}. ' in tree, tree
        for name in (VI.hear_again, VI.slower):
            assert f'- button "{name}"' in tree, tree
        name = VI.hear_step if page.locator("progress").count() else VI.hear_this
        expect(page.locator("audio")).to_have_count(1)
        expect(page.locator("audio")).to_have_accessible_name(name)
        if way == "tab":
            assert page.evaluate(SECONDS) > 2
            by_tab(visitor, code)
        else:
            assert fetched == [], "nobody has asked for it"
            visitor.say(str(visitor.codes().index(code) + 1))

    visitor.learn(lesson, take)
    assert visitor.progress.done[lesson.key].right == lesson.questions
    page.evaluate(AXE)
    found += page.evaluate(AXE_RUN, None)
    page.set_viewport_size({"width": 320, "height": 568})
    found += page.evaluate(TOO_SMALL)
    assert page.evaluate(TOO_WIDE) <= 0
    assert found == [], "\n".join(found)


def test_it_plays_by_itself_once_the_learner_has_asked_for_it(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    listen(visitor)
    assert page.evaluate(UNTOUCHED)
    hear(visitor)
    assert page.locator("#log > .mine").inner_text().endswith(SAYS.listen_label)  # nothing was sent for it
    visitor.word("help")
    until(page, lambda: plays(page))
    assert focused(page)
    page.evaluate("document.querySelector('#hear audio').pause()")  # as the player's own button does
    until(page, lambda: page.evaluate("sessionStorage.length") == 0)
    visitor.word("menu")
    page.wait_for_timeout(300)
    assert not plays(page)
    hear(visitor)
    page.reload()
    page.wait_for_timeout(300)
    assert page.evaluate(UNTOUCHED)
    visitor.word("help")
    until(page, lambda: plays(page))


def test_slower_is_heard_at_once_and_the_player_stays_the_same(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    listen(visitor)
    hear(visitor)
    page.evaluate("document.querySelector('#hear audio').same = true")
    visitor.word("slow")
    until(page, lambda: plays(page))
    assert page.evaluate("document.querySelector('#hear audio').same")
    expect(page.locator(".keys button").last).to_have_text(VI.faster)
    source = page.locator("#hear source").first.get_attribute("src")
    assert page.evaluate("document.querySelector('#hear audio').currentSrc") == f"{visitor.home}{source}"


def test_whoever_reads_hears_what_they_asked_for_and_no_more(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    expect(page.locator("button[value=again]")).to_have_text(SAYS.hear_label)
    hear(visitor)  # the greeting, before anything is chosen
    visitor.begin(visitor.press)
    expect(page.locator("audio")).to_have_count(0)
    hear(visitor)
    visitor.word("help")
    expect(page.locator("audio")).to_have_count(0)


def test_a_clip_that_does_not_come_is_told(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    page = visitor.page
    page.route("**/voice/*", lambda route: route.fulfill(status=503))
    visitor.word("again")
    expect(page.locator("[role=status]")).to_have_text(VI.unplayed)
    page.unroute_all()
    page.locator("button[value=again]").click()
    until(page, lambda: page.evaluate("document.querySelector('#hear audio').currentTime") > 0)
    expect(page.locator("[role=status]")).to_be_empty()


def test_what_is_said_is_answered(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    button = page.get_by_role("button", name=VI.speak)
    expect(button).to_have_accessible_description(page.locator("#how").inner_text().replace("\n", " "))
    EAR.hears = Spoke(str(visitor.codes().index(visitor.right(lesson)) + 1), certain=True)
    button.hover()
    page.mouse.down()
    expect(page.locator("#speak .on")).to_be_visible()
    page.wait_for_timeout(1500)
    visitor.answered(page.mouse.up)
    expect(page.locator("#log .note").first).to_contain_text("Đúng")
    expect(page.locator("#log > .mine")).to_have_text(f"{VI.you} {VI.said}")
    expect(page.locator("#speak .on")).not_to_be_visible()
    assert focused(page)
    (raw,) = EAR.given
    assert raw[:4] == b"RIFF"
    assert len(raw) < 16_000 * 4
    assert len(decoded(raw)) > 0.5 * RATE  # a beep a second, and silence around it taken away
    assert page.evaluate("JSON.stringify([sessionStorage, localStorage])") == "[{},{}]"


def test_speaking_by_keys_and_taking_it_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.stand()
    EAR.hears = Unheard("silent")
    button = page.get_by_role("button", name=VI.speak)
    recording = page.locator("#speak .on")
    for key in ("Space", "Enter"):
        button.focus()
        page.keyboard.down(key)
        expect(recording).to_be_visible()
        page.keyboard.press("Escape")
        expect(recording).not_to_be_visible()
        page.keyboard.up(key)
        page.wait_for_timeout(200)
    assert EAR.given == []
    page.keyboard.down("Space")
    expect(recording).to_be_visible()
    visitor.answered(lambda: page.keyboard.up("Space"))
    expect(page.locator("#log .note").first).to_be_visible()
    button.evaluate("button => button.click()")  # a screen reader that can't hold
    expect(recording).to_be_visible()
    visitor.answered(lambda: button.evaluate("button => button.click()"))
    assert len(EAR.given) == 2


def test_a_microphone_that_may_not_be_used_is_told(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script("navigator.mediaDevices.getUserMedia = async () => { throw new Error('no') }")
    visitor.open()
    page.get_by_role("button", name=VI.speak).click()
    expect(page.locator("[role=status]")).to_have_text(VI.no_microphone)


def test_nobody_is_asked_to_speak_where_the_browser_cannot_record(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script("delete window.MediaRecorder")
    visitor.open()
    expect(visitor.page.locator("#speak")).not_to_be_visible()
    visitor.press("agree")
    expect(visitor.page.locator("#speak")).not_to_be_visible()
    visitor.page.evaluate(AXE)
    assert visitor.page.evaluate(AXE_RUN, None) == []


def test_the_page_that_speaks_and_hears_is_accessible(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate(AXE)
    assert visitor.page.evaluate(AXE_RUN, None) == []
    hear(visitor)
    expect(visitor.page.locator("#speak")).to_be_visible()
    assert visitor.page.evaluate(AXE_RUN, None) == []
    assert visitor.page.evaluate(TOO_SMALL) == []
