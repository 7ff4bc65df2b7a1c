"""Counting records in the database: the same as `core/tally.py` counts row by row, in a few passes.

What must be counted once for each learner (a lesson, a question, a week) is grouped by learner first, which is
the order in which the records lie, and no row of theirs leaves the database. As counts add up, so many learners
are counted at once, each of whom is in one slice of the numbers: no question takes long, however many there are.
Those who learn on several accounts, or share one, are few, and counted row by row (`apart.py`).
One count of 50,000 learners takes seconds, of 3 million minutes: it is for the end of a week, not for each look
at a page.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.tally import END, LOOK_BACK, Counts, Plan, tally
from bot.stores.apart import find_persons, read_apart
from bot.stores.database import Database

_SHOWN: Final = "abcd"  # choices, as the lessons have them
_OTHER: Final = "?"
_NUMBERS: Final = 2**63 - 1  # above all learners' numbers
AT_ONCE: Final = 10_000  # learners

_MAKE = (
    """CREATE TEMPORARY TABLE plan_steps (lesson TEXT, step TEXT, place INTEGER, decides BOOLEAN,
        PRIMARY KEY (lesson, step))""",
    "CREATE TEMPORARY TABLE plan_skills (lesson TEXT, skill TEXT)",
    "CREATE TEMPORARY TABLE apart (id BIGINT PRIMARY KEY)",
    # With its key: without one SQLite looks through all people for each row of a grouping.
    """CREATE TEMPORARY TABLE people (id BIGINT PRIMARY KEY, team INTEGER, commune TEXT, channel TEXT, path TEXT,
        listens BOOLEAN, came INTEGER)""",
)
_PEOPLE = """
INSERT INTO people
SELECT l.id, COALESCE(l.team, 0), COALESCE(t.commune, ''), l.channel, l.path, l.listens,
    COALESCE(l.agreed_day, (l.first_minute + 420) / 1440)
FROM learners l LEFT JOIN teams t ON t.id = l.team WHERE l.id >= :low AND l.id < :high
    AND COALESCE(l.agreed_day, (l.first_minute + 420) / 1440) <= :until AND l.id NOT IN (SELECT id FROM apart)
"""
# The greatest `turn * 2 + good` has the latest turn, and tells in its last bit whether that one was good.
_PAIRS = """
CREATE TEMPORARY TABLE pairs AS
SELECT r.learner AS learner, r.lesson AS lesson,
    MIN(CASE WHEN r.kind = 'finished' THEN r.day END) AS finished,
    MAX(CASE WHEN r.kind = 'answered' AND r.first_try AND NOT r.assisted
        AND (s.decides OR r.lesson NOT IN (SELECT lesson FROM plan_steps))
        THEN CAST(r.turn AS BIGINT) * 2 + CASE WHEN r.was_right THEN 1 ELSE 0 END END) % 2 AS alone,
    MAX(CASE WHEN r.kind IN ('began', 'reached', 'led', 'altered', 'moved') THEN s.place END) AS furthest
