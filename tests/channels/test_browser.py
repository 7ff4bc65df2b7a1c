"""The web page in Chromium, with and without JavaScript, as learners meet it."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import msgspec
import pytest
import uvicorn
from needs import missing
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright
from small import REAL
from starlette.applications import Starlette

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.guard import learner_of
from bot.channels.web.texts import TEXTS
from bot.core.lesson import DEBRIEF, Ask, Do, Lesson, Scene, Step, Tell
from bot.core.library import FIRST
from bot.core.progress import Progress, Spot, decode, encode
from bot.core.saving import StoreDown
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

VI, EN = TEXTS["vi"], TEXTS["en"]
SAYS = REAL.says("vi")
PATIENCE = 10  # seconds
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
AXE_RUN = """async only => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: only || ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return found.violations.map(each => each.id + ": " + each.nodes.map(node => node.html + node.failureSummary));
}"""
COLOURS = ["color-contrast", "color-contrast-enhanced"]
TOO_SMALL = """() => [...document.querySelectorAll("button, input, a, summary")].filter(each => {
  const box = each.getBoundingClientRect();
  return each.checkVisibility() && box.right > 0 && box.width && (box.height < 44 || box.width < 44);
}).map(each => each.outerHTML)"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Store(MemoryProgress):
    """Memory that can be down."""

    down = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        if self.down:
            raise StoreDown("the test pulled the plug")
        return await super().load(learners)

    def progress(self, learner: str) -> Progress:
        value = self._value(learner)
        return decode(value) if value else Progress()

    def put(self, learner: str, progress: Progress) -> None:
        self._values[learner] = (encode(progress), None)

    def records(self, learner: str) -> int:
        return sum(name == learner for entries in self._journal.values() for name, _ in entries)


STORE = Store()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("Chromium")
    root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    still = ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*root, *quiet, *still])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    async def ready() -> str:
        return ""

    app = Starlette(routes=routes(Tutor(REAL, STORE), ready, secure_cookie=False), exception_handlers=PROBLEMS)
    settings = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass
