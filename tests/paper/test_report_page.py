"""The page of a report: one A4, all of it readable, nothing lost."""

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.paper.report import Columns, Grid, Report
from bot.paper.report_page import TEXT, report_page

DAY = dt.date(2026, 11, 2)
LONG = "Tổ công nghệ số cộng đồng thôn Đông Thượng Nghĩa Trang số"
GRID = Grid(
    "Đến nay", ("Số người", "Đến 27/09", "Đến 25/10", "Thay đổi"), (("Đến học", "1.020", "ẩn", "–"),), (1, 1, 1, 1)
)
REPORT = Report(
    "Báo cáo tháng 10/2026",
    "Xã Nga Sơn, tỉnh Thanh Hóa",
    ("Gồm 4 tuần đã đếm.",),
    ("SỐ LIỆU MẪU", "Không phải của người thật."),
    GRID,
    Columns("Có học", tuple((f"{day:02}/10", str(day), day or None) for day in range(12))),
    replace(GRID, title="Theo tuần", rows=GRID.rows * 6),
    Grid("Theo tổ", ("Tổ", "Đến học"), tuple((f"{LONG} {at}", f"{at}77") for at in range(6)), (3, 1)),
    "Số liệu từng tổ ở nơi khác.",
    ("Đến học: mỗi người tính một lần.", "Có học: trong tuần ấy."),
    (("Người lập báo cáo", "(ký)"), ("Xác nhận", "(ký)")),
    "……, ngày …… tháng ……",
)


def read(pdf: bytes) -> tuple[int, str, set[float]]:
    """How many pages, their words, and the sizes of their letters."""
    pages = PdfReader(BytesIO(pdf)).pages
    sizes: set[float] = set()

    def see(text: str, _to: Any, _matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            sizes.add(size)

    words = " ".join(" ".join(page.extract_text(visitor_text=see).split()) for page in pages)
    return len(pages), words, sizes


def test_all_of_it_stands_on_one_page_in_letters_of_eleven_points_at_least() -> None:
    pages, words, sizes = read(report_page(REPORT, DAY))
    assert pages == 1
    assert min(sizes) >= TEXT == 11
    for grid in (REPORT.first, REPORT.second, REPORT.third):
        assert grid
        for text in (grid.title, *grid.heads, *(cell for row in grid.rows for cell in row)):
            assert text in words, text
    for text in (REPORT.title, REPORT.area, *REPORT.lines, "SỐ LIỆU MẪU", "11/10", *REPORT.notes, REPORT.place):
        assert text in words, text
    assert REPORT.instead not in words


@pytest.mark.parametrize("rows", [12, 40])
def test_a_table_for_which_there_is_no_room_is_left_out_and_said_so(rows: int) -> None:
    third = Grid("Theo tổ", ("Tổ", "Đến học"), tuple((f"{LONG} {at}", "77") for at in range(rows)), (1, 1))
    pages, words, _ = read(report_page(replace(REPORT, third=third), DAY))
    assert pages == 1
    assert (REPORT.instead in words, "Theo tổ" in words) in {(True, False), (False, True)}
    assert REPORT.place in words


def test_nothing_to_draw_is_drawn_too() -> None:
    bare = replace(REPORT, chart=Columns("Có học", ()), warning=None, third=None, instead="")
    assert read(report_page(bare, DAY))[0] == 1
    hidden = replace(bare, chart=Columns("Có học", (("01/10", "ẩn", None), ("08/10", "0", 0))))
    assert read(report_page(hidden, DAY))[0] == 1


def test_the_same_report_is_the_same_file() -> None:
    assert report_page(REPORT, DAY) == report_page(REPORT, DAY)
