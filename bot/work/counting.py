"""Counting the records after a week's end, and releasing the figures for the office.

It takes a core for a while (docs/office.md), so it runs in a process of its own: `python -m bot.work.counting`.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from bot import places
from bot.core.library import Library
from bot.core.month import Month, month_of
from bot.core.places import Province
from bot.core.release import Maker, Names
from bot.core.saving import StoreDown
from bot.core.tally import decode, encode, plan_of
from bot.library import NothingToTeach, read_folder
from bot.stores.database import Database
from bot.stores.released import Page, Released
from bot.stores.report import count, teams

_NICE: Final = 10  # learners come first
DEMO: Final = "DEMO.txt"  # marks a data folder of `hocso demo`
MOST: Final = 12  # earlier releases that a new one is held against
NO_COMMUNE: Final = "Không thuộc tổ nào"  # learners who joined no group


async def release(database: Database, library: Library, province: Province, until: int, *, demo: bool) -> bool:
    """Count until the end of a day and release the figures; False where they are released already.

    `province` has the communes' names.

    Raises StoreDown.
    """
    released = Released(database)
    newest = await released.newest()
    if newest is not None and newest >= until:
        return False
    plan = plan_of(library)
    counts = await count(database, plan, until)
    earlier = [decode(each) for each in (await released.counts())[-MOST:]]
    maker = Maker([*earlier, counts], await teams(database), plan, Names(province, NO_COMMUNE), demo=demo)
    return await released.release(until, encode(counts), list(_pages(maker, month_of(until))))


def _pages(maker: Maker, month: Month) -> Iterator[Page]:
    packed = msgspec.msgpack.encode
    for area in maker.by_area():
        yield Page("area", area.whole.area, packed(area))
        if "." not in area.whole.area:
            yield Page("month", f"{month} {area.whole.area}", packed(area))
    for lesson in maker.by_lesson():
        if lesson.steps:
            yield Page("lesson", f"{lesson.area} {lesson.lessons[0].key}", packed(lesson))
        else:
            yield Page("lessons", lesson.area, packed(lesson))


async def count_once(url: str, data: Path, lessons: Path, table: str, until: int) -> bool:
    """Open the database, count, release; False where that was done already. `table` is that of the communes.

    Raises StoreDown, NothingToTeach, and ValueError for a table that can't be read.
    """
    province = places.read(table)
    library, _ = await asyncio.to_thread(read_folder, lessons)
    database = Database.at(url, data)
    try:
        await database.prepare()
        return await release(database, library, province, until, demo=(data / DEMO).exists())
    finally:
        await database.close()


def _main(lessons: str, data: str, table: str, until: str) -> None:
    try:
        asyncio.run(count_once(os.environ["DATABASE_URL"], Path(data), Path(lessons), table, int(until)))
    except (StoreDown, NothingToTeach, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    os.nice(_NICE)
    _main(*sys.argv[1:])
