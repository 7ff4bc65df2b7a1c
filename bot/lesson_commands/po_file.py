"""The file of a .po: written for translators' programs, read with care for what becomes of files on their way."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib

from bot.core.po import Message
from bot.core.problem import Phrase
from bot.core.yaml_text import with_plain_ends

MAX_BYTES = 20_000_000  # all lessons there are take 2,000,000
ENDING = ".po"
PROJECT = "hocso-lessons 1"  # the number is the format of lesson files

_charset = re.compile(rb'^"Content-Type:[^"\n]*charset=([^"\\\s;]+)', re.MULTILINE | re.IGNORECASE)
_UTF8 = {"utf-8", "utf8"}
# A line of an entry: a key, the text in its quotes, and no sign in it that needs a stroke before it.
_line = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?"(?:[^"\\]|\\["\\abfnrtv])*"')
_at = re.compile(r"\(line (\d+)\)")

_SENTENCES = {
    "unreadable": Phrase("it can't be read: {why}", "không đọc được: {why}"),
    "too-large": Phrase(
        f"it is too large, over {MAX_BYTES // 1_000_000} MB; export the courses one by one",
        f"tệp quá lớn, hơn {MAX_BYTES // 1_000_000} MB; hãy xuất từng khóa một",
    ),
    "other-charset": Phrase(
        "its letters are said to be {charset!r}; save it as UTF-8",
        "tệp ghi là dùng bảng mã {charset!r}; hãy lưu lại theo UTF-8",
    ),
    "not-utf8": Phrase("its letters aren't UTF-8; save it as UTF-8", "chữ không theo UTF-8; hãy lưu lại theo UTF-8"),
    "no-po": Phrase(
        "this isn't how a .po is written: msgctxt, msgid and msgstr, in this order, each with a text in closed quotes;"
        " save it again with the program that wrote it",
        "không đúng cách viết của tệp .po: msgctxt, msgid rồi msgstr, chữ nằm giữa hai dấu nháy kép;"
        " hãy lưu lại bằng chương trình đã viết ra nó",
    ),
    "no-entry": Phrase("there is no entry in it; export again", "tệp không có mục nào; hãy xuất lại"),
}


class NoPo(ValueError):
    """A file isn't a .po that can be read; `told` says why, `line` where."""

    def __init__(self, code: str, line: int = 1, **fields: str) -> None:
        self.line = line
        sentence = _SENTENCES[code]
        self.told = Phrase(sentence.en.format_map(fields), sentence.vi.format_map(fields))
        super().__init__(self.told.en)


@dataclass(frozen=True, slots=True)
class PoFile:
    """What a .po holds; `lang` is empty where it names none, `lang_line` is where it does or should."""

    lang: str
    lang_line: int
    entries: tuple[Message, ...]


def as_po(entries: Sequence[Message], lang: str, now: dt.datetime) -> bytes:
    """Return the entries as a .po in UTF-8; `lang` is the language translated into, `now` goes into its head."""
    made = polib.POFile(wrapwidth=100)
    at = f"{now:%Y-%m-%d %H:%M%z}"
    made.metadata = {
        "Project-Id-Version": PROJECT,
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": at,
        "PO-Revision-Date": at,
        "Last-Translator": "",
        "Language-Team": "",
        "Language": lang,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    made.extend(map(_written, entries))
    return f"{made}\n".encode()


def _written(entry: Message) -> polib.POEntry:
    path, line = entry.place
    return polib.POEntry(
        msgctxt=entry.context,
        msgid=entry.source,
        msgstr=entry.said,
        flags=["fuzzy"] if entry.fuzzy else [],
        previous_msgid=entry.before or None,
        comment="\n".join(entry.notes),
        tcomment=entry.remark,
        occurrences=[(path, str(line))],
    )


def read_po(path: Path) -> PoFile:
    """Return what a .po holds, without entries that are there no more (`#~`).

    Raises:
        NoPo: it isn't there, is none, or is far too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NoPo("too-large")
        data = path.read_bytes()
    except OSError as error:
        raise NoPo("unreadable", why=error.strerror or "") from error
    return po_of(data)


def po_of(data: bytes) -> PoFile:
    """Return what the bytes of a .po hold. Raises NoPo."""
    text = with_plain_ends(_decoded(data))
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        row = line.strip()
        if row and not row.startswith("#") and not _line.fullmatch(row):
            raise NoPo("no-po", number)
    try:
        found = polib.pofile(f"{text}\n")  # with a line's end, no text is taken for the name of a file
    except Exception as error:  # whatever polib stumbles over, it is no .po for us
        at = _at.search(str(error))
        raise NoPo("no-po", int(at[1]) if at else 1) from error
    entries = tuple(_entries(found, lines))
    if not entries:
        raise NoPo("no-entry")
    language = next((number for number, line in enumerate(lines, 1) if line.startswith('"Language:')), 1)
    return PoFile(str(found.metadata.get("Language", "")), language, entries)


def _decoded(data: bytes) -> str:
    if (told := _charset.search(data)) and told[1].decode("latin-1").lower() not in _UTF8:
        line = data[: told.start()].count(b"\n") + 1
        raise NoPo("other-charset", line, charset=told[1].decode("latin-1"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoPo("not-utf8", data[: error.start].count(b"\n") + 1) from error


def _entries(found: polib.POFile, lines: Sequence[str]) -> Iterator[Message]:
    for entry in found:
        if not entry.obsolete:
            yield Message(
                entry.msgctxt or "",
                entry.msgid,
                entry.msgstr,
                fuzzy="fuzzy" in entry.flags,
                before=entry.previous_msgid or "",
                remark=entry.tcomment,
                line=_begins(entry.linenum or 1, lines),
                plural=bool(entry.msgid_plural),
            )


def _begins(line: int, lines: Sequence[str]) -> int:
    """Return the line of an entry's first key: polib counts from its first comment."""
    keyed = (number for number in range(max(line, 1), len(lines) + 1) if lines[number - 1].lstrip().startswith("msg"))
    return next(keyed, line)
