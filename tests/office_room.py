"""An office with a lesson folder of its own to write into, and editors without JavaScript."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from office_house import House, Visitor, house
from small import REPO

from bot.core.library import Library
from bot.core.progress import Progress, Spot, encode
from bot.library import read_folder
from bot.office.editor.workshop import Workshop

LESSON = "at-02-gia-cong-an"
ADDRESS = f"/office/editor/{LESSON}"


@dataclass
class Room:
    """An office, and the lesson folder that it writes into."""

    house: House
    folder: Path
    library: Library

    @property
    def path(self) -> Path:
        return next(self.folder.glob(f"*/{LESSON}.yaml"))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    async def editor(self, name: str = "Lan") -> Visitor:
        return await self.house.signed_in(name, "editor")


@asynccontextmanager
async def room_at(tmp_path: Path) -> AsyncIterator[Room]:
    """Open one. Nine people are inside the lesson: two at its first step, seven at the second."""
    folder = tmp_path / "lessons"
    shutil.copytree(REPO / "tests/lessons", folder)
    library, _ = read_folder(folder)

    async def everyone() -> AsyncIterator[list[bytes]]:
        key = "at-02"
        step = library.lessons[key]["vi"].steps[1].id
        at = Progress(agreed=1, place="lesson", lesson=key, spots={key: Spot(step)})
        yield [encode(at)] * 7
        yield [encode(Progress(agreed=1, place="menu", spots={key: Spot(library.lessons[key]["vi"].steps[0].id)}))] * 2

    async with house(tmp_path, lessons=Workshop(folder, lambda: library, everyone)) as one:
        yield Room(one, folder, library)


def field(visitor: Visitor, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', visitor.seen.text)
    assert found, name
    return unescape(found[1])


def shown(visitor: Visitor) -> str:
    """What stands in the text field, as a browser has it: without the line end behind the tag."""
    found = re.search(r"<textarea[^>]*>\n(.*)</textarea>", visitor.seen.text, re.DOTALL)
    assert found
    return unescape(found[1])


async def save(visitor: Visitor, text: str, do: str = "save", address: str = ADDRESS) -> str:
    """Send the form of the page that was seen last, as browsers do, and see where it leads."""
    fields = {name: field(visitor, name) for name in ("draft", "edition", "base", "course")}
    await visitor.post(address, {"text": text.replace("\n", "\r\n"), "do": do, **fields})
    assert visitor.seen.status_code == 303, visitor.text
    await visitor.follow()
    return visitor.text


async def publish(visitor: Visitor, address: str = ADDRESS) -> str:
    """Press the button of the page before publishing."""
    fields = {name: field(visitor, name) for name in ("draft", "edition")}
    await visitor.post(f"{address}/publish", fields)
    if visitor.seen.status_code == 303:
        await visitor.follow()
    return visitor.text
