"""Telling helpers of learners' calls: by the one process that has the channels, each helper of each call once.

Before a message goes out it is claimed, after it has gone that is noted. Who finds a claim and no note, because a
process was killed in between, sends it once more and says that it may be there already: so nothing is lost, and
nothing that comes twice pretends to be new.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, Protocol

import msgspec
import structlog

from bot.channels import TryLater
from bot.core.calls import ROLE, Call, over, told
from bot.core.crew import Crew
from bot.core.library import Library
from bot.core.progress import FromTheFuture, Progress
from bot.core.saving import StoreDown
from bot.core.signpost import Own, Signpost, decode_value
from bot.core.wording import plain

LOOK_SECONDS: Final = 3.0
CLAIM_SECONDS: Final = 1200  # for which a claim holds: longer than any channel tries to send
KEPT: Final = 2 * 24 * 3600  # seconds for which it is known who was told
KNOWN_MINUTES: Final = 3  # within which a helper becomes known in every process
_SENT: Final = b"sent"
_UNKNOWN: Final = b"0"  # a claim of long ago

log = structlog.get_logger()

Send = Callable[[str, str], Awaitable[bool]]  # account, text -> whether it went out, or never will; raises TryLater


class Held(Protocol):
    """What is needed of `stores.calls`."""

    async def all(self) -> dict[str, Call]: ...
    async def drop(self, names: Sequence[str]) -> None: ...


class Notes(Protocol):
    """What is needed of `stores.notes`."""

    async def get(self, key: str) -> bytes: ...
    async def put(self, values: Mapping[str, bytes], seconds: int) -> None: ...
    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool: ...
    async def drop(self, key: str) -> None: ...


class Store(Protocol):
    """What is needed of the progress."""

    async def load(self, learners: Sequence[str]) -> list[bytes]: ...


class CallingHelpers:
    """Tells of the calls that are held. `sends` are the channels by the beginnings of their accounts' names."""

    def __init__(  # noqa: PLR0913, PLR0917  two ends, and what is known
        self,
        held: Held,
        notes: Notes,
        store: Store,
        library: Callable[[], Library],
        crew: Callable[[], Crew],
        sends: Mapping[str, Send],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._held, self._notes, self._store = held, notes, store
        self._library, self._crew = library, crew
        self._sends = sends
        self._clock = clock
        self._telling: dict[str, asyncio.Task[None]] = {}

    async def keep_on(self) -> None:
        """Tell again and again, until cancelled."""
        try:
            while True:
                with suppress(StoreDown):  # learners' turns say so already
                    await self.round()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self.settled(stop=True)

    async def round(self) -> None:
        """Begin to tell of all that is held and wasn't told yet. Raises StoreDown."""
        for name, call in (await self._held.all()).items():
            keys = {f"call:{name}:{helper}": helper for helper in call.helpers}
            told_to = [await self._notes.get(key) == _SENT for key in keys]
            if all(told_to) or over(call, int(self._clock()) // 60):
                await self._held.drop([name])
                continue
            for key, helper in keys.items():
                if key not in self._telling:
                    task = self._telling[key] = asyncio.create_task(self._tell(key, call, helper))
                    task.add_done_callback(lambda _, key=key: self._telling.pop(key, None))  # type: ignore[misc]  # the key of now

    async def settled(self, *, stop: bool = False) -> None:
        """Wait until what is under way is told, or stop it."""
        tasks = list(self._telling.values())
        for task in tasks if stop else ():
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _tell(self, key: str, call: Call, helper: str) -> None:
        """Tell one helper, unless somebody did or does."""
        try:
            before = await self._notes.get(key)
            if before == _SENT or (before and self._clock() - float(before) < CLAIM_SECONDS):
                return
            if not await self._notes.swap(key, before, f"{self._clock():.0f}".encode(), KEPT):
                return
            try:
                await self._send(call, helper, again=bool(before))
            except TryLater as error:
                log.info("a helper is told of a call later", why=str(error))
                # This time it did not go out; what an earlier claim came to is as unknown as before.
                await (self._notes.put({key: _UNKNOWN}, KEPT) if before else self._notes.drop(key))
            except asyncio.CancelledError:
                # The program ends. It may have gone out: whoever comes next says so, and needn't wait for the claim.
                await self._notes.put({key: _UNKNOWN}, KEPT)
                raise
            else:
                await self._notes.put({key: _SENT}, KEPT)
        except StoreDown as error:
            log.warning("a helper is told of a call later", why=str(error))

    async def _send(self, call: Call, helper: str, *, again: bool) -> None:
        """Send it to one of the helper's accounts, if they still are one."""
        found = await self._found(helper)
        if found is None:
            return
        progress, names = found
        member = self._crew().get(progress.badge)
        if member is None and self._clock() / 60 - call.minute < KNOWN_MINUTES:
            raise TryLater(LOOK_SECONDS, "the helper isn't known here")  # not yet, perhaps: the crew comes by a board
        if member is None or member.role != ROLE:
            return
        text = plain(told(self._library(), call, progress.lang, progress.address, again=again))
        for account in sorted(names):
            send = self._sends.get(account.partition(":")[0])
            try:
                if send and await send(account, text):
                    return
            except (StoreDown, TryLater):
                raise
            except Exception:  # whatever a channel has, the next may do
                log.exception("a helper can't be told of a call")
        log.info("a helper can't be sent anything; the call stands in their group's list")

    async def _found_behind(self, sign: Signpost) -> tuple[Progress, Sequence[str]] | None:
        """Return who of those on an account is of the office."""
        for raw in await self._store.load([seat.id for seat in sign.seats]):
            value = decode_value(raw) if raw else None
            if isinstance(value, Own) and value.progress.badge in self._crew():
                return value.progress, tuple(value.accounts)
        return None

    async def _found(self, helper: str) -> tuple[Progress, Sequence[str]] | None:
        [raw] = await self._store.load([helper])
        with suppress(msgspec.DecodeError, FromTheFuture):
            value = decode_value(raw) if raw else None
            if isinstance(value, Progress):
                return value, (helper,)
            if isinstance(value, Signpost):
                return await self._found_behind(value)
            if isinstance(value, Own) and value.into:
                return await self._found(value.into)  # whoever they are now, they are closed no more
            if isinstance(value, Own) and not value.deleted:
                return value.progress, tuple(value.accounts)
        return None
