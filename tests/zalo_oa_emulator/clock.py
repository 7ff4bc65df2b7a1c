"""The emulator's time: it stands still until it is moved on, or runs with ours where real programs take part."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count

START = 1_790_000_000.0  # seconds since 1970: an evening in September 2026
PATIENCE = 15.0  # seconds of ours that a test waits for what should come; generous, for a busy machine


class Clock:
    """Seconds since 1970. Who sleeps in it wakes when it has been moved on so far."""

    def __init__(self, *, runs: bool = False) -> None:
        self.runs = runs
        self._moved = 0.0 if runs else START
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    def now(self) -> float:
        return self._moved + (time.time() if self.runs else 0.0)

    def ms(self) -> int:
        return round(self.now() * 1000)

    async def sleep(self, seconds: float) -> None:
        if self.runs:
            await asyncio.sleep(seconds)
            return
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now() + seconds, next(self._number), waking))
        await waking

    def skip(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self._moved += seconds
        while self._sleepers and self._sleepers[0][0] <= self.now():
            _, _, waking = heapq.heappop(self._sleepers)
            if not waking.done():
                waking.set_result(None)

    @property
    def next(self) -> float:
        """Seconds until the next sleeper wakes; infinite where nobody sleeps."""
        waiting = [moment for moment, _, waking in self._sleepers if not waking.done()]
        return min(waiting, default=float("inf")) - self.now()


async def until(seen: Callable[[], object], what: Callable[[], str] = lambda: "something") -> None:
    """Wait until it is so; fails with what was waited for."""
    latest = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < latest, f"waited {PATIENCE} s for {what()}"
        await asyncio.sleep(0.002)
