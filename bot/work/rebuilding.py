"""Progress back into the store, from the records: nobody's newer value is touched, so it may run again, and beside."""

import secrets
from collections.abc import Callable, Sequence

import msgspec

from bot.accounts.places import EPOCHS
from bot.core.progress import FromTheFuture
from bot.core.saving import Save
from bot.core.signpost import Own, Seat, Signpost, Value, decode_value, encode_value
from bot.stores.journal import Journal
from bot.stores.progress import RedisProgress
from bot.stores.records import Kept, Records


class Rebuilt(msgspec.Struct):
    """What came of it, in learners."""

    restored: int = 0
    newer: int = 0  # the store has as much of them, or more
    moved: int = 0  # they went on while this ran
    deleted: int = 0  # they had all deleted, and the records don't know it yet
    unread: int = 0  # their value in the store is none that this program can read, so it stays

    def __str__(self) -> str:
        """Tell it to people."""
        lines = [f"Khôi phục: {self.restored}. (Restored.)", f"Đã có sẵn: {self.newer}. (There as they are, or newer.)"]
        if self.moved:
            lines.append(f"Đang học: {self.moved}. (Went on meanwhile; left as they are.)")
        if self.deleted:
            lines.append(f"Đã xóa dữ liệu: {self.deleted}. (Had all their data deleted; left so.)")
        if self.unread:
            lines.append(f"Không đọc được: {self.unread}. (Their value can't be read here; left as it is.)")
        return "\n".join(lines)


async def rebuild_all(
    records: Records, store_url: str, at_once: int, tell: Callable[[int], object] = lambda _: None
) -> Rebuilt:
    """Restore everybody, so many at once; `tell` hears how many each time. Raises StoreDown."""
    store, journal = RedisProgress.connect(store_url), Journal.connect(store_url)
    came = Rebuilt()
    shared = _Shared()
    try:
        async for some in records.everyone(at_once):
            gone = await journal.gone()
            came.deleted += sum(kept.name in gone for kept in some)
            found = [value for kept in some if kept.name not in gone and (value := shared.value(kept))]
            await _restore(store, found, came)
            tell(len(some))
        await _restore(store, shared.owned(), came)
    finally:
        await store.close()
        await journal.close()
    return came


Named = tuple[str, Value]  # what a store keeps, and under which name


class _Shared:
    """Learners with ids of their own, whose values can be made once all accounts that lead to them are known.

    Not told, and so not restored: names, PINs, and whose turn it was.
    """

    def __init__(self) -> None:
        self._learners: list[Kept] = []
        self._accounts: dict[str, list[str]] = {}
        self._origins: dict[str, list[str]] = {}

    def value(self, kept: Kept) -> Named | None:
        """Return what lies under a name; None for a learner's id, whose turn comes at the end."""
        if kept.name.startswith("l:"):
            self._learners.append(kept)
            return None
        ids, first, became = kept.seats
        for gone, there in became.items():
            self._origins.setdefault(there, []).append(gone)
        if not ids:
            return kept.name, kept.progress
        for each in ids:
            self._accounts.setdefault(each, []).append(kept.name)
        self._origins.setdefault(first, []).append(kept.name)
        seats = tuple(map(Seat, ids))
        return kept.name, Signpost(
            turns=kept.progress.turns, seats=seats, epoch=1 + secrets.randbelow(EPOCHS), first=first
        )

    def owned(self) -> list[Named]:
        """Return the values of those to whom an account leads."""
        return [
            (one.name, Own(accounts=dict.fromkeys(accounts, 0), origins=self._came_of(one.name), progress=one.progress))
            for one in self._learners
            if (accounts := self._accounts.get(one.name))
        ]

    def _came_of(self, name: str) -> tuple[str, ...]:
        found = dict.fromkeys(self._origins.get(name, ()))
        waiting = list(found)
        while waiting:
            more = [each for each in self._origins.get(waiting.pop(), ()) if each not in found]
            found |= dict.fromkeys(more)
            waiting += more
        return tuple(found)


async def _restore(store: RedisProgress, some: Sequence[Named], came: Rebuilt) -> None:
    saves = []
    for (name, told), value in zip(some, await store.load([name for name, _ in some]), strict=True):
        try:
            turns = _turns(decode_value(value)) if value else -1
        except (msgspec.DecodeError, msgspec.ValidationError, FromTheFuture):
            came.unread += 1
            continue
        if turns >= _turns(told):
            came.newer += 1
        else:
            saves.append(Save(name, value, encode_value(told)))
    won = await store.save(saves)
    came.restored += sum(won)
    came.moved += len(won) - sum(won)


def _turns(value: Value) -> int:
    return value.progress.turns if isinstance(value, Own) else value.turns
