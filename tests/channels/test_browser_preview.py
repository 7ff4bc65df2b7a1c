"""The preview in Chromium: everybody can use it, however they see, and it follows what is saved."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from test_browser import AXE, AXE_RUN, COLOURS, PATIENCE, TOO_SMALL, TOO_WIDE, chromium
from test_web_preview import LESSON, Editor

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.preview import preview_routes
from bot.library import read_folder
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

__all__ = ["chromium"]  # the fixture

SCENE = f"{LESSON}?as=listening&lang=en&from=goi&tap=next&tap=nowhere"


@dataclass
class Home:
    """A running preview, and the editor whose files it shows."""

    address: str
    editor: Editor


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    async def ready() -> str:
        return ""

    editor = Editor(tmp_path)
    pages = routes(Tutor(editor.library, MemoryProgress()), ready, secure_cookie=False)
    preview = preview_routes(lambda: editor.library, tmp_path)
    app = Starlette(routes=[*pages, *preview], exception_handlers=PROBLEMS)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Home(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", editor)
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    browser = chromium.new_context(viewport={"width": 412, "height": 915})
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    browser.close()


@pytest.mark.parametrize("width", [412, 1280])
@pytest.mark.parametrize("address", ["/preview/", LESSON, SCENE])
def test_each_page_is_accessible_large_and_narrow(page: Page, home: Home, address: str, width: int) -> None:
    home.editor.write("minutes: 3", "minuts: 3")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.set_viewport_size({"width": width, "height": 915})
    page.goto(home.address + address)
    page.evaluate(AXE)
    found = page.evaluate(AXE_RUN, None)
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(AXE_RUN, COLOURS)
    page.set_viewport_size({"width": 320, "height": 568})
    found += page.evaluate(TOO_SMALL)
    assert (found, page.evaluate(TOO_WIDE) > 0, complaints) == ([], False, [])


def test_what_is_saved_is_seen_without_a_reload_by_hand(page: Page, home: Home) -> None:
    page.goto(f"{home.address}{LESSON}?from=hoi")
    expect(page.locator("article")).to_contain_text("Có đưa mã không?")
    home.editor.write("text: Có đưa mã không?", "txet: Có đọc mã không?")
    expect(page.locator(".problem")).to_contain_text("unknown-key", timeout=PATIENCE * 1000)
    home.editor.write("txet: Có đọc mã không?", "text: Có đọc mã không?")
    home.editor.library, _ = read_folder(home.editor.folder)
    expect(page.locator("article")).to_contain_text("Có đọc mã không?", timeout=PATIENCE * 1000)
    expect(page.locator(".problem")).to_have_count(0)


def test_a_page_on_which_nothing_changes_is_left_alone(page: Page, home: Home) -> None:
    page.goto(home.address + LESSON)
    page.evaluate("window.mine = true")
    for _ in range(2):
        page.wait_for_event("response", lambda answer: answer.request.method == "HEAD")
    assert page.evaluate("window.mine")
