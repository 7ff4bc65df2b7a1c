"""Progress back into the store, from the records: nobody's newer value is touched, so it may run again, and beside."""

from collections.abc import Callable, Sequence

import msgspec

from bot.core.progress import FromTheFuture, decode, encode
from bot.core.saving import Save
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
    try:
        async for some in records.everyone(at_once):
            gone = await journal.gone()
            came.deleted += sum(kept.name in gone for kept in some)
            await _restore(store, [kept for kept in some if kept.name not in gone], came)
            tell(len(some))
    finally:
        await store.close()
        await journal.close()
    return came


async def _restore(store: RedisProgress, some: Sequence[Kept], came: Rebuilt) -> None:
    saves = []
    for kept, value in zip(some, await store.load([kept.name for kept in some]), strict=True):
        try:
            turns = decode(value).turns if value else -1
        except (msgspec.DecodeError, msgspec.ValidationError, FromTheFuture):
            came.unread += 1
            continue
        if turns >= kept.progress.turns:
            came.newer += 1
        else:
            saves.append(Save(kept.name, value, encode(kept.progress)))
    won = await store.save(saves)
    came.restored += sum(won)
    came.moved += len(won) - sum(won)