class Visitor:
    """Someone new at a browser of their own. What the browser complains of is gathered."""

    browser: BrowserContext
    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    excused: bool = False  # the test breaks something, so the browser may complain

    def watch(self, page: Page) -> Page:
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    @property
    def learner(self) -> str:
        (token,) = [each["value"] for each in self.browser.cookies() if each["name"] == "hocso"]
        return learner_of(token)

    @property
    def progress(self) -> Progress:
        return STORE.progress(self.learner)

    @property
    def records(self) -> int:
        return STORE.records(self.learner)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.home + path)

    def button(self, code: str) -> Locator:
        return self.page.locator(f'#tap button[value$="|{code}"]')

    def codes(self) -> list[str]:
        values = [each.get_attribute("value") or "" for each in self.page.locator("#tap button").all()]
        return [value.partition("|")[2] for value in values]

    def answered(self, act: Callable[[], object]) -> None:
        """Do this and wait for the answer."""
        drawn = self.page.locator("#tap [name=id]")
        before = drawn.input_value()
        act()
        end = time.monotonic() + PATIENCE
        while drawn.input_value() == before:  # `expect` would look less and less often
            assert time.monotonic() < end, "no answer came"
            self.page.wait_for_timeout(10)

    def press(self, code: str) -> None:
        self.answered(self.button(code).click)

    def word(self, name: str) -> None:
        self.answered(self.page.locator(f'button[name=word][value="{name}"]').click)

    def say(self, text: str) -> None:
        self.page.locator("#text").fill(text)
        self.answered(lambda: self.page.locator("#text").press("Enter"))

    def by_keyboard(self, code: str) -> None:
        """Go from the message to the button with Tab, and press it."""
        place = self.codes().index(code)
        for _ in range(place + 1):
            self.page.keyboard.press("Tab")
        assert (self.page.evaluate("document.activeElement.value") or "").endswith(f"|{code}")
        self.answered(lambda: self.page.keyboard.press("Enter"))

    def by_number(self, code: str) -> None:
        self.say(str(self.codes().index(code) + 1))

    def begin(self, take: Callable[[str], None]) -> None:
        """Agree, and go as far as the menu; `take` picks what has this code."""
        for code in ("agree", "bac", "read"):
            take(code)

    def stand(self, lesson: Lesson | None = None, kind: type[Step] = Ask) -> None:
        """Be at the menu already, or at the lesson's first step of this kind."""
        begun = Progress(turns=9, agreed=20_000, address="bac", place="menu")
        if lesson:
            step = next(each.id for each in lesson.steps if isinstance(each, kind))
            spots = {lesson.key: Spot(step)}
            begun = msgspec.structs.replace(begun, place="lesson", lesson=lesson.key, spots=spots)
        STORE.put(self.learner, begun)
        self.open()

    @property
    def spot_step(self) -> str:
        spot = self.progress.spot
        assert spot
        return spot.step

    def right(self, lesson: Lesson) -> str:
        """The code that leads on from the present step."""
        spot = self.progress.spot
        assert spot
        match lesson.steps[lesson.index[spot.step]]:
            case Ask(choices=choices):
                return "abcd"[next(place for place, choice in enumerate(choices) if choice.right)]
            case Do():
                return "done"
            case Scene() as scene if spot.line not in {"", DEBRIEF}:
                ways = [each.next for each in scene.by_id[spot.line].choices]
                return "abcd"[ways.index(DEBRIEF) if DEBRIEF in ways else 0]
            case _:
                return "next"

    def learn(self, lesson: Lesson, take: Callable[[str], None]) -> None:
        """Go through the whole lesson; `take` picks what has this code."""
        take(f"c:{lesson.course}")
        take(f"l:{lesson.key}")
        for _ in range(100):
            if lesson.key in self.progress.done:
                return
            take(self.right(lesson))
        raise AssertionError("the lesson has no end")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Browser, home: str) -> Iterator[Visit]:
    visitors: list[Visitor] = []
    elsewhere: list[str] = []

    def come(*, script: bool = True, width: int = 412, height: int = 915) -> Visitor:
        browser = chromium.new_context(
            java_script_enabled=script, viewport={"width": width, "height": height}, locale="vi-VN"
        )
        browser.on(
            "request", lambda request: elsewhere.append(request.url) if not request.url.startswith(home) else None
        )
        visitor = Visitor(browser, browser.new_page(), home)
        visitor.watch(visitor.page)
        visitors.append(visitor)
        visitor.open()
        return visitor

    yield come
    STORE.down = False
    for each in visitors:
        each.browser.close()
    assert elsewhere == []
    assert [said for each in visitors if not each.excused for said in each.complaints] == []


def lesson_with(*kinds: type[Step]) -> Lesson:
    """The shortest real lesson with these kinds of steps."""
    lessons = [each[FIRST] for each in REAL.lessons.values()]
    fits = [each for each in lessons if all(any(isinstance(step, kind) for step in each.steps) for kind in kinds)]
    return min(fits, key=lambda each: (len(each.steps), each.id))


def focused(page: Page) -> bool:
    """Whether the focus is on the beginning of the newest message."""
    return bool(page.evaluate("document.activeElement === document.querySelector('#log > article #reply')"))


@pytest.mark.parametrize("script", [True, False])
def test_from_the_welcome_to_a_finished_lesson_by_clicking(visit: Visit, script: bool) -> None:
    visitor = visit(script=script)
    lesson = lesson_with(Ask, Do)
    visitor.begin(visitor.press)
    visitor.learn(lesson, visitor.press)
    assert visitor.progress.done[lesson.key].right == lesson.questions
    expect(visitor.page.locator("main")).to_contain_text(lesson.title)


@pytest.mark.parametrize("script", [True, False])
def test_by_typing_numbers(visit: Visit, script: bool) -> None:
    visitor = visit(script=script)
    lesson = lesson_with(Ask)
    visitor.begin(visitor.by_number)
    visitor.learn(lesson, visitor.by_number)
    assert visitor.progress.done[lesson.key].right == lesson.questions
    assert visitor.page.locator("#text").input_value() == ""


