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
from bot.pictures.gallery import Gallery
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice

pytestmark = pytest.mark.anyio

LESSON = "/preview/an-02-giu-ma"
FILE = "an-toan/an-02-giu-ma.yaml"
BESIDE, ELSEWHERE = "Cần sửa ở bước này", "Cần sửa ở chỗ khác"


class Editor:
    """Someone at a browser without JavaScript."""

    def __init__(self, folder: Path, came_from: str = "127.0.0.1", voice: Voice | None = None) -> None:
        write(folder, FOLDER)
        self.folder = folder
        self.library, _ = read_folder(folder)
        gallery = Gallery(folder / "var", lambda: self.library)
        routes = preview_routes(lambda: self.library, folder, voice, gallery)
        site = Starlette(routes=routes, exception_handlers=PROBLEMS)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(site, client=(came_from, 40_000)), base_url="http://localhost:8080"
        )
        self.seen = httpx.Response(200)

    async def open(self, address: str, **headers: str) -> str:
        self.seen = await self._http.get(address, headers=headers)
        return self.seen.text

    def links(self) -> dict[str, str]:
        found = re.findall(r'<a class="way" href="([^"]*)"[^>]*>([^<]*)</a>', self.seen.text)
        return {unescape(label): unescape(address) for address, label in found}

    def under(self, heading: str) -> list[str]:
        """Return the problems under a heading, without the folder."""
        text = unescape(self.seen.text).partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]
        return re.findall(rf'<p class="problem">{re.escape(str(self.folder))}/an-toan/(.*)</p>', text)

    def write(self, old: str, new: str, name: str = FILE) -> None:
        """Change one thing in a file, which isn't taught so far."""
        path = self.folder / name
        path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")

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


async def test_problems_stand_beside_their_step_and_the_others_below(editor: Editor) -> None:
    editor.write("kind: do\n", "kind: do\n    hlep: x\n")
    await editor.open(LESSON)
    assert editor.under(BESIDE) == []
    (unknown,) = editor.under(ELSEWHERE)
    assert unknown.startswith("an-02-giu-ma.yaml:28:5: error unknown-key: không có mục nào tên 'hlep'; ")
    assert "Tệp bài đang có lỗi; đây là bản tốt gần nhất." in editor.seen.text
    assert "bấm <strong>Tiếp</strong>" in editor.seen.text
    page = await editor.follow("3. lam (do)")
    assert (editor.under(BESIDE), editor.under(ELSEWHERE)) == ([unknown], [])
    assert re.search(r"3\. lam \(do\)</a>\s*<p>Cần sửa: 1 điều</p>", page)
    assert page.count("Cần sửa: ") == 1


async def test_what_is_only_advised_against_is_shown_too(editor: Editor) -> None:
    editor.write("text: Nghe xong thì bấm **Tiếp**.", "text: Bấm nút màu đỏ.")
    await editor.open(LESSON)
    (told,) = editor.under(BESIDE)
    assert told.startswith("an-02-giu-ma.yaml:13:15: warning only-for-eyes: ")
    assert "Tệp bài đang có lỗi" not in editor.seen.text


async def test_problems_of_translations_and_talks_are_shown_too(editor: Editor) -> None:
    editor.write("text: Open your messages.", "txet: Open your messages.", "an-toan/an-02-giu-ma.en.yaml")
    talk = "format: 1\ntalks:\n- {name: Một, turns: [{taps: Tiếp, hears: [Không ai nói thế]}]}\n"
    (editor.folder / "an-toan/an-02-giu-ma.talk.yaml").write_text(talk, encoding="utf-8")
    await editor.open(f"{LESSON}?lang=en&from=lam")
    (misspelt,) = editor.under("To mend at this step")
    assert misspelt.startswith("an-02-giu-ma.en.yaml:15:5: error unknown-key: unknown key 'txet'; ")
    (differs,) = editor.under("To mend elsewhere")
    assert differs.startswith("an-02-giu-ma.talk.yaml:3:44: error talk-differs: 'Không ai nói thế' isn't heard; ")
    (editor.folder / FILE).write_text("format: 1\n", encoding="utf-8")
    await editor.open(LESSON)
    assert "talk-differs" not in editor.seen.text  # it would be played with another lesson than the one beside it


async def test_a_file_that_cannot_be_read_keeps_its_last_good_version(editor: Editor) -> None:
    (editor.folder / FILE).write_bytes(b"format: 1\n\xff")
    await editor.open(LESSON)
    assert editor.under(ELSEWHERE)[0].startswith("an-02-giu-ma.yaml:2:1: error not-utf8: ")
    (editor.folder / FILE).unlink()
    assert "bấm <strong>Tiếp</strong>" in await editor.open(LESSON)
    assert editor.under(ELSEWHERE)[0].startswith("an-02-giu-ma.yaml:1:1: error cannot-read: ")


