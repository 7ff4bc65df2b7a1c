"""Pages of figures, and the files of the same: every number alike, nothing hidden told."""

import csv
import re
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from made_figures import COMMUNES, Made
from office_house import House, Visitor, house
from openpyxl import load_workbook
from small import REAL

from bot.core.released import UNCOUNTED, AreaFigures, LessonFigures, LessonReach, Reach, Week
from bot.office.figure_texts import FIGURE_TEXTS
from bot.office.figures import NotCounted
from bot.office.texts import TEXTS

pytestmark = pytest.mark.anyio

VI = FIGURE_TEXTS["vi"]
LESSON = next(iter(REAL.lessons))
PAGES = {
    "/office/": "area/all",
    "/office/area/all": "area/all",
    "/office/area/14845": "area/14845",
    "/office/area/14845.2": "area/14845.2",
    "/office/lessons": "lessons?area=all",
    "/office/lessons?area=14845": "lessons?area=14845",
    f"/office/lessons/{LESSON}?area=14848": f"lessons/{LESSON}?area=14848",
}


class Tables(HTMLParser):
    """The tables of a page as a person reads them: rows of cells, each table below its caption."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"caption", "tr"}:
            self.rows.append([])
        if tag in {"caption", "th", "td"}:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"caption", "th", "td"}:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data.strip()


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


@pytest.fixture
async def lan(open_house: House) -> Visitor:
    return await open_house.signed_in("Lan", "operator")


def read(cell: str) -> str | int:
    """A cell of the screen as a sheet counts with it: 1.234 is a number, 12/05/2026 is none."""
    return int(cell.replace(".", "")) if re.fullmatch(r"\d{1,3}(\.\d{3})*|\d+", cell) else cell


@pytest.mark.parametrize(("page", "path"), PAGES.items())
async def test_screen_csv_and_workbook_tell_the_same(lan: Visitor, page: str, path: str) -> None:
    shown = [[read(cell) for cell in row] for row in Tables((await lan.open(page)).text).rows]
    assert sum(isinstance(cell, int) for row in shown for cell in row) > 3
    answer = await lan.open(f"/office/export/csv/{path}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    written = [row for row in csv.reader(StringIO(answer.content.decode("utf-8-sig"))) if row]
    assert [VI.demo, VI.demo_note] in written
    assert shown == [[read(cell) for cell in row] for row in written[1:] if of_table(row, shown)]
    book = load_workbook(BytesIO((await lan.open(f"/office/export/xlsx/{path}")).content))
    cells = []
    for each in book:
        rows = [[cell for cell in row if cell is not None] for row in each.iter_rows(values_only=True)]
        assert [VI.demo, VI.demo_note] in rows
        cells += [row for row in rows[1:] if of_table([str(cell) for cell in row], shown)]
    assert shown == cells


def of_table(row: list[str], shown: list[list[str | int]]) -> bool:
    """Whether a row of a file is a table's, and not one of the head or the notes."""
    return [read(each) for each in row] in shown


async def test_a_hidden_number_is_told_nowhere(lan: Visitor) -> None:
    figures = await Made().area("all")
    assert figures
    hidden = [each.name for each in figures.parts if each.alone is None or each.active is None]
    assert hidden
    rows = Tables((await lan.open("/office/")).text).rows
    assert all(VI.hidden in row for row in rows if row[0] in hidden)
    assert f"{VI.hidden} {VI.hidden_note}" in lan.text


async def test_files_say_when_where_and_what(lan: Visitor, open_house: House) -> None:
    answer = await lan.open("/office/export/csv/area/14845")
    assert answer.headers["content-disposition"] == 'attachment; filename="hoc-so-area-14845-16-05-2026.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[:3] == ["Xã Hoằng Lộc", "Phạm vi,Xã Hoằng Lộc", "Tính đến hết ngày,16/05/2026"]
    assert lines[3:5] == [f'ẩn,"{VI.hidden_note}"', f'SỐ LIỆU MẪU,"{VI.demo_note}"']
    assert lines[5].startswith("Xuất lúc,")
    assert VI.came_means in answer.text
    told = [deed for _, deed in await open_house.office.deeds(5)]
    assert (told[0].who, told[0].did, told[0].to_what) == ("Lan", "exported", "Xã Hoằng Lộc · Xã Hoằng Lộc · .csv")


async def test_real_figures_are_not_called_a_demo(lan: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Made, "demo", False)
    assert VI.demo not in (await lan.open("/office/")).text
    assert VI.demo not in (await lan.open("/office/export/csv/area/all")).content.decode()