@pytest.mark.parametrize("script", [True, False])
def test_by_keyboard_alone(visit: Visit, script: bool) -> None:
    visitor = visit(script=script)
    page = visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == VI.skip
    page.keyboard.press("Enter")
    visitor.begin(visitor.by_keyboard)
    lesson = lesson_with(Ask)
    visitor.learn(lesson, visitor.by_keyboard)
    assert visitor.progress.done[lesson.key].right == lesson.questions


def test_the_keyboard_is_trapped_nowhere(visit: Visit) -> None:
    visitor = visit()
    visitor.stand()
    met = []
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        met.append(visitor.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert sum(each.startswith("<body") for each in met) >= 1 or met.count(met[0]) >= 2
    controls = visitor.page.locator("button:visible, input:visible, summary:visible, a").count()
    assert len({each for each in met if not each.startswith("<body")}) == controls
    for _ in range(3):
        visitor.page.keyboard.press("Shift+Tab")
    assert visitor.page.evaluate("document.activeElement.outerHTML.slice(0, 80)") != met[-1]


def test_the_focus_goes_to_the_new_message_and_is_said_once(visit: Visit) -> None:
    visitor = visit()
    for code in ("more", "agree", "bac", "read"):
        visitor.press(code)
        assert focused(visitor.page)
    visitor.word("help")
    assert focused(visitor.page)
    visitor.say("ưvx")
    assert focused(visitor.page)
    live = visitor.page.locator("[aria-live], [role=status], [role=log], [role=alert]")
    expect(live).to_have_count(1)
    assert (
        visitor.page.locator("#log").evaluate("log => log.contains(document.querySelector('[role=status]'))") is False
    )
    expect(live).to_be_empty()


def test_one_exchange_stands_open_and_those_before_it_can_be_opened(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.press("agree")
    visitor.press("bac")
    expect(page.locator("#log > article")).to_have_count(1)
    expect(page.locator("#log > .mine")).to_have_text(f"{VI.you} 1. Bác")
    expect(page.locator(".earlier article").first).not_to_be_visible()
    page.locator(".earlier > summary").click()
    expect(page.locator(".earlier > *").nth(1)).to_contain_text("Xin chào")
    expect(page.locator(".earlier .mine")).to_have_text(f"{VI.you} 1. {SAYS.agree_label}")
    expect(page.locator("#reply")).to_have_count(1)


def test_the_language_changes_without_a_reload(visit: Visit) -> None:
    visitor = visit()
    visitor.press("lang:en")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("label")).to_have_text(EN.write)
    expect(page.locator(".urgent")).to_have_text(EN.urgent)
    expect(page.locator(".skip")).to_have_text(EN.skip)
    expect(page.locator(".earlier > summary")).to_have_text(EN.earlier)
    expect(page.locator("body")).to_have_attribute("data-lost", EN.lost)
    visitor.press("agree")


def pages_before_a_lesson(visitor: Visitor) -> Iterator[str]:
    """Lead the visitor from one kind of page to the next, naming each."""
    yield "welcome"
    visitor.word("help")
    yield "help before consent"
    visitor.press("resume")
    visitor.press("agree")
    yield "address"
    visitor.press("bac")
    visitor.press("read")
    yield "menu"


def pages_of_a_lesson(visitor: Visitor) -> Iterator[str]:
    lesson = lesson_with(Ask, Do, Tell)
    visitor.press(f"c:{lesson.course}")
    yield "course"
    visitor.press(f"l:{lesson.key}")
    met: set[str] = set()
    while lesson.key not in visitor.progress.done:
        step = lesson.steps[lesson.index[visitor.spot_step]]
        if step.kind not in met:
            met.add(step.kind)
            yield step.kind
            if isinstance(step, Ask):
                visitor.press(next(code for code in "abcd" if code != visitor.right(lesson)))
                yield "ask with feedback"
            if isinstance(step, Do):
                visitor.press("stuck")
                yield "do with help"
        visitor.press(visitor.right(lesson))
    yield "finish"


def pages_beside_a_lesson(visitor: Visitor) -> Iterator[str]:
    visitor.word("urgent")
    yield "urgent"
    visitor.press("resume")
    visitor.say("dữ liệu")
    visitor.page.locator("article summary").click()
    yield "data"
    visitor.press("delete")
    yield "delete"
    visitor.press("keep")
    visitor.word("settings")
    yield "settings"
    visitor.say("mã là 482913")
    visitor.page.locator(".earlier > summary").click()
    yield "a secret, and what was said before"


def pages_in_trouble(visitor: Visitor) -> Iterator[str]:
    page = visitor.page
    page.route("**/talk", lambda route: route.abort())
    visitor.button("return").click()
    expect(page.locator("#sending p")).to_have_text(VI.lost)
    yield "connection lost"
    page.locator("#drop").click()
    page.add_init_script("document.prerendering = true")  # so that the link waits for a press
    visitor.open(f"/?bai={lesson_with(Tell).id}")
    yield "link"
    visitor.open("/no/such/page")
    yield "problem"
    STORE.down = True
    visitor.open()
    yield "store down"


def test_every_kind_of_page_is_accessible_large_and_narrow(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True  # some pages of the tour are broken on purpose
    page = visitor.page
    found: list[str] = []
    tour = (pages_before_a_lesson, pages_of_a_lesson, pages_beside_a_lesson, pages_in_trouble)
    for kind in (kind for part in tour for kind in part(visitor)):
        if not page.evaluate("!!window.axe"):
            page.evaluate(AXE)
        page.emulate_media(color_scheme="light")
        found += [f"{kind}: {each}" for each in page.evaluate(AXE_RUN, None)]
        page.emulate_media(color_scheme="dark")
        found += [f"{kind}, dark: {each}" for each in page.evaluate(AXE_RUN, COLOURS)]
        page.set_viewport_size({"width": 320, "height": 568})
        found += [f"{kind}: too wide at 320 px" for _ in range(page.evaluate(TOO_WIDE) > 0)]
        found += [f"{kind}: under 44 px: {each}" for each in page.evaluate(TOO_SMALL)]
        page.set_viewport_size({"width": 412, "height": 915})
        page.evaluate("document.documentElement.style.fontSize = '250%'")  # twice the usual 125 %
        found += [f"{kind}: too wide with text of 200 %" for _ in range(page.evaluate(TOO_WIDE) > 0)]
        page.evaluate("document.documentElement.style.fontSize = ''")
    assert found == [], "\n".join(found)


def test_a_connection_that_goes_away_loses_nothing(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    page = visitor.page
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    records = visitor.records
    visitor.browser.set_offline(True)
    visitor.button(visitor.right(lesson)).click()
    expect(page.locator("#sending p")).to_have_text(VI.lost)
    expect(page.locator("#tap button").first).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#again")).to_be_visible()
    page.locator("#tap button").last.click(force=True)  # nothing else is taken meanwhile
    visitor.answered(lambda: visitor.browser.set_offline(False))  # the browser says when it is back
    expect(page.locator("#sending p")).to_be_empty()
    expect(page.locator("#again")).not_to_be_visible()
    expect(page.locator("#tap button").first).not_to_have_attribute("aria-disabled", "true")
    assert focused(page)
    assert page.locator("#log > .mine").count() == 1
    assert visitor.records == records + 1


@pytest.mark.parametrize("waiting", [False, True])
def test_danger_needs_no_connection(visit: Visit, waiting: bool) -> None:
    visitor = visit()
    visitor.excused = True
    page = visitor.page
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    visitor.browser.set_offline(True)
    if waiting:  # an answer is still on its way
        visitor.button(visitor.right(lesson)).click()
        expect(page.locator("#sending p")).to_have_text(VI.lost)
    page.locator("header .urgent").click()
    danger = page.locator("#log .danger")
    expect(danger).to_contain_text("Không đọc mã, không chuyển tiền")
    expect(danger).to_contain_text("113")
    expect(danger.locator("p").first).to_be_focused()


def test_an_answer_that_gets_lost_is_not_doubled(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    records, met = visitor.records, 0

    def lose(route: Route) -> None:
        nonlocal met
        met += 1
        if met > 1:
            route.continue_()
            return
        assert route.fetch().ok  # the server has heard and answered
        route.abort()

    visitor.page.route("**/talk", lose)
    visitor.press(visitor.right(lesson))
    assert met == 2
    assert visitor.records == records + 1
    expect(visitor.page.locator("#log .note").first).to_contain_text("Đúng")


def test_a_tap_outlives_a_reload_and_typed_words_are_not_kept(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    page = visitor.page
    page.route("**/talk", lambda route: route.abort())
    page.locator("#text").fill("đồng ý")
    page.locator("#text").press("Enter")
    expect(page.locator("#again")).to_be_visible()
    assert page.evaluate("JSON.stringify(sessionStorage)") == "{}"
    page.locator("#drop").click()
    assert focused(page)
    expect(page.locator("#sending p")).to_be_empty()
    assert page.locator("#text").input_value() == "đồng ý"
    visitor.button("agree").click()
    expect(page.locator("#again")).to_be_visible()
    page.reload()
    expect(page.locator("#again")).to_be_visible()
    page.unroute_all()
    visitor.answered(page.locator("#again").click)
    expect(page.locator("#log > .mine")).to_contain_text(SAYS.agree_label)
    assert page.evaluate("JSON.stringify(sessionStorage)") == "{}"
    assert visitor.records == 1


def test_a_server_in_trouble_is_asked_again(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    STORE.down = True
    visitor.button("agree").click()
    expect(visitor.page.locator("#sending p")).to_have_text(VI.trouble)
    STORE.down = False
    visitor.answered(visitor.page.locator("#again").click)
    assert visitor.records == 1


def test_without_script_a_button_sends_the_same_again(visit: Visit) -> None:
    visitor = visit(script=False)
    visitor.excused = True
    STORE.down = True
    visitor.button("agree").click()
    expect(visitor.page.locator("#tap button")).to_have_text(VI.again)
    STORE.down = False
    visitor.answered(visitor.page.locator("#tap button").click)
    assert visitor.records == 1


@pytest.mark.parametrize("answer", ["<p>Đăng nhập Wi-Fi</p>", ""])
def test_something_in_between_that_answers_instead_is_no_answer(visit: Visit, answer: str) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/talk", lambda route: route.fulfill(status=200, content_type="text/html", body=answer))
    visitor.button("agree").click()
    expect(page.locator("#sending p")).to_have_text(VI.lost)
    page.unroute_all()
    visitor.answered(page.locator("#again").click)
    assert visitor.records == 1


def test_a_page_of_another_cookie_is_made_anew(visit: Visit) -> None:
    visitor = visit()
    visitor.excused = True
    visitor.stand()
    visitor.browser.clear_cookies()
    visitor.answered(visitor.page.locator("#tap button").first.click)
    assert "agree" in visitor.codes()
    visitor.press("agree")


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_counts_once(visit: Visit, script: bool) -> None:
    visitor = visit(script=script)
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    records = visitor.records
    visitor.answered(visitor.button(visitor.right(lesson)).dblclick)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.records == records + 1
    expect(visitor.page.locator("#log .note").first).to_contain_text("Đúng")


@pytest.mark.parametrize("script", [True, False])
def test_of_two_windows_one_wins_and_the_other_is_told(visit: Visit, script: bool) -> None:
    visitor = visit(script=script)
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    records, right = visitor.records, visitor.right(lesson)
    first, second = visitor.page, visitor.watch(visitor.browser.new_page())
    second.goto(visitor.home)
    drawn = second.locator("#tap [name=id]").input_value()

    def at_once() -> None:
        for page in (first, second):
            page.locator(f'#tap button[value$="|{right}"]').click(no_wait_after=True)

    visitor.answered(at_once)
    expect(second.locator("#tap [name=id]")).not_to_have_value(drawn)
    assert visitor.records == records + 1
    late = SAYS.late.format_map({"Bạn": "Bác", "bạn": "bác", "Mình": "Cháu", "mình": "cháu"}).strip()
    told = [page.locator("#log > article").inner_text().count(late) for page in (first, second)]
    assert sorted(told) == [0, 1]
    assert first.locator("#log h2").inner_text() == second.locator("#log h2").inner_text()


def test_a_secret_is_hidden_on_the_page(visit: Visit) -> None:
    visitor = visit()
    visitor.stand()
    visitor.say("mã là 482913")
    expect(visitor.page.locator("#log > .mine")).to_have_text(f"{VI.you} •••{VI.hidden}")
    assert "482913" not in visitor.page.content()
    assert visitor.page.locator("#text").input_value() == ""


def test_a_link_opens_its_lesson_at_once_and_only_once(visit: Visit) -> None:
    visitor = visit()
    visitor.stand()
    lesson = lesson_with(Tell)
    visitor.open(f"/?bai={lesson.id}")
    expect(visitor.page.locator("#log h2")).to_contain_text("1")
    assert focused(visitor.page)
    assert visitor.page.url == f"{visitor.home}/"
    visitor.word("menu")
    visitor.page.reload()
    assert visitor.progress.place == "menu"
    expect(visitor.page.locator("#log h2")).to_have_count(0)


def test_a_link_without_script_is_a_button(visit: Visit) -> None:
    visitor = visit(script=False)
    visitor.stand()
    lesson = lesson_with(Tell)
    visitor.open(f"/?bai={lesson.id}")
    assert visitor.progress.place == "menu"
    visitor.answered(visitor.page.get_by_role("button", name=VI.open).click)
    assert visitor.progress.lesson == lesson.key


def test_the_urgent_button_stays_in_sight(visit: Visit) -> None:
    visitor = visit(height=600)
    visitor.stand()
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(visitor.page.locator(".urgent")).to_be_in_viewport(ratio=1)
    visitor.word("urgent")
    expect(visitor.page.locator("#reply")).to_be_in_viewport(ratio=1)


def test_a_message_begins_below_the_header(visit: Visit) -> None:
    visitor = visit(width=320, height=568)
    header = "document.querySelector('header').getBoundingClientRect().bottom"
    for code in ("agree", "bac", "read"):
        visitor.press(code)
        gap = visitor.page.evaluate(f"document.querySelector('.mine').getBoundingClientRect().top - {header}")
        assert 0 <= gap < 160


def test_names_that_a_screen_reader_says(visit: Visit) -> None:
    visitor = visit()
    lesson = lesson_with(Ask)
    visitor.stand(lesson)
    tree = visitor.page.locator("body").aria_snapshot()
    heading = visitor.page.locator("#log h2").inner_text()
    for line in (
        "- banner:",
        f'- navigation "{VI.ways}":',
        "- main:",
        '- heading "Học Số" [level=1]',
        f'- heading "{heading}" [level=2]',
        f'- progressbar "{heading}"',
        f'- list "{VI.choices}":',
        f'- button "{VI.urgent}"',
        f'- textbox "{VI.write}"',
    ):
        assert line in tree, tree
    assert any(each.strip().startswith('- button "1. ') for each in tree.splitlines()), tree


def test_old_browsers_get_the_plain_forms(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script("delete window.AbortController")
    visitor.open()
    visitor.press("agree")
    assert visitor.page.locator(".mine").count() == 0
    assert visitor.records == 1


def test_what_is_printed_is_the_lesson(visit: Visit) -> None:
    visitor = visit()
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator("#log")).to_be_visible()
    for hidden in (".urgent", "nav", "#type"):
        expect(visitor.page.locator(hidden)).not_to_be_visible()
