"""The preview in Chromium, without JavaScript of its own: everybody can use it, however they see."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from lesson_texts import changed
from starlette.applications import Starlette
from test_browser import AXE, AXE_RUN, COLOURS, TOO_SMALL, TOO_WIDE, chromium
from test_web_preview import FILE, LESSON, Editor

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.preview import preview_routes
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

__all__ = ["chromium"]  # the fixture


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    async def ready() -> str:
        return ""

    editor = Editor(tmp_path)
    path = tmp_path / FILE
    path.write_text(changed(path.read_text(encoding="utf-8"), "minutes: 3", "minuts: 3"), encoding="utf-8")
    files = routes(Tutor(editor.library, MemoryProgress()), ready, secure_cookie=False)
    preview = preview_routes(lambda: editor.library, tmp_path)
    app = Starlette(routes=[*files, *preview], exception_handlers=PROBLEMS)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("address", ["/preview/", LESSON, f"{LESSON}?as=listening&lang=en&tap=next&tap=nowhere"])
def test_each_page_is_accessible_large_and_narrow(request: pytest.FixtureRequest, home: str, address: str) -> None:
    page = request.getfixturevalue("chromium").new_page(viewport={"width": 412, "height": 915})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(home + address)
    page.evaluate(AXE)
    found = page.evaluate(AXE_RUN, None)
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(AXE_RUN, COLOURS)
    page.set_viewport_size({"width": 320, "height": 568})
    found += page.evaluate(TOO_SMALL)
    assert (found, page.evaluate(TOO_WIDE) > 0, complaints) == ([], False, [])
    page.close()
