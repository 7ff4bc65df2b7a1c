"""Whose badge is which learner's: told by the journal, so that it is known in the same moment as their progress."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.persons import SEATS
from bot.stores.tables import helpers, learners, office_people, records, teams


async def pin(connection: AsyncConnection, learner: int, badge: int, day: int) -> None:
    """Let a badge be this learner's; who has it as a helper is counted among their group's helpers.

    A badge that nobody has any more changes nothing.
    """
    row = (await connection.execute(select(office_people).where(office_people.c.badge == badge))).first()
    if row is None or row.learner == learner:
        return
    if row.learner is not None:
        if await _stands(connection, learner) < await _stands(connection, row.learner):
            return  # the journal's shards are read one after the other: they have come to be that other one since
        await connection.execute(delete(helpers).where(helpers.c.learner == row.learner))
    await connection.execute(update(office_people).where(office_people.c.id == row.id).values(learner=learner))
    number = row.area.partition(".")[2] if row.role == "helper" else ""
    team = number and await connection.scalar(select(teams.c.id).where(teams.c.id == int(number)))
    counted = select(helpers.c.learner).where(helpers.c.learner == learner, helpers.c.team == team)
    if team and await connection.scalar(counted) is None:
        await connection.execute(insert(helpers).values(learner=learner, team=team, since_day=day))


async def _stands(connection: AsyncConnection, learner: int) -> tuple[bool, bool, int]:
    """Return what orders those whom somebody was, one after the other: account, id, id of several that were joined."""
    wanted = select(learners.c.channel, learners.c.turn).where(learners.c.id == learner)
    row = (await connection.execute(wanted)).first()
    if row is None:
        return False, False, 0
    told = records.c.learner == learner, records.c.kind.in_(SEATS), records.c.choice != ""
    gone = await connection.scalar(select(records.c.kind).where(*told).limit(1))
    return gone is None, not row.channel, row.turn


async def unpin(connection: AsyncConnection, gone: Collection[int]) -> None:
    """Take the badges of learners who are to be deleted; they can be invited again."""
    await connection.execute(delete(helpers).where(helpers.c.learner.in_(gone)))
    theirs = office_people.c.learner.in_(gone)
    await connection.execute(update(office_people).where(theirs).values(badge=None, learner=None))
