"""Filling a new database at once with learners who never lived: `hocso demo`.

What comes into the tables is what `writing.py` would write of the same entries, without the journal and its care:
if it is cut off, the file is thrown away.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bot.core.join_code import new_code
from bot.core.turn import Entry
from bot.stores.addresses import channel_of
from bot.stores.database import Database
from bot.stores.tables import accounts, helpers, learners, teams
from bot.stores.writing import CONSENT

AT_ONCE = 1000  # learners

_RECORD = (
    "INSERT INTO records (learner, turn, place, was_right, first_try, assisted, minute, day, kind, lesson, step,"
    " choice) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Filled(NamedTuple):
    """A learner with all their entries."""

    account: str
    number: int
    team: int | None
    helps: bool
    entries: Sequence[Entry]
    called: str = ""


async def fill(
    database: Database, groups: Iterable[tuple[int, str, str]], people: Iterable[Filled], since_day: int
) -> int:
    """Write teams (number, commune, name) and learners into a new SQLite file; returns how many records.

    Raises StoreDown.
    """
    async with database.changing() as connection:
        rows, codes = list[dict[str, object]](), set[str]()
        for number, commune, name in groups:
            code = new_code(commune, name, codes)
            codes.add(code)
            rows.append({"id": number, "commune": commune, "name": name, "since_day": since_day, "code": code})
        if rows:
            await connection.execute(teams.insert(), rows)
    written = 0
    some: list[Filled] = []
    for each in people:
        some.append(each)
        if len(some) == AT_ONCE:
            written += await _write(database, some, since_day)
            some = []
    return written + (await _write(database, some, since_day) if some else 0)


async def _write(database: Database, some: Sequence[Filled], since_day: int) -> int:
    people = [each for each in some if each.entries]
    rows = [row for each in people for row in _rows(each)]
    lead = [
        {"learner": each.number, "team": each.team, "since_day": since_day}
        for each in people
        if each.helps and each.team is not None
    ]
    async with database.changing() as connection:
        if people:
            await connection.execute(learners.insert(), [_learner(each) for each in people])
            await connection.execute(
                accounts.insert(), [{"name": each.account, "learner": each.number} for each in people]
            )
        if lead:
            await connection.execute(helpers.insert(), lead)
        if rows:
            await connection.exec_driver_sql(_RECORD, rows)
    return len(rows)


def _rows(each: Filled) -> list[tuple[Any, ...]]:
    number = each.number
    return [
        (number, e.turn, at, r.right, r.first, r.assisted, e.minute, e.day, r.kind, r.lesson, r.step, r.choice)
        for e in each.entries
        for at, r in enumerate(e.records)
    ]


def _learner(each: Filled) -> dict[str, Any]:
    first, last = each.entries[0], each.entries[-1]
    said = {r.kind: (r.choice, e.day) for e in each.entries for r in e.records if not r.lesson}
    lang, agreed_day = said.get("agreed", (None, None))
    return {
        "id": each.number,
        "channel": channel_of(each.account),
        "lang": said["language"][0] if "language" in said else lang,
        "listens": said.get("manner", ("", 0))[0] == "listen",
        "path": said.get("path", ("", 0))[0],
        "team": each.team,
        "consent": CONSENT if agreed_day is not None else None,
        "agreed_day": agreed_day,
        "first_minute": first.minute,
        "first_turn": first.turn,
        "minute": last.minute,
        "turn": last.turn,
        "called": each.called or None,
    }
