"""An office for tests: on a file of its own, by a clock of its own, with visitors who need no browser."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from made_figures import PLACES, Made
from small import REAL, REPO

from bot.channels.web.guard import new_token
from bot.core.access import ALL, Role
from bot.core.library import Library
from bot.core.marks import mark_of
from bot.office.editor.workshop import Workshop
from bot.office.site import Site
from bot.stores.database import Database
from bot.stores.database_url import FILE
from bot.stores.memory import MemoryProgress
from bot.stores.office import Office
from bot.studio import Studio

HOME = "http://localhost:8080"
SAFE = "https://hocso.test"
START = 29_650_000  # a minute of May 2026


@dataclass
class Visitor:
    """Someone at a browser without JavaScript."""

    http: httpx.AsyncClient
    seen: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    async def open(self, address: str) -> httpx.Response:
        self.seen = await self.http.get(address)
        return self.seen

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.seen.text)
        return unescape(found[1]) if found else ""

    async def post(
        self, address: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a form of the page that was seen last."""
        self.seen = await self.http.post(address, data={"csrf": self.csrf(), **(fields or {})}, headers=headers)
        return self.seen

    async def follow(self) -> httpx.Response:
        """Go where the last answer leads."""
        return await self.open(self.seen.headers["location"])

    @property
    def text(self) -> str:
        """The words of the page that was seen last."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.seen.text)).split())


def workshop(folder: Path = REPO / "tests/lessons", library: Callable[[], Library] = lambda: REAL) -> Workshop:
    """Where lessons are written, with nobody inside them."""
    return Workshop(folder, library, MemoryProgress().everyone)


@dataclass
class House:
    """The office, and who stands before it."""

    site: Site
    office: Office
    database: Database
    https: bool
    minute: int = START
    library: Library = REAL
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def visitor(self, home: str = "", place: str = "127.0.0.1") -> Visitor:
        """Someone new."""
        transport = httpx.ASGITransport(app=self.site, client=(place, 50_000))
        client = httpx.AsyncClient(transport=transport, base_url=home or (SAFE if self.https else HOME))
        self.clients.append(client)
        return Visitor(client)

    async def link(self, name: str, role: Role, area: str = ALL, minutes: int = 60) -> str:
        """Invite someone; return where their link leads."""
        token = new_token()
        await self.office.invite(name, role, area, mark_of(token), minute=self.minute, until=self.minute + minutes)
        return f"/office/link/{token}"

    async def signed_in(self, name: str, role: Role, area: str = ALL) -> Visitor:
        """Someone who has signed in."""
        visitor, link = self.visitor(), await self.link(name, role, area)
        await visitor.open(link)
        answer = await visitor.post(link)
        assert answer.status_code == 303, visitor.text
        await visitor.follow()
        return visitor


async def prepared() -> bytes:
    """A file with all tables; made once, because that takes longer than most tests."""
    if not _made:
        with TemporaryDirectory() as folder:
            database = Database.at("sqlite", Path(folder))
            await database.prepare()
            await database.close()
            _made.append((Path(folder) / FILE).read_bytes())
    return _made[0]


_made: list[bytes] = []


def apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Do something on a thread of its own: a test with a browser has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


def prepare(folder: Path) -> None:
    """Put a file with all tables into a folder."""
    (folder / FILE).write_bytes(apart(prepared))


@asynccontextmanager
async def house(
    folder: Path, url: str = "sqlite", *, https: bool = True, lessons: Workshop | None = None
) -> AsyncIterator[House]:
    """Open an office; close it with all its visitors."""
    if url == "sqlite":
        (folder / FILE).write_bytes(await prepared())
    database = Database.at(url, folder)
    await database.prepare()
    one = House.__new__(House)
    studio = Studio(database, folder / "lessons", lambda: one.library)
    site = Site(database, Made(), lessons or workshop(), PLACES, studio, https=https, minute=lambda: one.minute)
    one.__init__(site, Office(database), database, https)  # type: ignore[misc]  # the site asks it for the time
    try:
        yield one
    finally:
        await asyncio.gather(*(client.aclose() for client in one.clients))
        await site.close()
