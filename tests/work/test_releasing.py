"""Counting after a week's end: what is released, that few people are nowhere in it, and that it is done once."""

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from office_house import apart, prepare
from small import REAL

from bot import places
from bot.core import report
from bot.core.hiding import is_small
from bot.core.month import Month
from bot.core.released import UNCOUNTED, AreaFigures, LessonFigures
from bot.core.tally import last_sunday, plan_of
from bot.demo.people import Province
from bot.office.figures import Newest, NotCounted
from bot.stores.database import Database
from bot.stores.filling import Filled, fill
from bot.stores.released import Released
from bot.stores.report import count, teams
from bot.work.counting import release

pytestmark = pytest.mark.anyio

THANH_HOA = places.read("thanh-hoa")
SUNDAY = 20_590  # 2026-05-17
LESSON = next(iter(REAL.lessons))


def fill_province(folder: Path, learners: int) -> None:
    """Put the records of a small synthetic province into a folder: all its groups in three communes."""
    prepare(folder)
    province = Province(REAL, learners, 7, SUNDAY)
    groups = (
        (each.number, ("14797", "16093", "99003")[each.number % 3], f"{each.name} {each.number}")
        for each in province.teams
    )
    people = (Filled(each.account, each.number, each.team, each.helps, each.entries) for each in province.learners())
    do(folder, lambda database: fill(database, groups, people, province.since))


