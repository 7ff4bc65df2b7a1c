"""Take the pictures of the office in docs/screenshots/: `.venv/bin/python docs/office_screenshots.py`.

Needs Chromium. The figures are those of a synthetic province of 3,000 sample learners, made for it; nobody is real.
"""

import asyncio
import shutil
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]
from screenshots import HERE, PHONE, take
from starlette.applications import Starlette

from bot import places
from bot.channels.web import routes
from bot.channels.web.guard import new_token
from bot.config import THANH_HOA
from bot.core.access import Role
from bot.core.library import Library
from bot.core.marks import mark_of
from bot.core.month import month_of
from bot.core.tally import last_sunday
from bot.demo.people import Province
from bot.library import read_folder
from bot.office.editor.workshop import Workshop
from bot.office.figures import Newest
from bot.office.month_report import drawn, month_report
from bot.office.site import Site, minute_now
from bot.stores.database import Database
from bot.stores.filling import Filled, fill
from bot.stores.memory import MemoryProgress
from bot.stores.office import Office, day_of
from bot.stores.released import Released
from bot.studio import Studio
from bot.tutor import Tutor
from bot.work.counting import release

PLACES = Province.places(places.read(THANH_HOA))
LEARNERS = 3000
COMMUNES = 12  # so that each has enough people for figures
CODES = [each.code for each in PLACES.communes[:: len(PLACES.communes) // COMMUNES]]
GROUP = 52  # whose helper looks
EDITED = "at-02-gia-cong-an"  # a lesson
DESK: ViewportSize = {"width": 1200, "height": 860}


def with_database(folder: Path, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> None:
    """Do something with the database in a folder, on a thread of its own: the browser has a loop already."""

    async def done() -> None:
        database = Database.at("sqlite", folder)
        try:
            await database.prepare()
            await work(database)
        finally:
            await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(done()))
    thread.start()
    thread.join()


def fill_province(folder: Path, library: Library) -> None:
    """Make the synthetic province, and release its figures: at the ends of two months, then the newest."""
    until = last_sunday(minute_now())
    month = month_of(until).before
    province = Province(library, LEARNERS, 1, until)
    groups = ((each.number, CODES[each.number % COMMUNES], f"Tổ {each.number} (mẫu)") for each in province.teams)
    people = (
        Filled(each.account, each.number, each.team, each.helps, each.entries, each.called)
        for each in province.learners()
    )

    async def make(database: Database) -> None:
        await fill(database, groups, people, province.since)
        for day in (month.before.last_sunday, month.last_sunday, until):
            await release(database, library, PLACES, day, demo=True)

    with_database(folder, make)


def print_month(folder: Path) -> None:
    """Draw a commune's report of the last month, in greys and small."""

    async def draw(database: Database) -> None:
        today, source = day_of(minute_now()), Newest(Released(database))
        month = (await source.months(CODES[0]))[1]
        report = await month_report(source, CODES[0], month, today, PLACES.itself.said())
        page = PdfDocument(drawn(report, today))[0].render(scale=1.1).to_pil()
        path = HERE / "screenshots/office-month.png"
        page.convert("L").quantize(16).save(path, optimize=True)
        print(f"{path.relative_to(HERE.parent)}  {path.stat().st_size} bytes")

    with_database(folder, draw)


def serve(folder: Path, library: Library) -> tuple[uvicorn.Server, str]:
    """Serve the office on a free port of this machine; return the server and its address."""

    async def ready() -> str:
        return ""

    database = Database.at("sqlite", folder)
    workshop = Workshop(HERE.parent / "lessons", lambda: library, MemoryProgress().everyone)
    studio = Studio(database, folder / "lessons", lambda: library)
    site = Site(database, Newest(Released(database)), workshop, PLACES, studio, https=False)
    app = Starlette(routes=routes(Tutor(library, MemoryProgress()), ready, secure_cookie=False))
    app.router.routes += site.routes
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        threading.Event().wait(0.02)
    return server, f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"


def open_office(browser: Browser, folder: Path, address: str, who: tuple[str, Role, str]) -> Any:  # noqa: ANN401  what a browser keeps
    """Sign in; return what the browser keeps of it."""
    token, minute = new_token(), minute_now()
    with_database(
        folder,
        lambda database: Office(database).invite(*who, mark_of(token), minute=minute, until=minute + 60),
    )
    place = browser.new_context()
    page = place.new_page()
    page.goto(f"{address}/office/link/{token}")
    page.locator("main button").click()
    page.wait_for_url("**/office/account*")
    kept = place.storage_state()
    place.close()
    return kept


def take_editor(page: Page, address: str) -> None:
    """Take the editor with an error in a draft, and the page before a publication. Nothing is published."""
    page.goto(address)
    field = page.locator("#text")
    before = field.input_value()
    field.fill(before.replace("\nminutes:", "\nminuts:"))
    page.locator("#problems [data-error] a").click()
    page.evaluate("() => scrollTo(0, 0)")
    take(page, "office-editor")
    field.fill(before.replace("\nminutes: 3", "\nminutes: 4"))
    page.locator("button[value=publish]").click()
    page.wait_for_url("**/publish?**")
    take(page, "office-publish")


def main() -> None:
    """Take all pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium isn't installed; try: apt-get install chromium")
    library, _ = read_folder(HERE.parent / "lessons")
    with TemporaryDirectory(prefix="hocso-demo-") as name, sync_playwright() as playwright:
        folder = Path(name)
        fill_province(folder, library)
        server, address = serve(folder, library)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        operator = open_office(browser, folder, address, ("Lê Minh", "operator", "all"))
        helper = open_office(browser, folder, address, ("Chị Hoa", "helper", f"{CODES[GROUP % COMMUNES]}.{GROUP}"))
        for picture, path, viewport, dark, kept in (
            ("office-overview", "/office/", DESK, False, operator),
            ("office-lesson", f"/office/lessons/{library.order[0]}", DESK, False, operator),
            ("office-phone", "/office/area/99001", PHONE, True, operator),
            ("office-group", "/office/group", PHONE, False, helper),
        ):
            place = browser.new_context(
                viewport=viewport, color_scheme="dark" if dark else "light", locale="vi-VN", storage_state=kept
            )
            page = place.new_page()
            page.goto(address + path)
            take(page, picture)
        place = browser.new_context(viewport=DESK, locale="vi-VN", storage_state=operator)
        take_editor(place.new_page(), f"{address}/office/editor/{EDITED}")
        browser.close()
        server.should_exit = True
        print_month(folder)


if __name__ == "__main__":
    main()
