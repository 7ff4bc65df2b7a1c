"""Teams in the database: read whole, and changed in one transaction."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.teams import Kept
from bot.stores.database import Database
from bot.stores.tables import teams


class TeamBook:
    """All teams. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def edition(self) -> int:
        """Return a number that grows with each change; 0 where there is no team."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.max(teams.c.edition))) or 0

    async def all(self) -> list[Kept]:
        """Return all teams, those that ended too."""
        async with self._database.reading() as connection:
            return await _all(connection)

    async def numbered(self) -> dict[int, Kept]:
        """Return all teams by their numbers in the database, those that ended too."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(teams).where(teams.c.code.is_not(None)).order_by(teams.c.id))
            return {row.id: Kept(row.code, row.commune, row.name, row.ended_day is not None) for row in rows}

    async def named(self, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
        """Return the communes (their codes) and names of teams by their numbers in the database."""
        if not numbers:
            return {}
        wanted = select(teams.c.id, teams.c.commune, teams.c.name).where(teams.c.id.in_(numbers))
        async with self._database.reading() as connection:
            return {row.id: (row.commune, row.name) for row in await connection.execute(wanted)}

    async def numbers(self) -> dict[str, int]:
        """Return by its code the number by which the office knows each team within its commune, `16093.12`."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(teams.c.code, teams.c.id).where(teams.c.code.is_not(None)))
            return {row.code: row.id for row in rows}

    async def change(self, plan: Callable[[Sequence[Kept]], Sequence[Kept]], day: int) -> None:
        """Keep the teams that `plan` makes of all there are: those with a new code, and those that change.

        Nobody else changes teams meanwhile; when it raises, nothing has changed. `day` counts since 1970-01-01.
        """
        async with self._database.changing() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("LOCK TABLE teams IN SHARE ROW EXCLUSIVE MODE"))
            there = await _all(connection)
            after = list(plan(there))
            edition = 1 + (await connection.scalar(select(func.max(teams.c.edition))) or 0)
            codes = {each.code for each in there}
            known = [each for each in after if each.code in codes]
            if known:
                # Two teams may swap names, which no two have at any moment: so all give up theirs first.
                await connection.execute(_UNNAMED, [{"of": each.code} for each in known])
                await connection.execute(_CHANGED, [_row(each, edition, day) for each in known])
            fresh = [each for each in after if each.code not in codes]
            if fresh:
                await connection.execute(
                    insert(teams),
                    [
                        {
                            "code": each.code,
                            "commune": each.commune,
                            "name": each.name,
                            "since_day": day,
                            "ended_day": day if each.ended else None,
                            "edition": edition,
                        }
                        for each in fresh
                    ],
                )


_UNNAMED = update(teams).where(teams.c.code == bindparam("of")).values(name=teams.c.code)
_CHANGED = (
    update(teams)
    .where(teams.c.code == bindparam("of"))
    .values(
        commune=bindparam("new_commune"),
        name=bindparam("new_name"),
        ended_day=bindparam("new_ended"),
        edition=bindparam("new_edition"),
    )
)


def _row(each: Kept, edition: int, day: int) -> dict[str, str | int | None]:
    return {
        "of": each.code,
        "new_commune": each.commune,
        "new_name": each.name,
        "new_ended": day if each.ended else None,
        "new_edition": edition,
    }


async def _all(connection: AsyncConnection) -> list[Kept]:
    rows = await connection.execute(
        select(teams.c.code, teams.c.commune, teams.c.name, teams.c.ended_day)
        .where(teams.c.code.is_not(None))
        .order_by(teams.c.commune, teams.c.id)
    )
    return [Kept(code, commune, name, ended is not None) for code, commune, name, ended in rows]
