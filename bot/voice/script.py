"""What a person is to read into a microphone: a table that spreadsheets open, and that comes back with the sounds."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.readable import Named, text_hash
from bot.voice.names import file_of
from bot.voice.recordings import Recording

HEADS = ("id", "tên tệp (file)", "mã chữ (hash)", "đã thu? (status)", "chữ viết (written)", "đọc là (spoken)")
WIDTHS = (28, 28, 18, 24, 60, 60)  # characters, in .xlsx
ENDINGS = (".csv", ".xlsx")
MAX_UNPACKED = 100_000_000  # bytes; all texts of all lessons take a tenth
RECORDED, STALE, NEW = "đã thu (recorded)", "chữ đã đổi, thu lại (stale)", "chưa thu (to record)"


class BadScript(ValueError):
    """This is no script; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """One part to be read."""

    part: Named
    hash: str
    status: str


def tasks(parts: Iterable[Named], found: Iterable[Recording]) -> list[Task]:
    """Tell for each part whether it is recorded."""
    recordings = tuple(found)
    hashes = {each.text for each in recordings}
    steps = {each.step for each in recordings}

    def status(part: Named, mark: str) -> str:
        return RECORDED if mark in hashes else STALE if part.name in steps else NEW

    return [Task(part, mark, status(part, mark)) for part in parts for mark in (text_hash(part.text),)]


def written(rows: Iterable[Task], ending: str = ".csv") -> bytes:
    """Return the script as a file of this ending, one of ENDINGS."""
    table = [
        HEADS,
        *(
            (part.name, file_of(part.name), row.hash, row.status, part.written, part.text)
            for row in rows
            for part in (row.part,)
        ),
    ]
    return _xlsx(table) if ending == ".xlsx" else _csv(table)


def _csv(table: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8-sig")  # Excel takes it for UTF-8 by the mark at its beginning


def _xlsx(table: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  it takes longer to import than all else of `hocso`
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  likewise
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  likewise

    book = Workbook(write_only=True)
    page = book.create_sheet("script")
    page.freeze_panes = "A2"
    for column, width in zip("ABCDEF", WIDTHS, strict=True):
        page.column_dimensions[column].width = width
    for number, row in enumerate(table):
        cells = [WriteOnlyCell(page, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # whatever it begins with, it is no formula
            cell.font, cell.alignment = Font(bold=number == 0), Alignment(wrap_text=True, vertical="top")
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str) -> Mapping[str, str]:
    """Return the hash of each text by its id, as the script had them. `name` stands in the sentences.

    Raises BadScript.
    """
    rows = _of_xlsx(data, name) if data.startswith(b"PK") else _of_csv(data, name)
    heads: Sequence[str] = rows[0] if rows else ()
    places = [next((at for at, cell in enumerate(heads) if wanted in cell), None) for wanted in ("id", "hash")]
    first, second = places
    if first is None or second is None:
        raise BadScript(f"{name} has no columns 'id' and 'hash' in its first line; take one that 'voice script' wrote.")
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if len(row) <= max(first, second):
            raise BadScript(f"{name}:{number}: this line is cut off; it should have {len(heads)} cells.")
        found[row[first]] = row[second].strip()
    return found


def _of_csv(data: bytes, name: str) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadScript(f"{name} is not UTF-8 text; save it as 'CSV UTF-8'.") from error
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)  # spreadsheets save with what their country uses
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


def _of_xlsx(data: bytes, name: str) -> list[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415  see _xlsx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise BadScript(f"{name} is far too large for a script.")  # noqa: TRY301  goes on as it is
        page = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    except BadScript:
        raise
    except Exception as error:  # whatever openpyxl stumbles over
        raise BadScript(f"{name} is no Excel file that can be read; open it and save it as .xlsx.") from error
