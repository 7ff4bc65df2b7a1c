"""Small values by name beside the progress: a platform's tokens, what was delivered, when someone wrote last.

In Redis by the line of the progress store, and in memory for tests.
"""

import time
from collections.abc import Callable, Mapping

from bot.stores.asking import Asking

# Write only if the value is still the one that was read.
_SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
"""


class RedisNotes(Asking):
    """Notes on the server of the progress. Every call ends within 4 seconds, and raises StoreDown as it does."""

    async def get(self, key: str) -> bytes:
        """Return the value; b"" where there is none."""
        [value] = await self._ask([("GET", key)])
        return bytes(value or b"")

    async def put(self, values: Mapping[str, bytes], seconds: int) -> None:
        """Write these, whatever was there; they vanish after so many seconds."""
        if values:
            await self._ask([("SET", key, value, "EX", seconds) for key, value in values.items()])

    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool:
        """Write the value if what is there is still `before` (empty: nothing); say whether it was."""
        expires = "" if seconds is None else seconds
        [won] = await self._ask([("EVAL", _SWAP, 1, key, before, value, expires)])
        return bool(won)

    async def drop(self, key: str) -> None:
        """Take it away."""
        await self._ask([("DEL", key)])


class MemoryNotes:
    """What RedisNotes does, without a server. `clock` tells the time in seconds, from whatever beginning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: dict[str, tuple[bytes, float | None]] = {}

    async def get(self, key: str) -> bytes:
        """Return the value; b"" where there is none."""
        value, end = self._values.get(key, (b"", None))
        return b"" if end is not None and end <= self._clock() else value

    async def put(self, values: Mapping[str, bytes], seconds: int) -> None:
        """Write these, whatever was there."""
        self._values |= {key: (value, self._clock() + seconds) for key, value in values.items()}

    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool:
        """Write the value if what is there is still `before`."""
        if await MemoryNotes.get(self, key) != before:
            return False
        self._values[key] = (value, None if seconds is None else self._clock() + seconds)
        return True

    async def drop(self, key: str) -> None:
        """Take it away."""
        self._values.pop(key, None)
