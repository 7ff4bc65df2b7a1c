"""Passing calls on: of all that is written into the records, what is called for is held for the helpers."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select

from bot.core import calls
from bot.core.calls import Call
from bot.core.entries import read_entry
from bot.core.group import CALLED
from bot.core.marks import mark_of
from bot.core.turn import Entry, Record
from bot.stores.calls import Calls
from bot.stores.database import Database
from bot.stores.journal import Waiting
from bot.stores.tables import accounts, helpers, learners

MOST_HELPERS: Final = 20  # of a group that are told


class PassingOn:
    """Hears of all that is written, and holds the calls among it for the helpers of the learners' teams."""

    def __init__(self, database: Database, held: Calls) -> None:
        self._database = database
        self._held = held

    async def __call__(self, waiting: Sequence[Waiting], gone: Collection[str], minute: int) -> None:
        """Hold what is called for among these, now, and no more what those called for who had all deleted (`gone`).

        Raises StoreDown; then all of it is to be told again.
        """
        if gone:
            marks = set(map(mark_of, gone))
            await self._held.drop([name for name, call in (await self._held.all()).items() if call.of in marks])
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
        called = row.called or ""
        return Call(entry.minute, called, record.lesson, record.step, names, of=mark_of(name)) if names else None
