"""The emulator's time, which may run faster than ours and be moved on; and waiting for something to come true."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

PATIENCE = 10.0  # seconds of ours that a test waits for what should come; generous, for a busy machine


def _ticks() -> float:
    """Return the event loop's time, which a test may hurry; by itself it is time.monotonic()."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()


class Clock:
    """Telegram's time: `speed` of its seconds pass in one of ours, and `skip` moves it on at once."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._skipped = 0.0
        self._epoch = time.time()
        self._started = _ticks()
        self._moved = asyncio.Event()

    def now(self) -> float:
        return self._epoch + self._skipped + (_ticks() - self._started) * self.speed

    def date(self) -> int:
        """Return the moment as Telegram writes it, in whole seconds."""
        return int(self.now())

    def skip(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self._skipped += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.reach(self.now() + seconds)

    async def reach(self, moment: float, sooner: asyncio.Event | None = None) -> None:
        """Wait for the moment, or until `sooner` is set."""
        while (left := moment - self.now()) > 0 and not (sooner and sooner.is_set()):
            events = [self._moved] if sooner is None else [self._moved, sooner]
            tasks = [asyncio.ensure_future(event.wait()) for event in events]
            try:
                await asyncio.wait(tasks, timeout=left / self.speed, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()


class Bell:
    """Rings whenever anything changed, so that tests and long polls wait without polling."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, true: Callable[[], object], what: Callable[[], str], patience: float = PATIENCE) -> None:
        """Wait until it is true; an AssertionError says what was waited for in vain."""
        latest = time.monotonic() + patience
        while not true():
            event = self._event
            left = latest - time.monotonic()
            if left <= 0:
                raise AssertionError(what())
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), left)

    def next(self) -> asyncio.Event:
        """Return what is set when the bell rings next."""
        return self._event
