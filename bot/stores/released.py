"""Released figures in SQL: what was counted at each week's end, and the pages that were made of the newest.

Of each earlier month the pages of its last release stay, named `2026-10 16093`.

Pages hold no number of few people; counts do, and stay here so that later releases give nothing away beside them.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Literal, NamedTuple

from sqlalchemy import delete, func, insert, or_, select

from bot.core.month import Month, month_of, read_month
from bot.stores.database import Database
from bot.stores.tables import released_counts, released_figures

Kind = Literal["area", "lessons", "lesson", "month"]
AT_ONCE = 500  # rows


class Page(NamedTuple):
    """The figures of a page, encoded."""

    kind: Kind
    name: str
    figures: bytes


class Released:
    """What was released. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> int | None:
        """Return the last day of the newest release."""
        async with self._database.reading() as connection:
            newest: int | None = await connection.scalar(select(func.max(released_counts.c.until)))
        return newest

    async def counts(self) -> list[bytes]:
        """Return what was counted for each release, the oldest first."""
        async with self._database.reading() as connection:
            return list(await connection.scalars(select(released_counts.c.counts).order_by(released_counts.c.until)))

    async def page(self, kind: Kind, name: str) -> bytes | None:
        """Return the figures of a page of the newest release."""
        wanted = select(released_figures.c.figures).where(
            released_figures.c.kind == kind, released_figures.c.name == name
        )
        async with self._database.reading() as connection:
            return await connection.scalar(wanted)

    async def months(self, area: str) -> list[Month]:
        """Return the months in which figures of an area were released, the newest first."""
        wanted = select(released_figures.c.name).where(
            released_figures.c.kind == "month", released_figures.c.name.endswith(f" {area}", autoescape=True)
        )
        async with self._database.reading() as connection:
            found = (read_month(name.partition(" ")[0]) for name in await connection.scalars(wanted))
            return sorted(filter(None, found), reverse=True)

    async def release(self, until: int, counts: bytes, pages: Iterable[Page]) -> bool:
        """Release figures until the end of a day, all at once; False where some as new were released meanwhile."""
        async with self._database.changing() as connection:
            newest = await connection.scalar(select(func.max(released_counts.c.until)))
            if newest is not None and newest >= until:
                return False
            await connection.execute(insert(released_counts).values(until=until, counts=counts))
            # What was last shown in earlier months stays, for their reports.
            of_month = released_figures.c.name.startswith(f"{month_of(until)} ")
            await connection.execute(delete(released_figures).where(or_(released_figures.c.kind != "month", of_month)))
            left = iter(pages)
            while some := list(islice(left, AT_ONCE)):
                await connection.execute(insert(released_figures), [each._asdict() for each in some])
        return True
