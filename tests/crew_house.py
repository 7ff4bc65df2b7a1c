"""An office and a chat together: who is invited by the one takes it up in the other."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from account_helpers import LIBRARY, NOON, World
from office_house import prepare
from small import with_teams

from bot import places
from bot.core.access import Role
from bot.core.chat_code import LENGTH, as_typed, code_of
from bot.core.marks import mark_of
from bot.core.teams import Kept
from bot.core.turn import Entry
from bot.desk import NAME, OfficeDesk, post_crew
from bot.places import names
from bot.stores.board import Board
from bot.stores.crew import CrewBook
from bot.stores.database import Database
from bot.stores.notes import MemoryNotes
from bot.stores.office import Office
from bot.stores.teams import TeamBook
from bot.stores.writing import Told, Writer

HOME = "https://hocso.test"
MINUTE = int(NOON.timestamp()) // 60
SEN = Kept("sen-vang-27", "16093", "Tổ thôn 3")


class CrewHouse:
    """Chats, the office's database, the board between them, and what writes the records."""

    def __init__(self, database: Database, public: str = HOME) -> None:
        self.world = World(with_teams(LIBRARY), tutors=2)
        self.database = database
        self.office, self.book = Office(database), CrewBook(database)
        self.notes = MemoryNotes()
        self.asked = 0  # how often the database was opened for a turn
        self.desks = [self._desk(public) for _ in self.world.tutors]
        for tutor, desk in zip(self.world.tutors, self.desks, strict=True):
            tutor.desk = desk
        self._written = 0

    def _desk(self, public: str) -> OfficeDesk:
        board = Board(self.notes, NAME)
        return OfficeDesk(self._opened, self.world.store, board, lambda: places.read(names()[0]), public)

    def _opened(self) -> Database:
        self.asked += 1
        return self.database

    @property
    def minute(self) -> int:
        return int(self.world.store.at.timestamp()) // 60

    async def code(self, name: str = "Cô Lan", role: Role = "helper", area: str = "16093.1", minutes: int = 60) -> str:
        """Invite someone; return what they are to type."""
        until = self.minute + minutes
        link = mark_of(secrets.token_hex())
        person = await self.office.invite(name, role, area, link, minute=self.minute, until=until)
        code = code_of(secrets.token_bytes(LENGTH))
        await self.book.invite(person, mark_of(code), self.minute, until)
        return as_typed(code)

    async def post(self) -> None:
        """What happens every few seconds: the crew is posted, and everybody looks."""
        await post_crew(self.book, Board(self.notes, NAME), self.minute)
        for desk in self.desks:
            await desk.look()

    async def write(self) -> None:
        """Write the journal into the records."""
        journal = await self.world.store.journal()
        writer = Writer(self.database)
        assert await writer.begin()
        told = [
            Told("00", f"{number + 1}-0", who, msgspec.msgpack.decode(raw, type=Entry), raw)
            for number, (who, raw) in enumerate(journal)
        ]
        await writer.write(told, {})
        await writer.end()


@asynccontextmanager
async def crew_house(folder: Path, public: str = HOME) -> AsyncIterator[CrewHouse]:
    """Open one with a team, whose number is 1."""
    prepare(folder)
    database = Database.at("sqlite", folder)
    await TeamBook(database).change(lambda _: [SEN], 20_000)
    yield CrewHouse(database, public)
    await database.close()
