"""Monthly reports in the office: who gets them, and that they tell what the screen told."""

import re
from collections.abc import AsyncIterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from made_figures import Made
from office_house import House, Visitor, house
from pypdf import PdfReader

from bot.core.month import Month, month_figures
from bot.office.figure_texts import FIGURE_TEXTS
from bot.office.month_texts import MONTH_TEXTS
from bot.office.sheet import count

pytestmark = pytest.mark.anyio

VI, SAID = FIGURE_TEXTS["vi"], MONTH_TEXTS["vi"]
APRIL = Month(2026, 4)
ADDRESS = "/office/export/month/14845?month=2026-04"


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


@pytest.fixture
async def lan(open_house: House) -> Visitor:
    return await open_house.signed_in("Lan", "operator")


def words_of(body: bytes) -> str:
    reader = PdfReader(BytesIO(body))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


async def test_a_communes_page_leads_to_its_reports(open_house: House) -> None:
    official = await open_house.signed_in("Minh", "official", "14845")
    page = unescape((await official.open("/office/")).text)
    links = re.findall(r'href="(/office/export/month/[^"]*)"', page)
    assert links == [f"/office/export/month/14845?month={month}" for month in ("2026-04", "2026-03")]
    for link in links:
        answer = await official.open(link)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert 'filename="bao-cao-2026-03-14845.pdf"' in answer.headers["content-disposition"]
    newest = await official.open("/office/export/month/14845")
    assert 'filename="bao-cao-2026-04-14845.pdf"' in newest.headers["content-disposition"]


async def test_a_report_tells_what_was_shown_and_no_more(lan: Visitor) -> None:
    for area in ("14845", "all"):
        told = words_of((await lan.open(f"/office/export/month/{area}?month=2026-04")).content)
        figures = await Made().month(area, APRIL)
        assert figures
        shown = {figures.whole.came, figures.whole.finished, figures.whole.alone}
        for week in month_figures(APRIL, figures, None).weeks:
            shown |= {week.came, week.active, week.finished, week.stuck, week.assisted}
        for each in shown:
            assert (count(each).text if isinstance(each, int) else VI.hidden) in told, each
        derived = {sum(week.came for week in figures.weeks[-4:] if isinstance(week.came, int)), 0}
        derived |= {sum(week.finished for week in figures.weeks[-4:] if isinstance(week.finished, int))}
        for part in (*figures.parts, *figures.weeks):
            derived |= {getattr(part, name) for name in part.__struct_fields__ if name != "monday"}
        known = {count(each).text for each in shown | derived if isinstance(each, int)}
        table = told.partition(VI.came)[2].partition(f"{VI.came}:")[0]
        found = set(re.findall(r"(?<![\d/.])\d{1,3}(?:\.\d{3})+(?![\d/])|(?<![\d/.])\d{2,4}(?![\d/.])", table))
        assert found <= known
        assert len(found) > 10
        assert f"{VI.demo} {VI.demo_note}" in told
        assert "Gồm 4 tuần đã đếm: từ thứ Hai 30/03/2026 đến hết Chủ nhật 26/04/2026." in told
    assert "Tỉnh Thanh Hóa" in told


async def test_it_is_written_down(lan: Visitor, open_house: House) -> None:
    await lan.open(ADDRESS)
    told = [(deed.who, deed.did, deed.to_what) for _, deed in await open_house.office.deeds(1)]
    assert told == [("Lan", "exported", "Báo cáo tháng 04/2026 · Xã Hoằng Lộc · .pdf")]


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (
            "2026-05",
            "Báo cáo tháng 05/2026 gồm các tuần đến hết Chủ nhật 31/05/2026; tuần ấy được đếm vào thứ Hai sau đó.",
        ),
        ("2026-02", "Trong tháng 02/2026 không có tuần nào được đếm cho nơi này."),
        ("10/2026", "'10/2026' không phải là một tháng; viết năm trước, như 2026-10."),
        ("<b>", "'<b>' không phải là một tháng; viết năm trước, như 2026-10."),
    ],
)
async def test_why_there_is_no_report_is_said(lan: Visitor, month: str, sentence: str) -> None:
    answer = await lan.open(f"/office/export/month/14845?month={month}")
    assert answer.status_code == 404
    assert sentence in lan.text.replace("< b >", "<b>") or sentence in unescape(answer.text)
    assert "<b>" not in answer.text


async def test_groups_have_none_and_helpers_see_none(open_house: House, lan: Visitor) -> None:
    assert (await lan.open("/office/export/month/14845.2?month=2026-04")).status_code == 404
    assert "/office/export/month" not in (await lan.open("/office/area/14845.2")).text
    helper = await open_house.signed_in("Hoa", "helper", "14845.2")
    assert (await helper.open(ADDRESS)).status_code == 404
    official = await open_house.signed_in("Minh", "official", "14848")
    assert (await official.open(ADDRESS)).status_code == 404
    assert (await official.open("/office/export/month/all")).status_code == 404
