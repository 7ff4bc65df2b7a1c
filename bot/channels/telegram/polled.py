"""Updates that came by polling: which are under way, and which are confirmed."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from bot.channels.telegram.client import failed
from bot.channels.telegram.update import Heard, heard, is_update, number_of

log = structlog.get_logger()

AGAIN = 0.5  # seconds until Telegram is asked again while some must wait


def read(raw: bytes) -> Heard | None:
    """Return what an update comes to; raises msgspec.DecodeError where it is none."""
    try:
        return heard(raw)
    except msgspec.DecodeError as error:
        if not is_update(raw):
            raise
        failed("not understood")
        log.warning("telegram sent an update that is not understood", why=str(error))
        return None


class Polled:
    """Updates that came by polling. They are confirmed up to the first that isn't answered yet."""

    def __init__(self, answer: Callable[["asyncio.Queue[tuple[int, Heard]]", set[int]], Awaitable[None]]) -> None:
        self._answer = answer
        self._known: set[int] = set()  # those not confirmed
        self._done: set[int] = set()
        self._chats: dict[int, tuple[asyncio.Queue[tuple[int, Heard]], asyncio.Task[None]]] = {}
        self._next = 0

    def offset(self) -> int:
        """From which number on updates are to come (again). Those below are confirmed by asking."""
        offset = min(self._known - self._done, default=self._next)
        self._known = {number for number in self._known if number >= offset}
        self._done.intersection_update(self._known)  # the chats add to it
        return offset

    def begin_anew(self) -> None:
        """Ask from whatever number there is, where all is answered: after a quiet week Telegram counts anew."""
        if self._known <= self._done:
            self._next = 0

    def line_up(self, raws: list[bytes]) -> None:
        """Have these answered, save those that already are or will be."""
        if not raws:
            self.begin_anew()
        for raw in raws:
            number = number_of(raw)
            if number is None or number in self._known:
                continue
            self._known.add(number)
            self._next = number + 1
            happened = read(raw)
            if happened is None:
                self._done.add(number)
                continue
            queue, task = self._chats.get(happened.chat, (None, None))
            if queue is None or task is None or task.done():
                queue = asyncio.Queue()
                queue.put_nowait((number, happened))
                task = asyncio.ensure_future(self._answer(queue, self._done))
                self._chats[happened.chat] = (queue, task)
            else:
                queue.put_nowait((number, happened))

    async def settled(self) -> None:
        """Wait until all are answered, but no longer than those who come next may be kept waiting."""
        tasks = [task for _, task in self._chats.values()]
        if tasks:
            _, open_ = await asyncio.wait(tasks, timeout=AGAIN)
            self._chats = {chat: pair for chat, pair in self._chats.items() if pair[1] in open_}

    async def close(self) -> None:
        """Leave what isn't answered to the next poll."""
        tasks = [task for _, task in self._chats.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
