"""The journal into records: read, write down, tick off; again and again, whatever is away meanwhile.

Nothing is lost: an entry is ticked off only once it is kept, and one that was read and not ticked off is taken
up again by whoever writes next. Nothing is doubled: a record that is kept already stays as it is. Never more
than one batch is in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from bot.core.entries import read_entry
from bot.core.saving import StoreDown
from bot.core.turn import Entry
from bot.stores.journal import COUNT, KEEP, Waiting
from bot.stores.writing import Told, Unwritable

log = structlog.get_logger()

REST = 0.5  # seconds until somebody who found nothing looks again
PAUSES = (0.5, 10.0)  # seconds until it is tried again where something is away: at first, at most
QUEUE = 2.0  # seconds between two tries to become the one who writes
SPOKEN = 20  # entries that can't be read of which each is told in the log; of more only how many


class Source(Protocol):
    """What is needed of the journal; `stores/journal.py` has it."""

    async def read(self, count: int = COUNT) -> list[Waiting]: ...
    async def take_up(self, since: Mapping[str, str], count: int = COUNT) -> tuple[dict[str, str], list[Waiting]]: ...
    async def gone(self) -> dict[str, str]: ...
    async def done(self, waiting: Sequence[Waiting], gone: Mapping[str, str], keep: int = KEEP) -> int: ...
    async def tell_aside(self, count: int) -> None: ...


class Book(Protocol):
    """What is needed of the records; `stores/writing.py` has it."""

    async def begin(self) -> bool: ...
    async def end(self) -> None: ...
    async def write(self, told: Sequence[Told], gone: Mapping[str, str]) -> None: ...
    async def count_aside(self) -> int: ...


PassOn = Callable[[Sequence[Waiting], Mapping[str, str]], Awaitable[None]]


class Consumer:
    """Writes down what the journal tells. `keep` and `count` as in `Journal`.

    `pass_on` hears of what is kept, and of who is deleted, before it is ticked off: of all, of some more than once.
    It may raise StoreDown.
    """

    def __init__(
        self, source: Source, book: Book, *, count: int = COUNT, keep: int = KEEP, pass_on: PassOn | None = None
    ) -> None:
        self._source = source
        self._book = book
        self._count = count
        self._keep = keep
        self._pass_on = pass_on
        self._stopping = asyncio.Event()
        self._writes = False
        self._left: dict[str, str] | None = {}  # where to go on taking up what was left; None: nothing is left
        self._told_off = 0

    def stop(self) -> None:
        """Come to an end after the batch under way."""
        self._stopping.set()

    async def run(self) -> None:
        """Go on until `stop`; what is away is waited for."""
        pause = PAUSES[0]
        try:
            while not self.stopping:
                try:
                    busy = await self.round()
                except StoreDown as error:
                    log.error("records are not written now, trying again", why=str(error), seconds=pause)  # noqa: TRY400  said whole
                    self._writes = False
                    await self.rest(pause)
                    pause = min(2 * pause, PAUSES[1])
                    continue
                pause = PAUSES[0]
                if not self._writes:
                    await self.rest(QUEUE)
                elif not busy:
                    await self.rest(REST)
        finally:
            self._writes = False
            await self._book.end()

    async def drain(self) -> None:
        """Write down all that there is now, then stop. Raises StoreDown."""
        try:
            reads, found = False, 0
            while not reads or found:
                reads = self._writes and self._left is None
                found = await self.round()
                if not self._writes:
                    await self.rest(QUEUE)
        finally:
            self._writes = False
            await self._book.end()

    async def round(self) -> int:
        """Write down one batch; how many entries and deletions that were. Raises StoreDown.

        Does nothing while somebody else writes.
        """
        if not self._writes:
            self._left = {}  # what was under way, here or with whoever wrote before, is taken up first
            self._writes = await self._book.begin()
            if not self._writes:
                return 0
            await self._source.tell_aside(await self._book.count_aside())
            log.info("records are written here")
        if self._left is None:
            waiting = await self._source.read(self._count)
        else:
            onward, waiting = await self._source.take_up(self._left, self._count)
            self._left = onward or None
        gone = await self._source.gone()  # after reading: who is deleted from now on is found in the next round
        if waiting or gone:
            try:
                await self._write(waiting, gone)
                if self._pass_on:
                    await self._pass_on(waiting, gone)
                await self._source.done(waiting, gone, self._keep)
            except BaseException:
                self._writes = False  # nobody knows what was carried out: begin with what was left
                raise
        return len(waiting) + len(gone)

    async def _write(self, waiting: Sequence[Waiting], gone: Mapping[str, str]) -> None:
        told = [Told(each.shard, each.position, each.learner, _read(each), each.entry) for each in waiting]
        unread = [each for each in told if isinstance(each.entry, str)]
        try:
            await self._book.write(told, gone)
        except Unwritable:
            for each in told:  # one by one, so that only what can't be written is set aside
                try:
                    await self._book.write([each], gone)
                except Unwritable as error:
                    refused = each._replace(entry=str(error), name=None)
                    await self._book.write([refused], gone)
                    unread.append(refused)
        for each in unread[: max(0, SPOKEN - self._told_off)]:
            log.error("an entry of the journal is set aside", shard=each.shard, position=each.position, why=each.entry)
        if unread and self._told_off + len(unread) >= SPOKEN:
            log.error("entries of the journal are set aside", count=len(unread))
        if unread:
            self._told_off += len(unread)
            await self._source.tell_aside(await self._book.count_aside())

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until it is told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _read(waiting: Waiting) -> Entry | str:
    if waiting.learner is None:
        return "An entry of the journal without a learner's name."
    return read_entry(waiting.entry)
