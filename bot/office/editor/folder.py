"""The lesson folder as the editor reads and writes it: files by the names of their texts."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.core.lesson import is_id
from bot.core.library import FIRST
from bot.core.text_name import TextName
from bot.core.yaml_text import MAX_BYTES, with_plain_ends
from bot.voice.files import put

MOST: Final = 2 * MAX_BYTES  # bytes of a text that is taken at all; what is over MAX_BYTES is told when it is checked
_UNSEEN: Final = "\ufffd"  # where a character can't be kept


class CantOpen(Exception):
    """A file's text can't be shown. `str()` is the code of the words that say why."""


class Folder:
    """One lesson folder. Whatever is asked for, no path leads out of it: names are ids."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def courses(self) -> list[str]:
        """Return the ids of the courses."""
        return sorted(path.parent.name for path in self.path.glob("*/course.yaml") if is_id(path.parent.name))

    def texts(self) -> Iterator[tuple[str, TextName]]:
        """Find all texts with the courses they are in: the course's own first, each before its translations."""
        for course in self.courses():
            names = [TextName.at(course, path.stem) for path in self.path.glob(f"{course}/*.yaml")]
            yield from ((course, name) for name in sorted({name for name in names if name}, key=_order))

    def find(self, name: TextName, course: str = "") -> Path | None:
        """Return where a text stands, or would stand: a translation beside its lesson, a new lesson in its `course`.

        None where there is no such lesson, nor a course for it.
        """
        there = sorted(self.path.glob(f"{name.course or '*'}/{name.first}"))
        held = next((path for path in there if path.parent.name in self.courses()), None)
        if held:
            return held.with_name(name.file)
        return self.path / course / name.file if course in self.courses() and not name.course else None


def read(path: Path) -> str | None:
    """Return a file's text with plain line ends, None where there is no file. Raises CantOpen."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CantOpen("unreadable") from error
    if len(data) > MOST:
        raise CantOpen("too_big")
    try:
        return with_plain_ends(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CantOpen("not_utf8") from error


def write(path: Path, text: str) -> None:
    """Replace a file whole, also after a kill. What it was like stays: its mode, its line ends. Raises OSError."""
    path = path.resolve()  # of a link, what it leads to is replaced
    try:
        had = path.read_bytes()
        mode: int | None = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        had, mode = b"", None
    if b"\r\n" in had:
        text = text.replace("\n", "\r\n")
    put(path, text.encode("utf-8"), mode)
    with suppress(OSError):  # some shares know no such thing
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that the rename outlasts a power cut
        finally:
            os.close(folder)


def cleaned(text: str) -> str:
    """Return a text from a browser as files have it: plain line ends, one at the end, nothing that can't be kept."""
    text = with_plain_ends(text).replace("\0", _UNSEEN)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if not text or text.endswith("\n") else f"{text}\n"


def _order(name: TextName) -> tuple[bool, str, bool, str]:
    return not name.course, name.lesson, name.lang != FIRST, name.lang
