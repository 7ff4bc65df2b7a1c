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
