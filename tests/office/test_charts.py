"""Charts: as long as the figures are large, and nothing of what is hidden."""

import re
from xml.etree import ElementTree as ET

import pytest

from bot.office.charts import Bar, bars, columns, nice

FIGURES = [Bar("Zalo", "1.200", 1200), Bar("Trang <web>", "300", 300), Bar("Telegram", "ẩn", None), Bar("Khác", "0", 0)]


def rects(svg: str, kind: str | None = None) -> list[dict[str, str]]:
    tree = ET.fromstring(svg)  # noqa: S314  our own
    return [each.attrib for each in tree.iter("rect") if each.attrib.get("class") == kind]


def test_bars_are_in_proportion() -> None:
    widths = [each["width"] for each in rects(bars("Kênh", FIGURES))]
    assert widths == ["100.00%", "25.00%"]


def test_columns_are_in_proportion_and_what_is_hidden_has_a_mark_of_one_height() -> None:
    drawn = columns("Tuần", FIGURES)
    heights = [float(each["height"]) for each in rects(drawn)]
    assert heights == [pytest.approx(184 * 1200 / 2000, abs=0.1), pytest.approx(184 * 300 / 2000, abs=0.1), 0]
    assert [each["height"] for each in rects(drawn, "hidden")] == ["4"]


def test_names_are_words_and_no_markup() -> None:
    for svg in (bars("<b>", FIGURES), columns("<b>", FIGURES[1:2])):
        texts = [each.text for each in ET.fromstring(svg).iter("text")]  # noqa: S314  our own
        assert "Trang <web>" in texts
        assert "<b>" not in svg


def test_nothing_in_a_chart_needs_a_style_that_the_page_forbids() -> None:
    assert not re.search(r"style|script|href", bars("Kênh", FIGURES) + columns("Tuần", FIGURES))


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8), (9, 20), (21, 40), (1200, 2000), (2001, 4000)]
)
def test_the_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert nice(most) == top


def test_no_figures_make_an_empty_chart() -> None:
    for svg in (bars("Kênh", []), columns("Tuần", [])):
        assert rects(svg) == []
