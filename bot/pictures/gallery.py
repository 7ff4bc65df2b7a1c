"""Drawn pictures, kept in a folder under an address made of what they show. A lost one is drawn again."""

import asyncio
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec
import structlog

from bot.core.lesson import Do, Lesson, PhoneScreen, Tell
from bot.core.library import FIRST, Library
from bot.pictures.drawing import LOOK, draw
from bot.voice.files import put

log = structlog.get_logger()

FOLDER = "pictures"  # in the data folder
_address = re.compile(r"[0-9a-f]{24}")


@lru_cache(512)
def address_of(screen: PhoneScreen) -> str:
    """Return the address of its picture: 24 hexadecimal digits, others whenever it would look different."""
    shown = msgspec.json.encode([LOOK, screen.title, screen.rows, screen.tap])
    return sha256(shown).hexdigest()[:24]


def screens(lesson: Lesson) -> Iterator[tuple[str, PhoneScreen]]:
    """Find the screens that are drawn for a lesson, each with the id of its step."""
    for step in lesson.steps:
        if isinstance(step, Tell | Do) and step.picture and step.picture.screen:
            yield step.id, step.picture.screen


def wanted(library: Library) -> dict[str, PhoneScreen]:
    """Return all screens that lessons show, by their addresses. They are the same in all languages."""
    lessons = (languages[FIRST] for languages in library.lessons.values())
    return {address_of(screen): screen for lesson in lessons for _, screen in screens(lesson)}


class Gallery:
    """The pictures of the lessons as they are now."""

    def __init__(self, folder: Path, library: Callable[[], Library]) -> None:
        self._folder = folder
        self._library = library
        self._known: tuple[Library | None, dict[str, PhoneScreen]] = (None, {})

    def path(self, address: str) -> Path:
        """Return where the picture is kept."""
        return self._folder / f"{address}.png"

    async def png(self, address: str) -> bytes | None:
        """Return a picture; None where no lesson shows it, and none was kept of a lesson that did."""
        return await asyncio.to_thread(self._png, address) if _address.fullmatch(address) else None

    async def noted(self, address: str, key: str) -> str:
        """Return what was noted of a picture under this key: the id that a platform keeps it under."""
        return await asyncio.to_thread(self._noted, self._note(address, key))

    async def note(self, address: str, key: str, text: str) -> None:
        """Note something of a picture; it may be lost."""
        await asyncio.to_thread(self._keep, self._note(address, key), text.encode())

    def _note(self, address: str, key: str) -> Path:
        return self._folder / f"{address}.{key}.txt"

    @staticmethod
    def _noted(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _png(self, address: str) -> bytes | None:
        try:
            return self.path(address).read_bytes()
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("a picture can't be read", path=str(self.path(address)), why=error.strerror)
        screen = self._shown().get(address)
        return self.make(screen) if screen else None

    def make(self, screen: PhoneScreen) -> bytes:
        """Draw a picture and keep it; where it can't be kept it is drawn again next time."""
        data = draw(screen)
        self._keep(self.path(address_of(screen)), data)
        return data

    def ready(self, screen: PhoneScreen) -> None:
        """See that a picture is kept which no lesson may show yet."""
        if not self.path(address_of(screen)).exists():
            self.make(screen)

    @staticmethod
    def _keep(path: Path, data: bytes) -> None:
        try:
            put(path, data)
        except OSError as error:
            log.warning("a picture can't be kept", path=str(path), why=error.strerror)

    def _shown(self) -> dict[str, PhoneScreen]:
        library, known = self._known
        if library is not self._library():
            library = self._library()
            known = wanted(library)
            self._known = (library, known)
        return known
