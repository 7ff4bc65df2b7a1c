"""Take the pictures of the web page in docs/screenshots/: `.venv/bin/python docs/screenshots.py`.

Needs Chromium. The page is served from here with the real lessons and progress in memory.
"""

import shutil
import struct
import sys
import threading
import time
import zlib
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from starlette.applications import Starlette

from bot.channels.web import routes
from bot.core.lesson import Ask
from bot.core.library import FIRST, Library
from bot.library import read_folder
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

HERE = Path(__file__).parent
PHONE: ViewportSize = {"width": 412, "height": 915}
SMALL: ViewportSize = {"width": 320, "height": 568}
LIMIT = 100_000  # bytes a picture


def serve(library: Library) -> tuple[uvicorn.Server, str]:
    """Serve the page on a free port of this machine; return the server and its address."""

    async def ready() -> str:
        return ""

    app = Starlette(routes=routes(Tutor(library, MemoryProgress()), ready, secure_cookie=False))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return server, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


def open_page(browser: Browser, address: str, viewport: ViewportSize, *, dark: bool = False) -> Page:
    """Open the page as someone new."""
    place = browser.new_context(
        viewport=viewport, device_scale_factor=1.5, color_scheme="dark" if dark else "light", locale="vi-VN"
    )
    page = place.new_page()
    page.goto(address)
    return page


def press(page: Page, code: str) -> None:
    """Press the button with this code, and wait for the answer."""
    turn = page.locator("#tap [name=id]").get_attribute("value")
    page.locator(f'#tap button[value$="|{code}"]').click()
    page.wait_for_function("turn => document.querySelector('#tap [name=id]').value !== turn", arg=turn)


def begin(page: Page) -> None:
    """Agree, and go as far as the menu."""
    for code in ("agree", "bac", "read"):
        press(page, code)


def to_question(page: Page, library: Library, *, wrong: bool) -> None:
    """Go on to the first question of the first lesson, and answer it wrongly if wanted."""
    key = library.order[0]
    press(page, f"l:{key}")
    for step in library.lessons[key][FIRST].steps:
        if isinstance(step, Ask):
            if wrong:
                press(page, "abcd"[next(n for n, choice in enumerate(step.choices) if not choice.right)])
            return
        press(page, {"tell": "next", "do": "done"}[step.kind])


def take(page: Page, name: str) -> None:
    """Save what is seen, small enough for a repository."""
    page.mouse.move(0, 0)
    path = HERE / "screenshots" / f"{name}.png"
    path.write_bytes(shrunk(page))
    size = path.stat().st_size
    print(f"{path.relative_to(HERE.parent)}  {size} bytes")
    if size > LIMIT:
        sys.exit(f"{path} is over {LIMIT} bytes")


READ_PIXELS = """async png => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const pixels = new Blob([pen.getImageData(0, 0, picture.width, picture.height).data]);
  const reader = new FileReader();
  await new Promise(done => { reader.onload = done; reader.readAsDataURL(pixels); });
  return [picture.width, picture.height, reader.result.split(",")[1]];
}"""


def shrunk(page: Page) -> bytes:
    """Return a PNG of the page with the 256 most frequent colours; the others become the nearest of these."""
    blank = page.context.new_page()
    width, height, encoded = blank.evaluate(READ_PIXELS, b64encode(page.screenshot()).decode())
    blank.close()
    pixels = array("I", b64decode(encoded))
    counted = Counter(pixels)
    colours = [each.to_bytes(4, sys.byteorder)[:3] for each, _ in counted.most_common(256)]
    places: dict[int, int] = {}
    for each in counted:
        red, green, blue = each.to_bytes(4, sys.byteorder)[:3]
        apart = [abs(red - r) + abs(green - g) + abs(blue - b) for r, g, b in colours]
        places[each] = apart.index(min(apart))
    flat = bytes(map(places.__getitem__, pixels))
    rows = b"".join(b"\0" + flat[start : start + width] for start in range(0, len(flat), width))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(colours)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main() -> None:
    """Take all pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium isn't installed; try: apt-get install chromium")
    library, _ = read_folder(HERE.parent / "lessons")
    server, address = serve(library)
    (HERE / "screenshots").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = open_page(browser, address, PHONE)
        take(page, "welcome")
        begin(page)
        take(page, "menu")
        to_question(page, library, wrong=True)
        take(page, "question")
        page = open_page(browser, address, PHONE, dark=True)
        begin(page)
        to_question(page, library, wrong=False)
        take(page, "dark")
        page = open_page(browser, address, SMALL)
        begin(page)
        to_question(page, library, wrong=False)
        take(page, "narrow")
        browser.close()
    server.should_exit = True


if __name__ == "__main__":
    main()
