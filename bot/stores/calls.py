"""Learners' calls for helpers on their way: held in the store by who writes the records, told by who has the channels.

Each call has a name, so that holding it twice holds it once. Whom it was told to is noted beside it.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec
from sqlalchemy import select

from bot.core import calls
from bot.core.calls import Call
from bot.core.entries import read_entry
from bot.core.group import CALLED
from bot.core.turn import Entry, Record
from bot.stores.asking import Asking
from bot.stores.database import Database
from bot.stores.journal import Waiting
from bot.stores.tables import accounts, helpers, learners

KEY: Final = "calls"
MOST_HELPERS: Final = 20  # of a group that are told


class Calls(Asking):
    """The calls. Its methods raise StoreDown."""

    async def hold(self, name: str, call: Call) -> None:
        """Hold a call, unless it is held already."""
        await self._ask([("HSETNX", KEY, name, calls.encode(call))])

    async def all(self) -> dict[str, Call]:
        """Return all calls that are held; what can't be read is dropped."""
        [found] = await self._ask([("HGETALL", KEY)])
        pairs = found.items() if isinstance(found, dict) else zip(found[::2], found[1::2], strict=True)
        held: dict[str, Call] = {}
        for name, value in pairs:
            try:
                held[name.decode()] = calls.decode(value)
            except (msgspec.DecodeError, UnicodeDecodeError):
                await self._ask([("HDEL", KEY, name)])
        return held

    async def drop(self, names: Collection[str]) -> None:
        """Hold these no more."""
        if names:
            await self._ask([("HDEL", KEY, *names)])


class PassingOn:
    """Hears of all that is written, and holds the calls among it for the helpers of the learners' teams."""

    def __init__(self, database: Database, held: Calls) -> None:
        self._database = database
        self._held = held

    async def __call__(self, waiting: Sequence[Waiting], minute: int) -> None:
        """Hold what is called for among these, now. Raises StoreDown; then all of it is to be told again."""
        for each in waiting:
            entry = read_entry(each.entry) if CALLED.encode() in each.entry else ""
            if each.learner is None or not isinstance(entry, Entry):
                continue
            record = next((one for one in entry.records if one.kind == CALLED), None)
            if record is None or minute - entry.minute >= calls.MINUTES:
                continue
            if call := await self._call(each.learner, entry, record):
                await self._held.hold(f"{each.shard} {each.position}", call)

    async def _call(self, name: str, entry: Entry, record: Record) -> Call | None:
        async with self._database.reading() as connection:
            theirs = select(learners.c.called, learners.c.team).join_from(accounts, learners)
            row = (await connection.execute(theirs.where(accounts.c.name == name))).first()
            if row is None or row.team is None:
                return None
            lead = select(accounts.c.name).join(helpers, helpers.c.learner == accounts.c.learner)
            wanted = lead.where(helpers.c.team == row.team).order_by(accounts.c.name).limit(MOST_HELPERS)
            names = tuple((await connection.execute(wanted)).scalars())
        return Call(entry.minute, row.called or "", record.lesson, record.step, names) if names else None
