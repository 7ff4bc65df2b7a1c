"""What the tests of the Official Account share: the channel at the emulator, on the emulator's clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from prometheus_client import REGISTRY
from small import small_library
from zalo_oa_emulator import Emulator, Message, Person, Switches

from bot.channels.zalo_oa import Manners, ZaloOA
from bot.channels.zalo_oa.client import Client
from bot.channels.zalo_oa.signature import Signatures
from bot.channels.zalo_oa.tokens import Pair, install
from bot.core.library import Library
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.turn import Entry, Record
from bot.stores.memory import MemoryProgress
from bot.stores.notes import MemoryNotes
from bot.tutor import Tutor

TO_QUESTION = ("1. Đồng ý", "1. Bác", "1. Đọc chữ", "1. Bài nên học", "1. Tiếp")
LESSON = (
    *TO_QUESTION,
    "2. Không đưa cho ai",
    "1. Xong rồi",
    "1. Chỉ một mình tôi",
    "1. Bắt đầu diễn tập",
    "2. Cúp máy",
    "1. Tiếp",
    "1. Tiếp",
)


class Progresses(MemoryProgress):
    """A store of progress that can be away."""

    down = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self._answer()
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self._answer()
        return await super().save(saves)

    def _answer(self) -> None:
        if self.down:
            raise StoreDown("away")


class Notes(MemoryNotes):
    """Notes that can be away."""

    down = False

    async def get(self, key: str) -> bytes:
        self._answer()
        return await super().get(key)

    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool:
        self._answer()
        return await super().swap(key, before, value, seconds)

    def _answer(self) -> None:
        if self.down:
            raise StoreDown("away")


class Bot:
    """The channel at the emulator, in this process; several of them may share the stores."""

    def __init__(self, zalo: Emulator, store: Progresses, notes: Notes, library: Library, **more: Any) -> None:
        self.zalo, self.store, self.notes = zalo, store, notes
        clock = zalo.clock
        app = zalo.app
        self.client = Client(app.id, app.secret, zalo.url, zalo.url, clock=clock.now)
        self.tutor = Tutor(library, store, lambda: datetime.fromtimestamp(clock.now(), UTC))
        manners = replace(more.pop("manners", Manners()), ack_seconds=more.pop("ack_seconds", 1.5))
        speaking, listening = more.pop("speaking", None), more.pop("listening", None)
        self.channel = ZaloOA(
            self.tutor,
            self.client,
            notes,
            Signatures(app.id, app.webhook_secret, app.secret),
            speaking=speaking,
            listening=listening(self.client) if listening else None,
            manners=manners,
            clock=clock.now,
            sleep=clock.sleep,
        )

    async def kept(self, person: Person) -> Progress:
        return decode((await self.store.load([account(person)]))[0])

    async def records(self, person: Person, *kinds: str) -> list[Record]:
        entries = [
            msgspec.msgpack.decode(raw, type=Entry) for who, raw in await self.store.journal() if who == account(person)
        ]
        return [record for entry in entries for record in entry.records if not kinds or record.kind in kinds]


def account(person: Person) -> str:
    return f"zalo-oa:{person.id}"


async def log_in(zalo: Emulator, notes: Notes) -> None:
    """Put a first pair of tokens into the store."""
    issued, now = zalo.authority.give(), zalo.clock.now()
    pair = Pair(issued["access_token"], issued["refresh_token"], now, now + 90_000)
    await install(notes, zalo.app.id, pair)


@asynccontextmanager
async def started(
    switches: Switches | None = None, *, library: Library | None = None, **more: Any
) -> AsyncIterator[Bot]:
    """Run the channel at a Zalo that must have no complaint at the end."""
    async with Emulator(switches=switches) as zalo:
        notes = Notes(zalo.clock.now)
        if more.pop("logged_in", True):
            await log_in(zalo, notes)
        bot = Bot(zalo, Progresses(zalo.clock.now), notes, library or small_library(), **more)
        zalo.resolves(bot.channel.webhook)
        try:
            yield bot
        finally:
            await bot.channel.close()
        assert zalo.complaints == []


async def walk(person: Person, labels: Sequence[str] = TO_QUESTION, *, by_number: bool = False) -> Message:
    """Follow the Official Account, then press one button after the other, or type its number; returns what is seen."""
    await person.follows()
    (seen,) = await person.hears(1)
    for label in labels:
        if by_number or not seen.buttons:  # there are more choices than buttons
            assert seen.buttons or f"\n{label}" in seen.text, seen.text
            await person.types(label[0])
        else:
            await person.taps(label)
        (seen,) = await person.hears(1)
    return seen


def counted(kind: str) -> float:
    """Return how often this kind of failure was counted on the channel, by all tests of this process."""
    return REGISTRY.get_sample_value("hocso_failures_total", {"channel": "zalo-oa", "kind": kind}) or 0.0