async def test_talks_that_cannot_be_read_are_told(editor: Editor) -> None:
    (editor.folder / "an-toan/an-02-giu-ma.talk.yaml").mkdir()
    await editor.open(LESSON)
    (told,) = editor.under(ELSEWHERE)
    assert told.startswith("an-02-giu-ma.talk.yaml:1:1: error cannot-read: ")


async def test_a_lesson_that_was_never_good_shows_why(editor: Editor) -> None:
    path = editor.folder / "an-toan/an-03-moi.yaml"
    path.write_text("format: 1\ntitle: [Mới\n", encoding="utf-8")
    await editor.open("/preview/")
    assert "<h2>Chưa dạy được</h2>" in editor.seen.text
    page = await editor.follow("an-03-moi")
    assert "Bài này chưa dạy được." in page
    assert editor.under(ELSEWHERE)[0].startswith("an-03-moi.yaml:2:8: error open-bracket: ")
    editor.library, _ = read_folder(editor.folder)
    await editor.open("/preview/an-03")
    assert editor.links()["Tải lại trang"] == "/preview/an-03-moi"


async def test_a_good_file_has_no_problems_beside_it(editor: Editor) -> None:
    page = await editor.open(LESSON)
    assert 'class="problem"' not in page
    assert "Cần sửa" not in page


async def test_the_ways_through_a_rehearsal_are_drawn_and_told(editor: Editor) -> None:
    page = await editor.open(f"{LESSON}?from=goi&tap=next&tap=a")
    assert "<p>chao: 1 → doa; 2 → debrief</p>\n<p>doa: 1 → chao; 2 → debrief</p>" in page
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'aria-hidden="true"' in svg
    assert re.findall(r"<g[^>]*>\s*<rect[^>]*>\s*<text[^>]*>([^<]*)", svg) == [
        *("1. nghe", "2. hoi", "3. lam", "4. goi"),
        *("chao", "doa", "debrief"),
    ]
    assert re.findall(r'<g class="here">\s*<rect[^>]*>\s*<text[^>]*>([^<]*)', svg) == ["doa"]


async def test_the_mark_changes_with_the_files_and_with_what_is_taught(editor: Editor) -> None:
    marks: list[str] = []

    async def look() -> None:
        await editor.open(LESSON)
        marks.append(editor.seen.headers["etag"])

    await look()
    await look()
    editor.write("text: Nghe xong thì bấm", "text: Đọc xong thì bấm nút màu đỏ là")
    await look()
    editor.library, _ = read_folder(editor.folder)
    await look()
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert f"data-mark={marks[3]}" in editor.seen.text


async def test_what_the_step_says_is_played_whoever_learns(tmp_path: Path) -> None:
    voice = Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(tmp_path / "clips"))
    editor = Editor(tmp_path, voice=voice)
    for kind in ("reading", "listening", "numbers"):
        page = await editor.open(f"{LESSON}?as={kind}&from=hoi")
        (address,) = re.findall(r'<source src="/voice/([^"]+)\.ogg"', page)
        speech = await voice.kept(address)
        assert speech
        assert speech.parts[2:5] == ("Có đưa mã không?", "Một: Không đưa.", "Hai: Đưa mã.")
    await voice.close()


async def test_without_a_voice_there_is_no_player(editor: Editor) -> None:
    assert "<audio" not in await editor.open(LESSON)


async def test_drawn_screens_are_shown(editor: Editor) -> None:
    editor.write(
        "{file: nut.png, alt: Nút có chữ Tiếp.}", "{screen: {title: Zalo, rows: [Tiếp], tap: Tiếp}, alt: Nút Tiếp.}"
    )
    editor.library, _ = read_folder(editor.folder)
    assert re.search(r'<img class="drawn" src="/picture/[0-9a-f]{24}\.png" alt="Nút Tiếp\."', await editor.open(LESSON))


async def test_from_elsewhere_there_is_nothing(tmp_path: Path) -> None:
    for editor, headers in (
        (Editor(tmp_path, "192.0.2.7"), {}),
        (Editor(tmp_path), {"X-Forwarded-For": "192.0.2.7"}),
        (Editor(tmp_path), {"Host": "hocso.example.vn"}),  # by a proxy that tells nothing, or a name that leads here
        (Editor(tmp_path), {"Host": "localhost.example.vn"}),
        (Editor(tmp_path), {"Host": "[::1"}),
    ):
        for address in ("/preview/", LESSON):
            page = await editor.open(address, **headers)
            assert (editor.seen.status_code, "Giữ mã" in page) == (404, False)


async def test_a_lesson_that_is_not_there_is_not_found(editor: Editor) -> None:
    for name in ("an-77", "course", "phrases", "vi", "%00", "..%2Fan-02", "an-0" * 500):
        await editor.open(f"/preview/{name}")
        assert editor.seen.status_code == 404, name


async def test_the_policy_stays_strict(editor: Editor) -> None:
    page = await editor.open(LESSON)
    policy = editor.seen.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<script" not in page.replace("<script src=", "")  # none but files of ours
    assert "style=" not in page
