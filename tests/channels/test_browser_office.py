"""The office in Chromium: signing in by link and by passkey, and pages that everybody can use."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from made_figures import PLACES, Made
from office_house import apart, prepare, workshop
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from small import REAL
from sqlalchemy import insert
from starlette.applications import Starlette
from test_browser import AXE, AXE_RUN, COLOURS, PATIENCE, TOO_SMALL, TOO_WIDE, chromium

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.guard import new_token
from bot.core.access import ALL, Role
from bot.core.marks import mark_of
from bot.core.readable import Readable
from bot.office.door import HOME_COOKIE
from bot.office.site import Site, minute_now
from bot.office.texts import TEXTS
from bot.office.voice_texts import VOICE_TEXTS
from bot.stores.database import Database
from bot.stores.memory import MemoryProgress
from bot.stores.office import Office
from bot.stores.readings import Readings
from bot.stores.tables import learners, records, teams
from bot.studio import Studio
from bot.tutor import Tutor

__all__ = ["chromium"]  # the fixture

VI = TEXTS["vi"]
VOICES = VOICE_TEXTS["vi"]


@dataclass
class Home:
    """A running office."""

    address: str
    folder: Path

    def do(self, work: Callable[[Office], Coroutine[Any, Any, Any]]) -> Any:
        """Do something with what is kept of its people, beside it."""

        async def beside() -> Any:
            database = Database.at("sqlite", self.folder)
            try:
                return await work(Office(database))
            finally:
                await database.close()

        return apart(beside)

    def link(self, name: str, role: Role, area: str = ALL) -> str:
        token, minute = new_token(), minute_now()
        self.do(lambda office: office.invite(name, role, area, mark_of(token), minute=minute, until=minute + 60))
        return f"{self.address}/office/link/{token}"


@dataclass
class Visitor:
    """Someone at a browser of their own."""

    browser: BrowserContext
    page: Page
    home: Home
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, name: str, role: Role, area: str = ALL) -> None:
        self.page.goto(self.home.link(name, role, area))
        self.page.get_by_role("main").get_by_role("button", name=VI.link_button).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(VI.account)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    prepare(tmp_path)
    database = Database.at("sqlite", tmp_path)
    studio = Studio(database, tmp_path / "lessons", lambda: REAL)
    site = Site(database, Made(), workshop(), PLACES, studio, https=False)

    async def ready() -> str:
        return ""

    pages = routes(Tutor(REAL, MemoryProgress()), ready, secure_cookie=False)
    app = Starlette(routes=[*pages, *site.routes], exception_handlers=PROBLEMS)
    settings = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(settings)

    async def serve() -> None:
        await server.serve()
        await site.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Home(f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}", tmp_path)
    server.should_exit = True
    thread.join()


@pytest.fixture
def visitor(chromium: Browser, home: Home) -> Iterator[Visitor]:
    browser = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    one = Visitor(browser, page, home)
    page.on("console", lambda said: one.complaints.append(said.text))
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    yield one
    browser.close()


def device(visitor: Visitor, *, verified: bool = True) -> tuple[CDPSession, str]:
    """A phone that makes passkeys, and whose owner says yes."""
    wire = visitor.browser.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    made = wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return wire, made["authenticatorId"]


def make_key(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_label(VI.key_name).fill(name)
    visitor.page.get_by_role("button", name=VI.key_add).click()
    expect(visitor.page.get_by_role("status").first).to_have_text(VI.key_made)


def test_whoever_made_a_passkey_comes_back_without_a_link(visitor: Visitor) -> None:
    page = visitor.page
    device(visitor)
    visitor.sign_in("Lan", "operator")
    make_key(visitor, "điện thoại của tôi")
    visitor.browser.clear_cookies()
    page.goto(f"{visitor.home.address}/office/audit")
    page.get_by_role("button", name=VI.sign_in_by_key).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(VI.audit)
    expect(page.get_by_role("row").nth(2)).to_contain_text("bằng khóa")  # the first is this very look
    assert visitor.complaints == []


def test_passkeys_of_two_devices_are_had_and_one_is_removed(visitor: Visitor) -> None:
    page = visitor.page
    wire, first = device(visitor)
    visitor.sign_in("Lan", "operator")
    make_key(visitor, "điện thoại")
    kept = wire.send("WebAuthn.getCredentials", {"authenticatorId": first})["credentials"][0]
    wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": first})
    _, second = device(visitor)
    make_key(visitor, "máy bàn")
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name=VI.key_remove.format(name="điện thoại")).click()
    expect(page.get_by_role("status").first).to_have_text(VI.key_removed)
    expect(page.get_by_role("row")).to_have_count(2)
    # The removed one lets nobody in, the other does.
    wire.send("WebAuthn.clearCredentials", {"authenticatorId": second})
    wire.send("WebAuthn.addCredential", {"authenticatorId": second, "credential": kept})
    visitor.browser.clear_cookies()
    page.goto(f"{visitor.home.address}/office/")
    page.get_by_role("button", name=VI.sign_in_by_key).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(VI.key_refused.title)


def test_a_device_that_does_not_see_who_it_is_makes_no_passkey(visitor: Visitor) -> None:
    device(visitor, verified=False)
    visitor.sign_in("Lan", "operator")
    visitor.page.get_by_label(VI.key_name).fill("điện thoại")
    visitor.page.get_by_role("button", name=VI.key_add).click()
    expect(visitor.page.locator("#make-key .told")).to_have_text(VI.key_failed)
    expect(visitor.page.get_by_role("button", name=VI.key_add)).not_to_have_attribute("aria-disabled", "true")


def test_an_answer_that_was_sent_before_lets_nobody_in(visitor: Visitor) -> None:
    page, home = visitor.page, visitor.home
    device(visitor)
    visitor.sign_in("Lan", "operator")
    make_key(visitor, "điện thoại")
    visitor.browser.clear_cookies()
    page.goto(f"{home.address}/office/sign-in")
    before = visitor.browser.cookies()
    with page.expect_request("**/office/key/use") as sent:
        page.get_by_role("button", name=VI.sign_in_by_key).click()
    expect(page.get_by_role("main")).to_be_visible()
    body = sent.value.post_data
    visitor.browser.clear_cookies()
    cookies: Any = [{"name": each["name"], "value": each["value"], "url": home.address} for each in before]
    visitor.browser.add_cookies(cookies)
    again = visitor.browser.request.post(
        f"{home.address}/office/key/use",
        data=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )
    assert again.status == 403
    assert VI.key_refused.title in again.text()


def test_without_javascript_all_but_passkeys_works(chromium: Browser, home: Home) -> None:
    browser = chromium.new_context(java_script_enabled=False)
    plain = Visitor(browser, browser.new_page(), home)
    plain.sign_in("Lan", "operator")
    expect(plain.page.get_by_text(VI.keys_unable)).to_be_visible()
    expect(plain.page.get_by_role("button", name=VI.key_add)).to_have_count(0)
    plain.page.get_by_role("button", name=VI.sign_out, exact=True).click()
    expect(plain.page.get_by_role("status")).to_have_text(VI.signed_out)
    browser.close()


def test_the_cookie_is_out_of_reach_of_scripts(visitor: Visitor) -> None:
    visitor.sign_in("Lan", "operator")
    (cookie,) = [each for each in visitor.browser.cookies() if each["name"] == HOME_COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert visitor.page.evaluate("document.cookie") == ""


LESSON = next(iter(REAL.lessons))
PAGES = ["/office/", "/office/area/14845", "/office/area/14845.1", "/office/lessons", f"/office/lessons/{LESSON}"]
PAGES += ["/office/account", "/office/people", "/office/audit", "/office/no-such-page"]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_accessible_large_and_narrow_light_and_dark(visitor: Visitor, address: str) -> None:
    device(visitor)
    visitor.sign_in("Nguyễn Thị Lan", "operator")
    make_key(visitor, "điện thoại của tôi")
    look_at(visitor, address)


def test_the_page_of_a_group_is_accessible_for_its_helper(visitor: Visitor) -> None:
    apart(lambda: people_of_a_group(visitor.home.folder))
    visitor.sign_in("Chị Hoa", "helper", "14845.3")
    look_at(visitor, "/office/group")
    expect(visitor.page.get_by_role("heading", level=3)).to_have_count(3)
    expect(visitor.page.get_by_role("listitem").filter(has_text="Bà Lý")).to_contain_text("báo bị kẹt")


async def people_of_a_group(folder: Path) -> None:
    database = Database.at("sqlite", folder)
    names = ("Bà Lý", None, "Ông Nguyễn Văn Thanh ở cuối thôn")
    async with database.changing() as connection:
        await connection.execute(insert(teams), {"id": 3, "commune": "14845", "name": "Tổ thôn 3", "since_day": 1})
        seen = {"first_minute": 1, "first_turn": 1, "minute": minute_now(), "turn": 3, "team": 3}
        people = [{"id": at, "called": called, **seen} for at, called in enumerate(names)]
        await connection.execute(insert(learners), people)
        told = [("began", 1), ("stuck", 2)]
        step = REAL.lessons[LESSON]["vi"].steps[0].id
        at = {"learner": 0, "place": 0, "minute": 1, "day": 1, "lesson": LESSON, "step": step}
        await connection.execute(insert(records), [{**at, "kind": kind, "turn": turn} for kind, turn in told])
    await database.close()


def test_an_editor_listens_without_javascript_or_eyes(visitor: Visitor) -> None:
    """The page of readings, with one that waits and one that is heard."""
    parts = (part for _, part in Readable(REAL).every("vi"))
    first, second = next(parts), next(parts)

    async def read(office: Office) -> None:
        who = await office.invite("Hoa", "volunteer", ALL, "mark", minute=1, until=2)
        database = Database.at("sqlite", visitor.home.folder)
        book = Readings(database)
        for part in (first, second):
            await book.add(who.number, "vi", "bac", part, b"OggS", milliseconds=900, minute=1)
        [_, one], _ = await book.waiting(2)
        await book.decide(one, "approved", who.number, 2)
        await database.close()

    visitor.home.do(read)
    visitor.sign_in("Minh", "editor")
    look_at(visitor, "/office/voices")
    waits = visitor.page.get_by_role("article", name=first.written)
    waits.get_by_label(VOICES.reason).fill("Có tiếng xe.")
    waits.get_by_role("button", name=VOICES.refuse).click()
    expect(visitor.page.get_by_role("status")).to_have_text(VOICES.told["refused"])


@pytest.mark.parametrize("address", ["/office/sign-in?out", "link"])
def test_the_ways_in_are_accessible_too(visitor: Visitor, address: str) -> None:
    link = visitor.home.link("Lan", "operator").removeprefix(visitor.home.address)
    look_at(visitor, link if address == "link" else address)


def look_at(visitor: Visitor, address: str) -> None:
    """See that a page can be used, however someone sees."""
    page = visitor.page
    page.goto(visitor.home.address + address)
    page.evaluate(AXE)
    found = page.evaluate(AXE_RUN, None)
    wide = [page.evaluate(TOO_WIDE)]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(AXE_RUN, COLOURS)
    page.set_viewport_size({"width": 640, "height": 450})  # a desk at 200 %
    wide.append(page.evaluate(TOO_WIDE))
    page.set_viewport_size({"width": 320, "height": 568})
    found += page.evaluate(AXE_RUN, None)
    found += page.evaluate(TOO_SMALL)
    wide.append(page.evaluate(TOO_WIDE))
    complaints = [each for each in visitor.complaints if "404" not in each]
    assert (found, [each > 0 for each in wide], complaints) == ([], [False] * 3, [])
