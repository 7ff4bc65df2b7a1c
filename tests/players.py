"""Learners who play at random, and what of it went into the journal: what the records must come to."""

import random
from collections.abc import Sequence
from typing import Protocol

import msgspec
from small import small_library

from bot.core.entries import before_consent
from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.saving import Save, StoreDown
from bot.core.turn import Entry, Event, Opened, Reply, Tapped, Typed
from bot.tutor import Tutor

_ENTRY = msgspec.msgpack.Decoder(Entry)


class Store(Protocol):
    async def load(self, learners: Sequence[str]) -> list[bytes]: ...
    async def save(self, saves: Sequence[Save]) -> list[bool]: ...
    async def offer(self, code: str, value: bytes, seconds: int) -> bool: ...
    async def take(self, code: str, taker: str) -> bytes: ...
    async def count(self, what: str, seconds: int, by: int = 1) -> int: ...


class Witness:
    """A store that remembers what its journal was told; `perhaps` is what it went away over."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.told: dict[str, list[Entry]] = {}
        self.perhaps: dict[str, list[Entry]] = {}

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        return await self._store.load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        try:
            won = await self._store.save(saves)
        except StoreDown:
            for save in saves:
                self._note(self.perhaps, save)
            raise
        for save in (save for save, was in zip(saves, won, strict=True) if was):
            if save.purge:
                self.told.pop(save.learner, None)
            self._note(self.told, save)
        return won

    async def offer(self, code: str, value: bytes, seconds: int) -> bool:
        return await self._store.offer(code, value, seconds)

    async def take(self, code: str, taker: str) -> bytes:
        return await self._store.take(code, taker)

    async def count(self, what: str, seconds: int, by: int = 1) -> int:
        return await self._store.count(what, seconds, by)

    @staticmethod
    def _note(where: dict[str, list[Entry]], save: Save) -> None:
        if save.record:
            where.setdefault(save.learner, []).append(_ENTRY.decode(save.record))

    def to_keep(self) -> dict[str, list[Entry]]:
        """What of it may be kept: that of those who agreed, from then on."""
        kept = {}
        for learner, entries in self.told.items():
            from_consent = [n for n, entry in enumerate(entries) if not before_consent(entry)]
            if from_consent:
                kept[learner] = entries[from_consent[0] :]
        return kept


class Player:
    """One learner who presses buttons at random, and at times says something."""

    def __init__(self, tutor: Tutor, name: str, dice: random.Random) -> None:
        self._tutor = tutor
        self.name = name
        self._dice = dice
        self._updates = 0
        self._reply: Reply | None = None

    async def play(self, *, delete: float = 0.01) -> Reply:
        """Do one thing; the same once more where it came to nothing."""
        event = self._event(delete)
        self._updates += 1
        reply = await self._tutor.hear(self.name, event, f"{self.name} {self._updates}")
        if not reply.failed:
            self._reply = reply
        return reply

    def _event(self, delete: float) -> Event:
        roll = self._dice.random()
        if self._reply is None or not self._reply.buttons:
            return Opened()
        codes = [button.code for button in self._reply.buttons]
        if "erase" in codes:
            return Tapped(self._reply.turn, "erase" if self._dice.random() < 10 * delete else "keep")
        if roll < delete:
            return Typed("xóa")
        if roll < delete + 0.03:
            return Typed(self._dice.choice(["có người hỏi mã", "cài đặt", "menu", "tiếp"]))
        if "agree" in codes and roll < 0.8:
            return Tapped(self._reply.turn, "agree")
        return Tapped(self._reply.turn, self._dice.choice(codes))


def library() -> Library:
    return small_library()


def what_counts(progress: Progress) -> tuple[object, ...]:
    """What the records promise to give back."""
    return (
        *(progress.agreed, progress.lang, progress.address, progress.listens, progress.slow, progress.saver),
        *(progress.path, progress.lesson, progress.spots, progress.done),
    )
