"""A team's people, read from a database: what the records tell of them, and of nobody else."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from databases import KINDS, database_url
from provinces import sample
from sqlalchemy import insert, text, update

from bot.core.group import KINDS as COUNTED
from bot.core.group import Seen, standing
from bot.stores.database import Database
from bot.stores.group import Group
from bot.stores.tables import helpers, learners, teams
from bot.stores.teams import TeamBook
from bot.stores.writing import Told, Writer

pytestmark = pytest.mark.anyio


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as found:
        yield found


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    found = Database.at(url, tmp_path)
    await found.prepare()
    yield found
    await found.close()


async def test_a_team_is_read_as_its_records_tell(database: Database) -> None:
    some = sample(120)
    writer = Writer(database)
    assert await writer.begin()
    told = [
        Told("00", f"{turn + 1}-0", each.account, entry, b"")
        for each in some.people
        for turn, entry in enumerate(each.entries)
    ]
    await writer.write(told, {})
    await writer.end()
    async with database.changing() as connection:
        await connection.execute(
            insert(teams), [{"id": n, "commune": "14845", "name": f"Tổ {n}", "since_day": 1} for n in (1, 2)]
        )
        names: dict[str, int] = dict((await connection.execute(text("SELECT name, learner FROM accounts"))).all())
        ours = [each for each in some.people if each.number % 2]
        for each in some.people:
            one = update(learners).where(learners.c.id == names[each.account])
            await connection.execute(one.values(team=1 if each in ours else 2))
        await connection.execute(update(learners).where(learners.c.id == names[ours[0].account]).values(called="Bà Lý"))
        await connection.execute(insert(helpers), {"learner": names[ours[1].account], "team": 1, "since_day": 1})
    found = await Group(database).members(1)
    assert {each.learner for each in found} == {names[each.account] for each in ours} - {names[ours[1].account]}
    assert [each.called for each in found if each.called] == ["Bà Lý"]
    by_learner = {each.learner: each for each in found}
    for each in (ours[0], *ours[2:]):
        kept = by_learner[names[each.account]]
        told_of = [Seen(one.kind, one.lesson, one.step, one.right) for entry in each.entries for one in entry.records]
        assert kept.standing == standing(one for one in told_of if one.kind in COUNTED)
        assert kept.seen_day == each.entries[-1].day
    stuck = [each.stuck for each in found]
    assert True in stuck
    assert stuck == sorted(stuck, reverse=True)
    assert len({bool(each.standing.lesson) for each in found}) == 2
    assert await TeamBook(database).named([1, 3]) == {1: ("14845", "Tổ 1")}
    assert await TeamBook(database).named([]) == {}
    assert await Group(database).members(3) == []
