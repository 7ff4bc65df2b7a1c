"""Progress and the journal in memory: for tests, and as the plainest reading of what a store does."""

import time
from collections.abc import AsyncIterator, Callable, Sequence

from bot.core.saving import Save
from bot.stores.progress import PIECE, TAGS, check, shard


class MemoryProgress:
    """What RedisProgress does, without a server; all is gone with the object.

    `clock` tells the time in seconds, from whatever beginning.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: dict[str, tuple[bytes, float | None]] = {}  # the value, and when it vanishes
        self._codes: dict[str, tuple[bytes, float]] = {}  # what each stands for, and until when
        self._takers: dict[str, str] = {}
        self._counts: dict[str, tuple[int, float]] = {}
        self._journal: dict[str, list[tuple[str, bytes]]] = {tag: [] for tag in TAGS}

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        """Load the learners' values, in order; b"" for a learner who has none."""
        return [self._value(learner) for learner in learners]

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        """Write what still fits, in order; False where something had moved. Raises ValueError as RedisProgress does."""
        check(saves)
        return [self._save(save) for save in saves]

    async def everyone(self, at_once: int = PIECE) -> AsyncIterator[list[bytes]]:
        """Read all learners' values, so many at once."""
        learners = list(self._values)
        for start in range(0, len(learners), at_once):
            yield [value for learner in learners[start : start + at_once] if (value := self._value(learner))]

    async def journal(self) -> list[tuple[str, bytes]]:
        """Read every (learner, record), oldest first within a shard."""
        return [entry for entries in self._journal.values() for entry in entries]

    async def offer(self, code: str, value: bytes, seconds: int) -> bool:
        """Have a code stand for a value; False where it stands for another already."""
        if code in self._codes and self._codes[code][1] > self._clock():
            return False
        self._codes[code] = (value, self._clock() + seconds)
        self._takers.pop(code, None)
        return True

    async def take(self, code: str, taker: str) -> bytes:
        """Return what a code stands for, to the first who takes it; b"" to anybody else."""
        value, end = self._codes.get(code, (b"", 0.0))
        if end <= self._clock() or self._takers.setdefault(code, taker) != taker:
            return b""
        return value

    async def count(self, what: str, seconds: int, by: int = 1) -> int:
        """Count what somebody does, from the first time on for so many seconds."""
        number, end = self._counts.get(what, (0, 0.0))
        if end <= self._clock():
            number, end = 0, self._clock() + seconds
        self._counts[what] = (number + by, end)
        return number + by

    async def ready(self) -> None:
        """Memory is always ready."""

    async def close(self) -> None:
        """Nothing to hang up."""

    def _value(self, learner: str) -> bytes:
        value, end = self._values.get(learner, (b"", None))
        if end is not None and end <= self._clock():
            del self._values[learner]
            return b""
        return value

    def _save(self, save: Save) -> bool:
        if self._value(save.learner) != save.before:
            return False
        entries = self._journal[shard(save.learner)]
        if save.purge:
            entries[:] = [entry for entry in entries if entry[0] != save.learner]
        if save.record:
            entries.append((save.learner, save.record))
        end = None if save.expires is None else self._clock() + save.expires
        self._values[save.learner] = (save.value, end)
        return True
