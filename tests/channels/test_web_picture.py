"""Drawn phone screens on the web page: beside their step, described, cached, spared where nobody looks."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from PIL import Image
from small import FIRST_LESSON, small_library
from starlette.applications import Starlette
from test_web import HOME, Learner, Store

from bot.channels.web import PROBLEMS, routes
from bot.pictures.gallery import Gallery, wanted
from bot.tutor import Tutor

pytestmark = pytest.mark.anyio

WITH_PICTURE = FIRST_LESSON.replace(
    '  - {id: ke, kind: tell, text: "{Bạn} bấm **Tiếp**."}\n',
    """  - id: ke
    kind: tell
    text: "{Bạn} bấm **Tiếp**."
    picture:
      screen: {title: VNeID, rows: [Tiếp, Thôi], tap: Tiếp}
      alt: "{Bạn} thấy tay chỉ vào nút **Tiếp** & nút \\"Thôi\\"."
""",
)
LIBRARY = small_library(WITH_PICTURE)
(ADDRESS,) = wanted(LIBRARY)


@pytest.fixture
async def learner(tmp_path: Path) -> AsyncIterator[Learner]:
    async def ready() -> str:
        return ""

    store = Store()
    gallery = Gallery(tmp_path / "pictures", lambda: LIBRARY)
    pages = routes(Tutor(LIBRARY, store), ready, secure_cookie=False, gallery=gallery)
    app = Starlette(routes=pages, exception_handlers=PROBLEMS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as http:
        yield Learner(http, store)


async def begin(learner: Learner, manner: str = "read") -> str:
    await learner.open()
    for code in ("agree", "bac", manner):
        await learner.tap(code)
    return await learner.tap("l:bai-01")


async def test_a_learner_sees_the_picture_beside_its_step(learner: Learner) -> None:
    page = await begin(learner)
    (image,) = re.findall(r"<img [^>]*>", page)
    fields = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', image)}
    assert fields["src"] == f"/picture/{ADDRESS}.png"
    assert fields["alt"] == 'Bác thấy tay chỉ vào nút Tiếp & nút "Thôi".'
    assert (fields["loading"], fields["decoding"]) == ("lazy", "async")
    assert "Trong hình" not in page
    answer = await learner.http.get(fields["src"])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.width == 2 * int(fields["width"])
        assert abs(drawn.height - 2 * int(fields["height"])) <= 1
    assert "<img" not in await learner.tap("next")


async def test_many_who_ask_at_once_get_the_same_picture(learner: Learner) -> None:
    answers = await asyncio.gather(*(learner.http.get(f"/picture/{ADDRESS}.png") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


async def test_whoever_listens_gets_no_picture(learner: Learner) -> None:
    assert "<img" not in await begin(learner, "listen")


async def test_whoever_saves_data_gets_no_picture(learner: Learner) -> None:
    await begin(learner)
    await learner.send(word="settings")
    await learner.tap("saver")
    page = await learner.tap("return")
    assert "bấm <strong>Tiếp</strong>" in page
    assert "<img" not in page


@pytest.mark.parametrize("address", ["0" * 24, "..%2F..%2Fconfig", "x"])
async def test_another_address_is_no_picture(learner: Learner, address: str) -> None:
    answer = await learner.http.get(f"/picture/{address}.png")
    assert answer.status_code == 404
    assert "img" not in answer.headers["content-type"]


async def test_without_a_gallery_nothing_is_drawn() -> None:
    async def ready() -> str:
        return ""

    app = Starlette(routes=routes(Tutor(LIBRARY, Store()), ready, secure_cookie=False), exception_handlers=PROBLEMS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as http:
        assert "<img" not in await begin(Learner(http, Store()))
        assert (await http.get(f"/picture/{ADDRESS}.png")).status_code == 404
