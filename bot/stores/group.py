"""The people of one team in the records, for its helpers alone."""

from itertools import groupby
from typing import Final

from sqlalchemy import bindparam, text

from bot.core.group import KINDS, STARTS, Member, Seen, in_turn, numbers, standing
from bot.stores.database import Database

_VIETNAM: Final = 7 * 60  # minutes ahead of UTC
_DAY: Final = 24 * 60

# Who came to be another, and the accounts of people with ids, are nobody by themselves any more.
# Who took one of several accounts off is who they were: that they left names nobody.
# Of each learner only the records since they last began or finished a lesson, found from the end of theirs.
_PEOPLE = text(
    """
    SELECT l.id, l.called, l.minute, r.kind, r.lesson, r.step, r.was_right
    FROM learners l LEFT JOIN records r ON r.learner = l.id AND r.kind IN :kinds AND r.turn >= COALESCE((
        SELECT s.turn FROM records s WHERE s.learner = l.id AND s.kind IN :starts
        ORDER BY s.turn DESC, s.place DESC LIMIT 1
    ), 0)
    WHERE l.team = :team AND NOT EXISTS (SELECT 1 FROM helpers h WHERE h.learner = l.id AND h.team = :team)
    AND NOT EXISTS (
        SELECT 1 FROM records o WHERE o.learner = l.id
        AND o.kind IN ('seated', 'left', 'became', 'closed') AND o.choice <> ''
    )
    ORDER BY l.first_minute, l.id, r.turn, r.place
    """
).bindparams(bindparam("kinds", KINDS, expanding=True), bindparam("starts", STARTS, expanding=True))


class Group:
    """Who is in which team, and where they are. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def members(self, team: int) -> list[Member]:
        """Return a team's learners without its helpers: who is stuck first, then who wasn't seen for longest."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_PEOPLE, {"team": team})).all()
        found = {key: list(some) for key, some in groupby(rows, key=lambda row: (row.id, row.called, row.minute))}
        known = numbers([learner for learner, _, _ in found])
        return in_turn(
            Member(
                learner,
                called or "",
                known[learner],
                (minute + _VIETNAM) // _DAY,
                standing(Seen(row.kind, row.lesson, row.step, row.was_right) for row in some if row.kind),
            )
            for (learner, called, minute), some in found.items()
        )
