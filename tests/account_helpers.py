"""Learners on several accounts: a store that can break off, and tutors at it."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence

import msgspec
from small import small_library

from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.saving import Save, StoreDown
from bot.core.signpost import Own, Signpost, decode_value
from bot.core.turn import Asked, Entry, Event, Opened, Reply, Tapped, Typed
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

LIBRARY = small_library()
NOON = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)
TO_TELL = ("agree", "bac", "read", "l:bai-01")


class Breaking(MemoryProgress):
    """The memory store. After `left` more calls that write it is away, as after a kill."""

    def __init__(self) -> None:
        self.at = NOON
        super().__init__(lambda: self.at.timestamp())  # noqa: PLW0108  `at` changes
        self.left: int | None = None
        self.written = self.loads = 0

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self.loads += 1
        if self.left == 0:
            raise StoreDown("away")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self.writes()
        return await super().save(saves)

    async def offer(self, code: str, value: bytes, seconds: int) -> bool:
        self.writes()
        return await super().offer(code, value, seconds)

    async def take(self, code: str, taker: str) -> bytes:
        self.writes()
        return await super().take(code, taker)

    def writes(self) -> None:
        if self.left == 0:
            raise StoreDown("away")
        self.left = None if self.left is None else self.left - 1
        self.written += 1

    def names(self) -> set[str]:
        return {name for name in list(self._values) if self._value(name)}


class World:
    """A store with as many tutors as there are processes; updates go to the first unless it is said otherwise."""

    def __init__(self, library: Library = LIBRARY, tutors: int = 1) -> None:
        self.store = Breaking()
        self.library = library
        self.tutors = [self.tutor() for _ in range(tutors)]
        self._updates = itertools.count()

    def tutor(self) -> Tutor:
        return Tutor(self.library, self.store, lambda: self.store.at)

    async def hears(self, account: str, event: Event | str, update: str = "", at: int = 0) -> Reply:
        event = Typed(event) if isinstance(event, str) else event
        return await self.tutors[at].hear(account, event, update or f"new {next(self._updates)}")

    async def taps(self, account: str, *codes: str, at: int = 0) -> Reply:
        for code in codes:
            turn = (await self.tutors[at].look(account)).turn
            reply = await self.hears(account, Tapped(turn, code), at=at)
        return reply

    async def learns(self, account: str, *codes: str) -> Reply:
        """Begin as someone new by these buttons, and finish the second lesson."""
        await self.taps(account, "agree", *codes)
        await self.hears(account, Opened("bai-02"))
        return await self.taps(account, "next")

    async def code(self, account: str) -> str:
        await self.hears(account, Asked("elsewhere"))
        return code_in(await self.taps(account, "code"))

    async def join(self, one: str, other: str) -> Reply:
        """Join by a code that is given at the first and typed at the other."""
        code = await self.code(one)
        return await self.hears(other, f"nối {code}")

    async def value(self, name: str) -> Progress | Signpost | Own | None:
        [raw] = await self.store.load([name])
        return decode_value(raw) if raw else None

    async def own(self, account: str) -> Own:
        sign = await self.value(account)
        assert isinstance(sign, Signpost)
        assert not sign.own
        own = await self.value(sign.seat.id)
        assert isinstance(own, Own)
        return own

    async def entries(self, name: str = "") -> list[Entry]:
        journal = await self.store.journal()
        return [msgspec.msgpack.decode(record, type=Entry) for who, record in journal if name in {"", who}]

    async def kinds(self, kind: str) -> int:
        return sum(record.kind == kind for entry in await self.entries() for record in entry.records)


def code_in(reply: Reply) -> str:
    """Return the code that a reply shows."""
    found = re.search(r"\*\*((?:\d ){5}\d)\*\*", reply.text)
    assert found, reply.text
    return found[1].replace(" ", "")
