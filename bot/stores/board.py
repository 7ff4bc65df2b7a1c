"""A board: one value in the store that one process writes and all others read again and again.

Beside the value stands its edition, a hash of it, so that who knows it already fetches some thirty bytes.
"""

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final, Protocol

KEPT: Final = 7 * 24 * 3600  # seconds that a value stands which nobody writes any more
AGAIN: Final = 60.0  # seconds after which the same value is written once more, lest a store that was emptied stays so


class Notes(Protocol):
    """What is needed of `notes`."""

    async def get(self, key: str) -> bytes: ...
    async def put(self, values: Mapping[str, bytes], seconds: int) -> None: ...


class Board:
    """One value by its name. Its methods raise StoreDown."""

    def __init__(self, notes: Notes, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._notes = notes
        self._key = f"board:{name}"
        self._edition_key = f"board:{name}:edition"
        self._clock = clock
        self._written: tuple[bytes, float] = (b"", 0.0)  # edition and when
        self._read = b""

    async def put(self, value: bytes) -> None:
        """Write the value, unless it stands there since a moment ago."""
        edition, at = self._written
        fresh = sha256(value).digest()
        if fresh == edition and self._clock() - at < AGAIN:
            return
        await self._notes.put({self._key: value}, KEPT)  # first: an edition never stands beside an older value
        await self._notes.put({self._edition_key: fresh}, KEPT)
        self._written = (fresh, self._clock())

    async def news(self) -> bytes | None:
        """Return the value if it isn't the one that was returned last; None too where there is none."""
        edition = await self._notes.get(self._edition_key)
        if not edition or edition == self._read:
            return None
        value = await self._notes.get(self._key)
        if value:
            self._read = edition
        return value or None