async def test_a_name_that_looks_like_a_formula_stays_a_name(lan: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = '=HYPERLINK("http://evil.test")'

    async def area(_self: Made, _area: str) -> AreaFigures:
        return AreaFigures(20_000, False, Reach("all", evil, 9, 8, 7, 6), (Reach("14845", evil, 9, 8, 7, 6),))

    monkeypatch.setattr(Made, "area", area)
    rows = list(csv.reader(StringIO((await lan.open("/office/export/csv/area/all")).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows if row and "HYPERLINK" in row[0]] == [f"'{evil}"] * 2
    book = load_workbook(BytesIO((await lan.open("/office/export/xlsx/area/all")).content))
    found = [cell for page in book for row in page.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert {(cell.value, cell.data_type) for cell in found} == {(evil, "s")}


@pytest.mark.parametrize(
    "address", ["/office/area/99999", "/office/area/14845.99", "/office/lessons/no-such", "/office/export/pdf/area/all"]
)
async def test_what_there_is_not_is_refused_like_what_may_not_be_seen(lan: Visitor, address: str) -> None:
    assert (await lan.open(address)).status_code == 404


async def test_an_official_sees_their_commune_and_is_led_nowhere_else(open_house: House) -> None:
    official = await open_house.signed_in("Minh", "official", "14845")
    page = (await official.open("/office/")).text
    assert "<h1>Xã Hoằng Lộc</h1>" in page
    assert ">Tổ 2</a>" in page  # its commune is the page's own
    await official.open("/office/account")
    assert "Minh · Cán bộ xem số liệu · xã Hoằng Lộc" in official.text
    await official.open("/office/account?lang=en")
    assert "Minh · Official · Hoằng Lộc commune" in official.text
    links = set(re.findall(r'href="(/office[^"]*)"', unescape(page)))
    for link in links:
        assert (await official.open(link)).status_code == 200, link
    assert not any(code in page for code in COMMUNES if code != "14845")
    assert "/office/audit" not in links


async def test_a_helper_sees_their_group_alone(open_house: House) -> None:
    helper = await open_house.signed_in("Tổ 2", "helper", "14845.2")
    assert "<h1>Tổ 2, xã Hoằng Lộc</h1>" in (await helper.open("/office/")).text
    for address in ("/office/area/14845", "/office/area/14845.1", "/office/lessons", "/office/area/all"):
        assert (await helper.open(address)).status_code == 404


async def test_the_pages_of_a_group_say_why_some_figures_are_not_there(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    week, reach = Week(20_583, UNCOUNTED, 9, UNCOUNTED, 0, 0), Reach("14845.2", "Tổ 2, xã Hoằng Lộc", 9, 8, 7, 6)
    lesson = LessonFigures("14845.2", reach.name, 20_589, False, (LessonReach(LESSON, UNCOUNTED, 8, 7),))

    async def area(_self: Made, _area: str) -> AreaFigures:
        return AreaFigures(20_589, False, reach, (), (week,))

    async def lessons(_self: Made, *_of: str) -> LessonFigures:
        return lesson

    for name, made in (("area", area), ("lessons", lessons), ("lesson", lessons)):
        monkeypatch.setattr(Made, name, made)
    lan = await open_house.signed_in("Lan", "operator")
    for address in ("/office/area/14845.2", "/office/lessons?area=14845.2", f"/office/lessons/{LESSON}?area=14845.2"):
        await lan.open(address)
        assert VI.uncounted_group in lan.text
        assert VI.uncounted_step not in lan.text
    monkeypatch.undo()
    await lan.open(f"/office/lessons/{LESSON}?area=14845")
    assert VI.uncounted_step in lan.text
    assert VI.uncounted_group not in lan.text


async def test_english_has_all_words_too(lan: Visitor) -> None:
    await lan.open("/office/?lang=en")
    assert FIGURE_TEXTS["en"].came_means in lan.text
    assert VI.came_means not in lan.text


async def test_before_anything_is_counted_the_pages_say_so(lan: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_args: object) -> None:
        raise NotCounted

    for name in ("area", "lessons", "lesson"):
        monkeypatch.setattr(Made, name, nothing)
    for address in ("/office/", "/office/lessons", f"/office/lessons/{LESSON}", "/office/export/csv/area/all"):
        await lan.open(address)
        assert TEXTS["vi"].uncounted.text in lan.text
