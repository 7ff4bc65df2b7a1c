"""What a database counts is what is counted row by row."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from databases import KINDS, database_url
from lesson_texts import LESSON, changed
from provinces import PLAN, UNTIL, Sample, sample
from small import SHIPPED

from bot.core.lesson import Lesson
from bot.core.lesson_file import read_lesson
from bot.core.library import Library
from bot.core.tally import Learner, Row, plan_of, tally
from bot.core.turn import Record
from bot.stores import report
from bot.stores.database import Database
from bot.stores.records import Records
from bot.stores.tables import accounts, helpers, learners, teams
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


async def write(database: Database, some: Sample) -> dict[str, int]:
    """Write the sample as the journal's consumer does; returns the learners' numbers by account."""
    writer = Writer(database)
    assert await writer.begin()
    for each in some.people:
        told = [Told("00", f"{n + 1}-0", each.account, entry, b"") for n, entry in enumerate(each.entries)]
        await writer.write(told, {})
    await writer.end()
    async with database.changing() as connection:
        groups = some.province.teams
        rows = [{"id": each.number, "commune": each.commune, "name": each.name, "since_day": 1} for each in groups]
        await connection.execute(teams.insert(), rows)
        numbers = {name: number for name, number in await connection.execute(accounts.select())}  # noqa: C416
        for each in some.people:
            one = learners.update().where(learners.c.id == numbers[each.account])
            await connection.execute(one.values(team=each.team))
        led = [{"learner": numbers[each.account], "team": each.team} for each in some.people if each.helps]
        await connection.execute(helpers.insert(), [{**row, "since_day": 1} for row in led])
    return numbers


@pytest.mark.parametrize("until", [UNTIL, UNTIL - 20])
async def test_a_database_counts_what_is_counted_row_by_row(database: Database, until: int) -> None:
    some = sample(120)
    await write(database, some)
    counted = await report.count(database, PLAN, until)
    communes = {number: commune for number, (commune, _) in some.teams.items()}
    assert counted == tally(some.learners, some.rows, communes, some.helpers, PLAN, until)
    assert all(getattr(counted, name) for name in counted.__struct_fields__)  # nothing is compared with nothing
    assert await report.teams(database) == some.teams
    assert await report.count(database, PLAN, until, at_once=7) == counted  # it leaves nothing behind either


ALL_TIME = ("people", "came", "finishers", "finished", "alone", "skilled", "furthest", "helpers")


async def test_pruning_takes_nothing_from_figures_of_all_time(database: Database) -> None:
    some = sample(120)
    await write(database, some)
    before = await report.count(database, PLAN, UNTIL)
    last = 0
    for day in (UNTIL - 40, UNTIL - 20, UNTIL + 1):
        taken = sum([number async for number in Records(database).prune(day)])
        assert taken > last
        after = await report.count(database, PLAN, UNTIL)
        assert {name: getattr(after, name) for name in ALL_TIME} == {name: getattr(before, name) for name in ALL_TIME}
        last = taken // 10
    assert sum([number async for number in Records(database).prune(UNTIL + 1)]) == 0
    assert after.hours != before.hours


def test_what_is_done_is_counted_a_year_back_and_what_is_reached_always() -> None:
    [decides] = PLAN.deciding["vneid-01"]
    told = [
        Record("answered", "vneid-01", decides, "b", right=True, first=True),
        Record("stuck", "vneid-01", decides),
        Record("finished", "vneid-01"),
    ]
    rows = [Row(1, turn, 20_000 * 1440, 20_000, record) for turn, record in enumerate(told, 1)]
    for days in (363, 364):
        counts = tally([Learner(1, 20_000)], rows, {}, [], PLAN, 20_000 + days)
        assert counts.alone == {(0, "vneid-01"): 1}
        seen = [bool(each) for each in (counts.active, counts.answers, counts.trouble, counts.hours)]
        assert seen == [days < 364] * 4


def test_a_later_answer_alone_decides() -> None:
    [decides] = PLAN.deciding["vneid-01"]

    def alone(*answers: Record, finished: bool = True) -> bool:
        records = [*answers, *([Record("finished", "vneid-01")] if finished else [])]
        rows = [Row(1, turn, 29_000_000, 20_000, record) for turn, record in enumerate(records, 1)]
        return bool(tally([Learner(1, 20_000)], rows, {}, [], PLAN, 20_000).alone)

    def answer(*, right: bool = True, first: bool = True, assisted: bool = False, step: str = "") -> Record:
        return Record("answered", "vneid-01", step or decides, "a", right, first, assisted)

    assert alone(answer())
    assert alone(answer(assisted=True, right=False), answer())
    assert not alone(answer(), answer(right=False))
    assert alone(answer(), answer(right=False, assisted=True))
    assert not alone(answer(right=False), answer(assisted=True))
    assert not alone(answer(assisted=True))
    assert alone(answer(), answer(right=False, step="another"))
    assert not alone(answer(step="another"))
    assert not alone(answer(right=False), answer(right=True, first=False))
    assert not alone(answer(), finished=False)


def test_one_question_decides_by_every_id_it_had() -> None:
    more = """  - id: het
    kind: ask
    text: Hết chưa?
    choices: [{text: Chưa, because: Hết rồi.}, {text: Hết, right: true, because: Đúng.}]
"""
    unmarked = changed(LESSON, "learnt: |", more + "learnt: |")
    marked = changed(unmarked, "    hint: Mã là chìa khóa.", "    hint: Mã là chìa khóa.\n    decides: true")
    for text, decides in ((LESSON, {"hoi", "hoi-cu"}), (unmarked, {"het"}), (marked, {"hoi", "hoi-cu"})):
        lesson = read_lesson(text, "an-02-giu-ma.yaml", "an-02-giu-ma", "an-toan")
        assert isinstance(lesson, Lesson), lesson
        library = Library(SHIPPED.phrases, (), {lesson.key: {"vi": lesson}})
        assert plan_of(library).deciding == {"an-02": decides}
