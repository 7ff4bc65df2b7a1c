"""The desk where turns ask the office, on a database that no learner's turn ever waits for.

Everybody's turn looks at the crew, which comes over the store every few seconds (`board`). Only who takes up an
invitation or wants into the office waits for the database, and is answered kindly when it is away.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import structlog

from bot.accounts.desk import AWAY
from bot.core.crew import NOBODY, Crew, decode_crew, encode_crew
from bot.core.marks import mark_of
from bot.core.places import Province
from bot.core.reading import ToRead
from bot.core.saving import StoreDown
from bot.core.tending import listed
from bot.core.turn import Wish
from bot.stores.board import Board

if TYPE_CHECKING:
    from bot.stores.crew import CrewBook, Invitation
    from bot.stores.database import Database
    from bot.studio import Studio

log = structlog.get_logger()

NAME: Final = "crew"  # of the board
LOOK_SECONDS: Final = 3.0  # between two looks at the board
TRIES, ALL_TRIES, LINKS, SECONDS = 10, 1000, 5, 600  # of codes by one account and by all, of links; in so many seconds
LINK_MINUTES: Final = 10
PATIENCE: Final = 5.0  # seconds that somebody waits for the database


class Counting(Protocol):
    """What is needed of the progress store."""

    async def count(self, what: str, seconds: int, by: int = 1) -> int: ...


class OfficeDesk:
    """Answers of the office.

    `open_database` is called when somebody first needs it, and `studio` then too; without one nobody reads for the
    lessons. `public` is our own address.
    """

    def __init__(  # noqa: PLR0913, PLR0917  what a desk is made of
        self,
        open_database: "Callable[[], Database]",
        store: Counting,
        board: Board,
        province: Callable[[], Province],
        public: str,
        studio: "Callable[[Database], Studio] | None" = None,
    ) -> None:
        self.crew: Crew = NOBODY
        self._open = open_database
        self._store = store
        self._board = board
        self._province = province
        self._public = public
        self._make_studio = studio
        self._studio: Studio | None = None
        self._opened: tuple[Database, CrewBook] | None = None
        self._opening = asyncio.Lock()

    async def follow(self) -> None:
        """Look at the board again and again, until cancelled."""
        while True:
            with suppress(StoreDown):  # learners' turns say so already
                await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take over the crew as it is on the board now. Raises StoreDown."""
        value = await self._board.news()
        if value is None:
            return
        try:
            self.crew = decode_crew(value)
        except msgspec.DecodeError:
            log.exception("the crew on the board can't be read; the office is not known in chats")

    async def answer(self, wish: Wish, account: str, minute: int) -> str:
        """Answer a wish, as `accounts.desk.Desk`."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._answer(wish, account, minute)
        except (StoreDown, TimeoutError) as error:
            log.warning("somebody in a chat could not ask the office", why=str(error) or "no answer in time")
            return AWAY

    async def _answer(self, wish: Wish, account: str, minute: int) -> str:
        match wish.kind:
            case "invited":
                told = await self._invited(wish.text, account, minute)
            case "accept":
                mark, _, taker = wish.text.partition(" ")
                told = await self._accepted(mark, taker, minute)
            case "group":
                told = await self._group(wish.number, int(wish.text), minute)
            case "read":
                told = await self._next(wish)
            case "unread":
                told = await self._unread(wish.number, minute)
            case _:
                told = await self._link(wish.number, account, minute)
        return told

    async def read(self, wanted: ToRead, raw: bytes, at: int) -> str:
        """Take a volunteer's voice note, as `accounts.desk.Desk`."""
        try:
            await self._book()
            if self._studio is None:
                return "busy"
            found = await self._studio.take(wanted, raw, at)
        except StoreDown as error:
            log.warning("a volunteer's voice note can't be kept", why=str(error))
            return "busy"
        return found.why or ""

    async def _next(self, wish: Wish) -> str:
        member = self.crew.get(wish.number)
        await self._book()
        if member is None or member.role != "volunteer" or self._studio is None:
            return AWAY
        lang, _, after = wish.text.partition(" ")
        found, room = await self._studio.next(member.person, lang, after)
        counts = (str(room.waiting), str(room.approved))
        if found is None:
            return "\t".join(("none", *counts))
        new = "" if room.waiting or room.approved or room.refused else "new"
        return "\t".join(("text", *counts, found.address, found.part.lesson, found.mark, new, found.reason))

    async def _unread(self, badge: int, minute: int) -> str:
        member = self.crew.get(badge)
        await self._book()
        if member is None or self._studio is None:
            return AWAY
        number = await self._studio.withdraw(member.person, minute, by=member.person)
        return AWAY if number is None else f"gone\t{number}"

    async def _invited(self, mark: str, account: str, minute: int) -> str:
        tries = await self._store.count(f"invited:{account}", SECONDS)
        if tries > TRIES:
            return "later"
        if await self._store.count("invited", SECONDS, by=0) > ALL_TRIES:  # others guess: that isn't their doing
            return AWAY
        found = await (await self._book()).find(mark, minute)
        if found is None:
            await self._store.count("invited", SECONDS)
            return "over"
        return "\t".join(("open", secrets.token_urlsafe(9), found.person.role, found.person.name, self._place(found)))

    async def _accepted(self, mark: str, taker: str, minute: int) -> str:
        book = await self._book()
        found = await book.accept(mark, taker, minute)
        if found is None:
            return "over"
        badge, member = found
        self.crew = {**self.crew, badge: member}
        await post_crew(book, self._board, minute)  # else the next look might be at a board without them
        return f"in\t{badge}\t{member.role}"

    async def _link(self, badge: int, account: str, minute: int) -> str:
        if not self._public:
            return "nowhere"
        if await self._store.count(f"link:{account}", SECONDS) > LINKS:
            return "later"
        token = secrets.token_urlsafe(16)
        given = await (await self._book()).link(badge, mark_of(token), minute, minute + LINK_MINUTES)
        return f"link\t{self._public}/office/link/{token}" if given else "over"

    async def _group(self, badge: int, start: int, minute: int) -> str:
        book = await self._book()
        found = await book.group(badge, minute)
        if found is None:
            return "over"
        team, members = found
        return f"group\t{listed(self._team(team), members, start)}"

    def _place(self, found: "Invitation") -> str:
        if found.team is None:
            return ""
        return self._team(found.team)

    def _team(self, team: tuple[str, str]) -> str:
        code, name = team
        commune = self._province().by_code.get(code)
        return f"{name}, {commune.said() if commune else code}"

    async def _book(self) -> "CrewBook":
        async with self._opening:
            if self._opened is None:
                self._opened = await asyncio.to_thread(self._made)
                await self._opened[0].prepare()
            return self._opened[1]

    def _made(self) -> "tuple[Database, CrewBook]":
        from bot.stores.crew import CrewBook  # noqa: PLC0415  most processes never need a database

        database = self._open()
        self._studio = self._make_studio(database) if self._make_studio else None
        return database, CrewBook(database)

    async def close(self) -> None:
        """Hang up."""
        if self._opened:
            await self._opened[0].close()


async def post_crew(book: "CrewBook", board: Board, minute: int) -> None:
    """Put the crew on the board. Raises StoreDown."""
    await board.put(encode_crew(await book.all(minute)))


async def keep_posting(posts: Iterable[Callable[[], Awaitable[None]]], seconds: float = 2.0) -> None:
    """Post again and again, until cancelled; what is away is waited for."""
    while True:
        for post in posts:
            with suppress(StoreDown):  # whoever writes the records says so already
                await post()
        await asyncio.sleep(seconds)
