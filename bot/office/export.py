"""The tables of a page as files: the very cells that the screen shows, with what they mean and when."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell as Square
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.office.sheet import Cell, Sheet

Form = Literal["csv", "xlsx"]
MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEAD: Final = PatternFill("solid", fgColor="E6EEFC")
_BROAD, _WIDE, _NARROW = 60, 34, 16  # characters
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the tables: name and value of a line each, such as the area and the day."""

    title: str
    lines: tuple[tuple[str, str], ...]


def as_csv(head: Head, sheets: Sequence[Sheet]) -> bytes:
    """Write them below one another, in UTF-8 with the mark that has Excel see it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in _rows(head, sheets):
        writer.writerow([_harmless(each.value) for each in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(head: Head, sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook with one sheet a table, each with the head above it."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for one in sheets:
        page: Worksheet = book.create_sheet(one.key)
        _fill(page, head, one)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, head: Head, one: Sheet) -> None:
    start = len(head.lines) + 4  # of the table: below the title, the lines, the caption
    for number, row in enumerate(_rows(head, [one]), 1):
        for at, each in enumerate(row, 1):
            square = page.cell(number, at)
            if isinstance(square, Square):
                _write(square, each)
                square.alignment = Alignment(vertical="top", wrap_text=at == 1 and number >= start)
                if number in {1, start - 1, start}:
                    square.font = Font(bold=True)
                if number == start:
                    square.fill = _HEAD
    for at in range(1, len(one.columns) + 1):
        page.column_dimensions[get_column_letter(at)].width = _WIDE if at == 1 else _NARROW
    page.freeze_panes = page.cell(start + 1, 2).coordinate
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(square: Square, cell: Cell) -> None:
    square.value = cell.value
    if isinstance(cell.value, str):
        square.data_type = "s"  # a name that begins with = is a name
    else:
        square.number_format = "#,##0"


def _rows(head: Head, sheets: Iterable[Sheet]) -> Iterable[tuple[Cell, ...]]:
    yield (Cell(head.title, head.title),)
    for name, value in head.lines:
        yield Cell(name, name), Cell(value, value)
    for one in sheets:
        yield ()
        yield (Cell(one.caption, one.caption),)
        yield tuple(Cell(name, name) for name in one.columns)
        yield from one.rows
        for note in one.notes:
            yield (Cell(note, note),)


def _harmless(value: int | str) -> int | str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
