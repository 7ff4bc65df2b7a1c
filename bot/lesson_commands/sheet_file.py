"""Sheets as files: .xlsx and .csv, read with care for what programs make of texts, and written so that none is lost."""

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.sheet_reading import MAX_COLUMNS, MAX_ROWS, Cell, Formula, Rows, known_headings

MAX_BYTES = 5_000_000  # a lesson's sheet has under 20,000
MAX_UNPACKED = 30_000_000
MAX_CELL = 32_767  # characters, to Excel
ENDINGS = (".xlsx", ".csv")
DELIMITERS = ",;\t"

_FORMULAS = ("=", "+", "-", "@")  # what begins like this, Excel reckons in a .csv
_TEXT = "@"  # the format of cells in which nothing is made into a number or a date


class Unreadable(ValueError):
    """A file isn't a sheet that can be read; says why, in Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sheet may be: `headings` counts the cells of its first row that name a column."""

    headings: Callable[[Sequence[str]], int] = known_headings
    rows: int = MAX_ROWS
    columns: int = MAX_COLUMNS


LESSON = Shape()


def read_sheet(path: Path, shape: Shape = LESSON) -> Rows:
    """Return the rows of the first sheet of a file, without what is empty at their ends.

    Raises:
        Unreadable: it isn't there, is none, or is far too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path, shape)
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: không đọc được. (It can't be read: {error.strerror}.)") from error
    rows = _xlsx(path, data, shape) if path.suffix.lower() == ".xlsx" else _csv(path, data, shape)
    for row in rows:
        while row and row[-1] in {None, ""}:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > shape.rows or any(len(row) > shape.columns for row in rows):
        raise _too_large(path, shape)
    return rows


def _too_large(path: Path, shape: Shape) -> Unreadable:
    what = ("một bài học", "a lesson") if shape is LESSON else ("một danh sách", "a list")
    return Unreadable(
        f"{path}: quá lớn đối với {what[0]}; nhiều nhất {shape.rows} hàng, {shape.columns} cột."
        f" (It is too large for {what[1]}; at most {shape.rows} rows and {shape.columns} columns.)"
    )


def letter_of(column: int) -> str:
    """Return what sheets call a column, counted from 1."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  openpyxl takes longer to import than all else of `hocso`

    return get_column_letter(column)


def _xlsx(path: Path, data: bytes, shape: Shape = LESSON) -> list[list[Cell]]:
    from openpyxl import load_workbook  # noqa: PLC0415  see letter_of

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _too_large(path, shape)  # noqa: TRY301  goes on as it is
            # Sheets have no document types; what they define can be made to grow without end.
            if any(b"<!DOCTYPE" in packed.read(part) for part in parts):
                raise _no_sheet(path)  # noqa: TRY301  goes on as it is
        with warnings.catch_warnings(action="ignore"):  # of what openpyxl leaves out: drawings, lists to choose from
            book = load_workbook(io.BytesIO(data), read_only=True)
            page = book.worksheets[0]
            page.reset_dimensions()  # what the file says of its size may be wrong
            rows = page.iter_rows(max_row=shape.rows + 1, max_col=shape.columns + 1)
            return [[_cell(each) for each in row] for row in rows]
    except Unreadable:
        raise
    except Exception as error:  # whatever openpyxl stumbles over, it is no sheet for us
        raise _no_sheet(path) from error


def _no_sheet(path: Path) -> Unreadable:
    return Unreadable(
        f"{path}: không phải tệp Excel đọc được; hãy mở nó rồi lưu lại thành .xlsx."
        " (It is no Excel file that can be read; open it and save it as .xlsx.)"
    )


def _cell(cell: Any) -> Cell:  # noqa: ANN401  openpyxl has several kinds without a name in common
    if cell.data_type in {"f", "e"}:
        return Formula(cell.value)
    value: Cell = cell.value
    return value


def _csv(path: Path, data: bytes, shape: Shape = LESSON) -> list[list[Cell]]:
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{path}: chữ không theo UTF-8; hãy lưu lại thành 'CSV UTF-8'."
            " (Its letters aren't UTF-8; save it as 'CSV UTF-8'.)"
        ) from error
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=lambda each: shape.headings(next(csv.reader([first], delimiter=each), [])))
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[_plain(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise Unreadable(
            f"{path}: không đọc được như một tệp .csv; hãy lưu lại thành 'CSV UTF-8'."
            " (It can't be read as a .csv file; save it as 'CSV UTF-8'.)"
        ) from error


def _plain(cell: str) -> str:
    """Take off the mark that keeps a sheet from reckoning."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULAS) else cell


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULAS) else cell


def as_file(rows: Sequence[Sequence[str]], ending: str) -> bytes:
    """Return the rows as a .xlsx or .csv file; no cell becomes a formula.

    Raises:
        Unreadable: a text is longer than a cell can hold.
    """
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise Unreadable(
            f"Có lời dài hơn {MAX_CELL} ký tự, một ô không chứa hết. (A text is longer than a cell can hold.)"
        )
    return _as_csv(rows) if ending == ".csv" else _as_xlsx(rows)


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")  # by the mark at its beginning Excel knows the letters


def _as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  see letter_of
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  see letter_of

    book = Workbook()
    page: Any = book.active
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = page.cell(number, column)
            if text:
                cell.value, cell.data_type = text, "s"
            cell.number_format = _TEXT
            cell.quotePrefix = text.startswith(_FORMULAS)  # else typing into the cell would make it a formula
            cell.alignment = wrapped
            if number == 1:
                cell.font = Font(bold=True)
    for letter, width in _widths(rows):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _widths(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, int]]:
    """Return each column's letter and a width in characters at which most of it is seen."""
    for place, column in enumerate(zip(*rows, strict=True), 1):
        yield letter_of(place), max(12, min(60, max(map(len, column))))
