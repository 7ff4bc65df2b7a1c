"""What a person is to read into a microphone: a table that spreadsheets open, and that comes back with the sounds."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.voice.engine import text_hash
from bot.voice.names import Named, file_of
from bot.voice.recordings import Recording

HEADS = ("id", "tên tệp (file)", "mã chữ (hash)", "đã thu? (status)", "chữ viết (written)", "đọc là (spoken)")
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


def written(rows: Iterable[Task]) -> bytes:
    """Return the script as CSV; Excel takes it for UTF-8 by the mark at its beginning."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(HEADS)
    for row in rows:
        part = row.part
        table.writerow([part.name, file_of(part.name), row.hash, row.status, part.written, part.text])
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, name: str) -> Mapping[str, str]:
    """Return the hash of each text by its id, as the script had them. `name` stands in the sentences.

    Raises BadScript.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadScript(f"{name} is not UTF-8 text; save it as 'CSV UTF-8'.") from error
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)  # spreadsheets save with what their country uses
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
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