FROM records r LEFT JOIN plan_steps s ON s.lesson = r.lesson AND s.step = r.step
WHERE r.learner >= :low AND r.learner < :high AND r.lesson <> '' AND r.day <= :until
GROUP BY r.learner, r.lesson
"""
_STATES = """
SELECT p.team, p.channel, p.path, p.listens, COALESCE(s.state, 0) AS state, COUNT(*)
FROM people p LEFT JOIN (
    SELECT learner, 1 + MAX(COALESCE(alone, 0)) AS state FROM pairs WHERE finished IS NOT NULL GROUP BY learner
) s ON s.learner = p.id
GROUP BY p.team, p.channel, p.path, p.listens, COALESCE(s.state, 0)
"""
_CAME = "SELECT team, (came + 3) / 7, COUNT(*) FROM people GROUP BY team, (came + 3) / 7"
_FINISHERS = """
SELECT p.team, (f.first + 3) / 7, COUNT(*)
FROM people p JOIN (
    SELECT learner, MIN(finished) AS first FROM pairs WHERE finished IS NOT NULL GROUP BY learner
) f ON f.learner = p.id
GROUP BY p.team, (f.first + 3) / 7
"""
_LESSONS = """
SELECT p.team, x.lesson, COUNT(*), SUM(COALESCE(x.alone, 0))
FROM people p JOIN pairs x ON x.learner = p.id
WHERE x.finished IS NOT NULL
GROUP BY p.team, x.lesson
"""
_SKILLS = """
SELECT team, skill, COUNT(*) FROM (
    SELECT DISTINCT p.id, p.team AS team, k.skill AS skill
    FROM people p JOIN pairs x ON x.learner = p.id JOIN plan_skills k ON k.lesson = x.lesson
    WHERE x.finished IS NOT NULL AND x.alone = 1
) skilled
GROUP BY team, skill
"""
_FURTHEST = """
SELECT p.commune, x.lesson, CASE WHEN x.finished IS NULL THEN x.furthest ELSE -1 END, COUNT(*)
FROM people p JOIN pairs x ON x.learner = p.id
WHERE x.finished IS NOT NULL OR x.furthest IS NOT NULL
GROUP BY p.commune, x.lesson, CASE WHEN x.finished IS NULL THEN x.furthest ELSE -1 END
"""
_WEEKS = """
SELECT p.team, w.week, COUNT(*), SUM(w.stuck), SUM(w.assisted)
FROM people p JOIN (
    SELECT learner, (day + 3) / 7 AS week,
        MAX(CASE WHEN kind = 'stuck' THEN 1 ELSE 0 END) AS stuck,
        MAX(CASE WHEN assisted THEN 1 ELSE 0 END) AS assisted
    FROM records
    WHERE learner >= :low AND learner < :high AND lesson <> '' AND day > :since AND day <= :until
    GROUP BY learner, (day + 3) / 7
) w ON w.learner = p.id
GROUP BY p.team, w.week
"""
# The least `turn * 16 + what` is of the first turn, and tells in its last four bits what was answered.
_ANSWERS = """
SELECT p.commune, a.lesson, a.step, a.first % 16, COUNT(*)
FROM people p JOIN (
    SELECT learner, lesson, step, MIN(CAST(turn AS BIGINT) * 16
        + CASE choice WHEN 'a' THEN 0 WHEN 'b' THEN 2 WHEN 'c' THEN 4 WHEN 'd' THEN 6 ELSE 8 END
        + CASE WHEN was_right THEN 1 ELSE 0 END) AS first
    FROM records
    WHERE learner >= :low AND learner < :high AND kind = 'answered' AND first_try AND lesson <> ''
        AND day > :since AND day <= :until
    GROUP BY learner, lesson, step
) a ON a.learner = p.id
GROUP BY p.commune, a.lesson, a.step, a.first % 16
"""
_TROUBLE = """
SELECT p.commune, d.lesson, d.step, d.kind, COUNT(*)
FROM people p JOIN (
    SELECT DISTINCT learner, lesson, step, kind FROM records
    WHERE learner >= :low AND learner < :high AND kind IN ('stuck', 'differed') AND lesson <> ''
        AND day > :since AND day <= :until
) d ON d.learner = p.id
GROUP BY p.commune, d.lesson, d.step, d.kind
"""
_HOURS = """
SELECT p.commune, (h.hour / 24 + 3) % 7, h.hour % 24, COUNT(*)
FROM people p JOIN (
    SELECT DISTINCT learner, (minute + 420) / 60 AS hour FROM records
    WHERE learner >= :low AND learner < :high AND lesson <> '' AND day > :since AND day <= :until
) h ON h.learner = p.id
GROUP BY p.commune, (h.hour / 24 + 3) % 7, h.hour % 24
"""
_HELPERS = "SELECT team, COUNT(*) FROM helpers GROUP BY team"
_STATE_NAMES: Final = ("none", "finished", "alone")


async def count(database: Database, plan: Plan, until: int, at_once: int = AT_ONCE) -> Counts:
    """Count all records until the end of a day, of so many learners at once. Raises StoreDown."""
    counts = Counts(until)
    async with database.reading() as connection:
        learners = await connection.scalar(text("SELECT COUNT(*) FROM learners")) or 0
        counts.helpers.update({row[0]: row[1] for row in await connection.execute(text(_HELPERS))})
        who = await find_persons(connection)
    apart = who.accounts | who.ids
    for low, high in _slices(learners, at_once):
        async with database.reading() as connection:  # what is made here is gone with it
            some = Counts(until)
            values = {"since": until - LOOK_BACK, "until": until, "low": low, "high": high}
            await _prepare(connection, plan, values, [number for number in apart if low <= number < high])
            await _count_people(connection, some)
            await _count_lessons(connection, some, plan)
            await _count_steps(connection, some, values)
            await connection.rollback()
        counts.add(some)
    communes = {number: commune for number, (commune, _) in (await teams(database)).items()}
    async for their_learners, rows in read_apart(database, who, until):
        counts.add(tally(their_learners, rows, communes, (), plan, until))
    return counts


def _slices(learners: int, at_once: int) -> list[tuple[int, int]]:
    """Cut the numbers of learners, which are drawn at random, into slices with about so many in each."""
    slices = max(1, -(-learners // at_once))
    bounds = [_NUMBERS * at // slices for at in range(slices)]
    return list(pairwise([*bounds, _NUMBERS]))


async def teams(database: Database) -> dict[int, tuple[str, str]]:
    """Return each team's commune and name. Raises StoreDown."""
    async with database.reading() as connection:
        rows = await connection.execute(text("SELECT id, commune, name FROM teams"))
        return {number: (commune, name) for number, commune, name in rows}