def do(folder: Path, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> None:
    """Do something with the database in a folder."""

    async def done() -> None:
        database = Database.at("sqlite", folder)
        try:
            await work(database)
        finally:
            await database.close()

    apart(done)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release."""
    folder = tmp_path_factory.mktemp("demo")
    fill_province(folder, 250)
    do(folder, lambda database: release(database, REAL, THANH_HOA, SUNDAY, demo=True))
    return folder


@pytest.fixture
async def database(released: Path) -> AsyncIterator[Database]:
    found = Database.at("sqlite", released)
    yield found
    await found.close()


@pytest.fixture
async def unreleased(tmp_path: Path) -> AsyncIterator[Database]:
    """A database from which nothing is released yet."""
    fill_province(tmp_path, 40)
    found = Database.at("sqlite", tmp_path)
    yield found
    await found.close()


def numbers(value: Any) -> Iterator[int]:
    """All numbers of people in figures, wherever they stand."""
    for name, each in (msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else {}).items():
        if isinstance(each, tuple):
            for part in each:
                yield from numbers(part)
        elif isinstance(each, msgspec.Struct):
            yield from numbers(each)
        elif isinstance(each, int) and name not in {"until", "monday", "demo"}:
            yield each


async def test_what_is_released_is_what_was_counted(database: Database) -> None:
    source, known = Newest(Released(database)), await teams(database)
    counts = await count(database, plan_of(REAL), SUNDAY)
    people = report.people([counts], known, plan_of(REAL))
    whole = await source.area("all")
    assert whole
    assert (whole.until, whole.demo, whole.whole.name) == (SUNDAY, True, "Tỉnh Thanh Hóa")
    assert whole.whole.came == people.shown("all", "came") == sum(counts.people.values())
    assert whole.whole.alone == people.shown("all", "alone")
    assert len(whole.parts) == len({commune for commune, _ in known.values()}) + 1  # who has no group
    assert {each.name: each.number for each in whole.channels} == {
        name: people.shown("all", f"channel {name}") for name in ("terminal", "web", "telegram", "zalo")
    }
    for part in whole.parts[:-1]:
        its = await source.area(part.area)
        assert its
        assert its.whole == part
        assert (part.came, part.finished) == (people.shown(part.area, "came"), people.shown(part.area, "finished"))
    names = [each.name for each in whole.parts]
    assert names == ["Phường Hạc Thành", "Xã Nga Sơn", "Xã, phường 99003", "Không thuộc tổ nào"]
    commune = await source.area("16093")
    assert commune
    assert commune.whole.name == "Xã Nga Sơn"
    groups = [each.name for each in commune.parts]
    assert len(groups) > 10
    assert all(re.fullmatch(r"Tổ \d+ \(mẫu\) \d+, xã Nga Sơn", each) for each in groups)
    numbers_of = [tuple(map(int, re.findall(r"\d+", each))) for each in groups]
    assert numbers_of == sorted(numbers_of)
    last = whole.weeks[-1]
    assert (last.monday, last.active) == (SUNDAY - 6, whole.whole.active)
    assert [each.monday for each in whole.weeks] == [SUNDAY - 6 - 7 * at for at in reversed(range(12))]


async def test_nothing_that_is_released_tells_of_few_people(database: Database) -> None:
    async with database.reading() as connection:
        rows = (await connection.exec_driver_sql("SELECT kind, figures FROM released_figures")).all()
    found: list[int] = []
    for row in rows:
        as_what = AreaFigures if row.kind in {"area", "month"} else LessonFigures
        found += numbers(msgspec.msgpack.decode(row.figures, type=as_what))
    assert len(found) > 100
    assert [each for each in found if is_small(each)] == []


async def test_a_lesson_is_told_step_by_step_for_communes_and_as_a_whole_for_groups(database: Database) -> None:
    source = Newest(Released(database))
    lesson = await source.lesson("all", LESSON)
    assert lesson
    assert [each.step for each in lesson.steps] == [step.id for step in REAL.lessons[LESSON]["vi"].steps]
    came = [each.came for each in lesson.steps if isinstance(each.came, int)]
    assert came == sorted(came, reverse=True)
    assert lesson.steps[0].came == lesson.lessons[0].began
    asked = {each.step for each in lesson.steps if each.right != UNCOUNTED}
    assert asked == set(plan_of(REAL).questions[LESSON])
    number, (commune, _) = next(iter((await teams(database)).items()))
    group = f"{commune}.{number}"
    of_group = await source.lesson(group, LESSON)
    assert of_group
    assert (of_group.steps, of_group.lessons[0].began) == ((), UNCOUNTED)
    assert await source.lesson("all", "no-such") is None
    assert await source.area("14849") is None


async def test_a_week_is_released_once_and_an_older_one_never(unreleased: Database) -> None:
    source = Newest(Released(unreleased))
    with pytest.raises(NotCounted):
        await source.area("all")
    with pytest.raises(NotCounted):
        await source.month("all", Month(2026, 4))
    assert await release(unreleased, REAL, THANH_HOA, SUNDAY - 21, demo=True)
    assert await release(unreleased, REAL, THANH_HOA, SUNDAY - 7, demo=True)
    assert not await release(unreleased, REAL, THANH_HOA, SUNDAY - 7, demo=True)
    assert await release(unreleased, REAL, THANH_HOA, SUNDAY, demo=True)
    assert not await release(unreleased, REAL, THANH_HOA, SUNDAY - 7, demo=True)
    whole = await source.area("all")
    assert whole
    assert whole.until == SUNDAY
    assert len(await Released(unreleased).counts()) == 3
    # Of each month what was last shown in it stays for its report.
    assert await source.months("all") == [Month(2026, 5), Month(2026, 4)]
    april = await source.month("all", Month(2026, 4))
    assert april
    assert (april.until, await source.month("all", Month(2026, 5))) == (SUNDAY - 21, whole)
    assert await source.month("all", Month(2026, 3)) is None
    assert await source.months("16093") == [Month(2026, 5), Month(2026, 4)]
    assert await source.months("6093") == []
    group = next(each.area for each in whole.parts[:1])
    assert await source.months(f"{group}.1") == []


def test_a_week_is_over_on_monday_at_one() -> None:
    monday = (SUNDAY + 1) * 1440 - 7 * 60  # midnight in Vietnam
    assert last_sunday(monday + 59) == SUNDAY - 7
    assert last_sunday(monday + 60) == SUNDAY
    assert last_sunday(monday + 7 * 1440) == SUNDAY
