"""The preview in a browser: for this machine alone, and the whole walk stands in the address."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from bad_tables import FOLDER, write
from lesson_texts import changed
from starlette.applications import Starlette

from bot.channels.web import PROBLEMS
from bot.channels.web.preview import preview_routes
from bot.library import read_folder

pytestmark = pytest.mark.anyio

LESSON = "/preview/an-02-giu-ma"
FILE = "an-toan/an-02-giu-ma.yaml"


class Editor:
    """Someone at a browser without JavaScript."""

    def __init__(self, folder: Path, came_from: str = "127.0.0.1") -> None:
        write(folder, FOLDER)
        self.folder = folder
        self.library, _ = read_folder(folder)
        routes = preview_routes(lambda: self.library, folder)
        site = Starlette(routes=routes, exception_handlers=PROBLEMS)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(site, client=(came_from, 40_000)), base_url="http://hocso.test"
        )
        self.seen = httpx.Response(200)

    async def open(self, address: str, **headers: str) -> str:
        self.seen = await self._http.get(address, headers=headers)
        return self.seen.text

    def links(self) -> dict[str, str]:
        found = re.findall(r'<a class="way" href="([^"]*)"[^>]*>([^<]*)</a>', self.seen.text)
        return {unescape(label): unescape(address) for address, label in found}

    async def follow(self, label: str) -> str:
        return await self.open(self.links()[label])


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


async def test_all_lessons_stand_under_their_courses(editor: Editor) -> None:
    page = await editor.open("/preview/")
    assert "<h2>An toàn</h2>" in page
    assert editor.links()["an-02: Giữ mã"] == LESSON
    assert "Nghe xong thì bấm <strong>Tiếp</strong>." in await editor.follow("an-02: Giữ mã")


async def test_a_walk_stands_in_its_address(editor: Editor) -> None:
    await editor.open(LESSON)
    assert "Chọn việc người học làm" in editor.seen.text
    await editor.follow("Tiếp")
    page = await editor.follow("Đưa mã")
    assert "Gợi ý: Mã là chìa khóa." in page
    assert str(editor.seen.url).endswith(f"{LESSON}?as=reading&lang=vi&tap=next&tap=b")
    assert "2. hoi (ask)</a>" in page
    assert 'aria-current="true">2. hoi (ask)' in page
    assert await editor.open(str(editor.seen.url)) == page


async def test_each_kind_of_learner_sees_the_same_place_in_their_own_way(editor: Editor) -> None:
    await editor.open(LESSON)
    await editor.follow("2. hoi (ask)")
    assert "<h2>Bước 2 trên 4</h2>" in editor.seen.text
    assert "<p>Hai: Đưa mã.</p>" in await editor.follow("Nghe")
    await editor.follow("Gõ số")
    assert "2. Đưa mã" in editor.links()
    assert '<html lang="en">' in await editor.follow("English")
    assert "Learner" in editor.seen.text


async def test_a_way_that_the_lesson_no_longer_has_ends_where_it_can(editor: Editor) -> None:
    page = await editor.open(f"{LESSON}?tap=next&tap=nowhere&tap=a")
    assert "Bài đã đổi: lối đi này dừng ở đây." in page
    assert "<h2>Bước 2 trên 4</h2>" in page


async def test_what_makes_no_sense_in_an_address_counts_as_left_out(editor: Editor) -> None:
    assert await editor.open(f"{LESSON}?as=shouting&lang=xx&from=nowhere") == await editor.open(LESSON)


async def test_the_way_ends_before_its_address_grows_too_long(editor: Editor) -> None:
    await editor.open(f"{LESSON}?from=lam&" + "&".join(["tap=stuck"] * 500))
    assert "Chọn việc người học làm" not in editor.seen.text
    assert all(len(address) < 2_000 for address in editor.links().values())


async def test_errors_of_the_file_stand_beside_its_last_good_version(editor: Editor) -> None:
    path = editor.folder / FILE
    path.write_text(changed(path.read_text(encoding="utf-8"), "minutes: 3", "minuts: 3"), encoding="utf-8")
    page = unescape(await editor.open(LESSON))
    assert f"{path}:4:1: error unknown-key: không có mục nào tên 'minuts'; có phải ý là 'minutes' không?" in page
    assert "bấm <strong>Tiếp</strong>" in page
    path.write_bytes(b"format: 1\n\xff")
    assert f"{path}:2:1: error not-utf8" in await editor.open(LESSON)
    path.unlink()
    assert f"{path}:1:1: error cannot-read" in await editor.open(LESSON)


async def test_a_good_file_has_no_problems_beside_it(editor: Editor) -> None:
    assert 'class="problem"' not in await editor.open(LESSON)


async def test_from_elsewhere_there_is_nothing(tmp_path: Path) -> None:
    for editor, headers in (
        (Editor(tmp_path, "192.0.2.7"), {}),
        (Editor(tmp_path), {"X-Forwarded-For": "192.0.2.7"}),
    ):
        for address in ("/preview/", LESSON):
            page = await editor.open(address, **headers)
            assert (editor.seen.status_code, "Giữ mã" in page) == (404, False)


async def test_a_lesson_that_is_not_there_is_not_found(editor: Editor) -> None:
    await editor.open("/preview/an-77")
    assert editor.seen.status_code == 404


async def test_the_policy_stays_strict(editor: Editor) -> None:
    page = await editor.open(LESSON)
    policy = editor.seen.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<script" not in page.replace("<script src=", "")  # none but files of ours
    assert "style=" not in page