async def _prepare(connection: AsyncConnection, plan: Plan, values: Mapping[str, int], apart: list[int]) -> None:
    for statement in _MAKE:
        await connection.execute(text(statement))
    steps = list(_steps(plan))
    skills = [{"lesson": lesson, "skill": skill} for lesson, ids in plan.skills.items() for skill in set(ids)]
    if steps:
        await connection.execute(text("INSERT INTO plan_steps VALUES (:lesson, :step, :place, :decides)"), steps)
    if skills:
        await connection.execute(text("INSERT INTO plan_skills VALUES (:lesson, :skill)"), skills)
    if apart:
        await connection.execute(text("INSERT INTO apart VALUES (:id)"), [{"id": number} for number in apart])
    for statement in (_PEOPLE, _PAIRS):
        await connection.execute(text(statement), values)


def _steps(plan: Plan) -> Iterator[dict[str, Any]]:
    for lesson, ids in plan.steps.items():
        places = {step: place for place, step in enumerate(ids)}
        decides = plan.deciding[lesson]
        for step in dict.fromkeys((*ids, *sorted(decides))):  # which may have had other ids
            yield {"lesson": lesson, "step": step, "place": places.get(step), "decides": step in decides}


async def _rows(connection: AsyncConnection, statement: str, values: Mapping[str, int] | None = None) -> list[Any]:
    return list(await connection.execute(text(statement), values))


async def _count_people(connection: AsyncConnection, counts: Counts) -> None:
    for team, channel, path, listens, state, number in await _rows(connection, _STATES):
        counts.people[team, channel, path, bool(listens), _STATE_NAMES[state]] = number
    counts.came.update(_by_two(await _rows(connection, _CAME)))
    counts.finishers.update(_by_two(await _rows(connection, _FINISHERS)))


async def _count_lessons(connection: AsyncConnection, counts: Counts, plan: Plan) -> None:
    for team, lesson, finished, alone in await _rows(connection, _LESSONS):
        counts.finished[team, lesson] = finished
        if alone:
            counts.alone[team, lesson] = int(alone)
    counts.skilled.update(_by_two(await _rows(connection, _SKILLS)))
    for commune, lesson, place, number in await _rows(connection, _FURTHEST):
        counts.furthest[commune, lesson, END if place < 0 else plan.steps[lesson][place]] = number


async def _count_steps(connection: AsyncConnection, counts: Counts, values: Mapping[str, int]) -> None:
    for team, week, active, stuck, assisted in await _rows(connection, _WEEKS, values):
        counts.active[team, week] = active
        for kept, number in ((counts.stuck, stuck), (counts.assisted, assisted)):
            if number:
                kept[team, week] = int(number)
    for commune, lesson, step, answer, number in await _rows(connection, _ANSWERS, values):
        choice = _SHOWN[answer // 2] if answer // 2 < len(_SHOWN) else _OTHER
        counts.answers[commune, lesson, step, choice, bool(answer % 2)] = number
    for commune, lesson, step, kind, number in await _rows(connection, _TROUBLE, values):
        counts.trouble[commune, lesson, step, kind] = number
    for commune, weekday, hour, number in await _rows(connection, _HOURS, values):
        counts.hours[commune, weekday, hour] = number


def _by_two(rows: list[Any]) -> Mapping[Any, int]:
    return {(one, other): number for one, other, number in rows}
