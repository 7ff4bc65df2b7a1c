"""How long the figures of a synthetic province take: the database's counting, and the tables made of its counts.

`python bench/report_counts.py FOLDER` of `hocso demo --learners 50000 --out FOLDER`. Seconds of CPU.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from bot.core import report
from bot.core.tally import Counts, encode, last_day, plan_of, week_of
from bot.library import read_folder
from bot.stores import report as counting
from bot.stores.database import Database

T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    start = time.process_time()
    found = work()
    print(f"{what:55} {time.process_time() - start:6.2f} s")
    return found


def main() -> None:
    library, _ = read_folder(Path(__file__).parent.parent / "lessons")
    plan = plan_of(library)

    async def count() -> tuple[Counts, report.Teams]:
        database = Database.at("sqlite", Path(sys.argv[1]))
        async with database.reading() as connection:
            last, number = (await connection.execute(text("SELECT MAX(day), COUNT(*) FROM records"))).one()
        print(f"records: {number:,}")
        counts = await counting.count(database, plan, last_day(week_of(last)))
        teams = await counting.teams(database)
        await database.close()
        return counts, teams

    counts, teams = timed("all counts, by the database", lambda: asyncio.run(count()))
    kept = [counts]
    print(f"{'a release, kept':55} {len(encode(counts)) / 1e6:6.2f} MB")
    people = timed("people: province, communes, groups", lambda: report.people(kept, teams, plan))
    small = sum(0 < number < 5 for number in people.counts.values())  # noqa: PLR2004  as hiding.LEAST
    print(f"  of {len(people.counts):,} counts {small:,} are 1 to 4; hidden {len(people.hidden):,}")
    timed("a week: active, stuck, with a helper", lambda: report.week(counts, teams, week_of(counts.until)))
    timed("twelve weeks", lambda: report.weeks(counts, teams, week_of(counts.until) - 11))
    timed("time of day", lambda: report.hours(counts, teams))
    key = library.order[0]
    timed("a lesson", lambda: report.lesson(kept, teams, key))
    timed("a lesson's funnel", lambda: report.funnel(kept, teams, plan, key))
    timed("a lesson's questions", lambda: report.questions(kept, teams, plan, key))


if __name__ == "__main__":
    main()
