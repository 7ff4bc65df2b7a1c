"""Whose badge is which learner's: told by the journal, so that it is known in the same moment as their progress."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.stores.tables import helpers, office_people, teams


async def pin(connection: AsyncConnection, learner: int, badge: int, day: int) -> None:
    """Let a badge be this learner's; who has it as a helper is counted among their group's helpers.

    A badge that nobody has any more changes nothing.
    """
    row = (await connection.execute(select(office_people).where(office_people.c.badge == badge))).first()
    if row is None or row.learner == learner:
        return
    if row.learner is not None:
        await connection.execute(delete(helpers).where(helpers.c.learner == row.learner))
    await connection.execute(update(office_people).where(office_people.c.id == row.id).values(learner=learner))
    number = row.area.partition(".")[2] if row.role == "helper" else ""
    team = number and await connection.scalar(select(teams.c.id).where(teams.c.id == int(number)))
    counted = select(helpers.c.learner).where(helpers.c.learner == learner, helpers.c.team == team)
    if team and await connection.scalar(counted) is None:
        await connection.execute(insert(helpers).values(learner=learner, team=team, since_day=day))


async def unpin(connection: AsyncConnection, learners: Collection[int]) -> None:
    """Take the badges of learners who are to be deleted; they can be invited again."""
    await connection.execute(delete(helpers).where(helpers.c.learner.in_(learners)))
    theirs = office_people.c.learner.in_(learners)
    await connection.execute(update(office_people).where(theirs).values(badge=None, learner=None))
