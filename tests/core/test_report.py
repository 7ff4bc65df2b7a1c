"""Every figure on a synthetic province is what comes out when it is counted another way."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import pytest
from provinces import PLAN, UNTIL, Sample, sample
from small import SHIPPED
from solving import computable

from bot.core import report
from bot.core.hiding import is_small
from bot.core.report import ALL, NO_COMMUNE, Table
from bot.core.tally import Counts, decode, encode, tally, week_of
from bot.core.turn import Entry, Record
from bot.demo.people import SampleLearner

LESSONS = ["vneid-01", "at-01", "tk-01", "dt-01"]
Who = set[int]


@cache
def some() -> Sample:
    return sample(900)


@cache
def counted(until: int = UNTIL) -> Counts:
    communes = {number: commune for number, (commune, _) in some().teams.items()}
    return tally(some().learners, some().rows, communes, some().helpers, PLAN, until)


def everybody(until: int = UNTIL) -> Iterator[tuple[SampleLearner, list[tuple[Entry, Record]]]]:
    for each in some().people:
        told = [(entry, record) for entry in each.entries for record in entry.records if entry.day <= until]
        if told:
            yield each, told


def who(fits: Callable[[SampleLearner, list[tuple[Entry, Record]]], bool], until: int = UNTIL) -> Who:
    return {each.number for each, told in everybody(until) if fits(each, told)}


@cache
def lives_in() -> dict[str, Who]:
    """Everybody by area, counted from the areas' names."""
    found: dict[str, Who] = {}
    for each in some().people:
        commune = some().teams[each.team][0] if each.team else NO_COMMUNE
        areas = {ALL, commune, f"{commune}.{each.team}" if each.team else commune}
        for area in areas:
            found.setdefault(area, set()).add(each.number)
    return found


def same(table: Table, kinds: dict[str, Who]) -> None:
    """Whether a table has these people in these kinds, for each area, and hides the few."""
    told = 0
    for area in table.areas.names:
        for kind, people in kinds.items():
            if (area, kind) not in table.counts:
                assert "." in area
                continue
            number = len(people & lives_in().get(area, set()))
            assert table.counts[area, kind] == number, (area, kind)
            assert table.shown(area, kind) == number or (area, kind) in table.hidden
            assert not is_small(number) or table.shown(area, kind) is None
            told += table.shown(area, kind) is not None
    assert told  # something is shown


def finished(told: list[tuple[Entry, Record]], lesson: str) -> bool:
    return any(record.kind == "finished" and record.lesson == lesson for _, record in told)


def can_alone(told: list[tuple[Entry, Record]], lesson: str) -> bool:
    [decides] = [step.id for step in SHIPPED.lessons[lesson]["vi"].steps if step.kind == "ask" and step.decides]
    for _, record in reversed(told):
        tried = record.kind == "answered" and record.first and not record.assisted
        if tried and (record.lesson, record.step) == (lesson, decides):
            return finished(told, lesson) and record.right is True
    return False


def last(told: list[tuple[Entry, Record]], kind: str) -> str:
    return next((record.choice for _, record in reversed(told) if record.kind == kind), "")


@pytest.mark.parametrize("until", [UNTIL, UNTIL - 28])
def test_people(until: int) -> None:
    table = report.people([counted(until)], some().teams, PLAN)
    everyone = set(SHIPPED.lessons)
    done = who(lambda _, told: any(finished(told, lesson) for lesson in everyone), until)
    alone = who(lambda _, told: any(can_alone(told, lesson) for lesson in everyone), until)
    came = {each.number for each, _ in everybody(until)}
    kinds = {"came": came, "finished": done, "not finished": came - done, "alone": alone, "not alone": done - alone}
    for channel in ("zalo", "web", "telegram"):
        kinds[f"channel {channel}"] = {each.number for each, _ in everybody(until) if each.account.startswith(channel)}
    kinds["listens"] = who(lambda _, told: last(told, "manner") == "listen", until)
    kinds["reads"] = came - kinds["listens"]
    for path in ("moi", "nct", ""):
        kinds[f"path {path}"] = {each.number for each, told in everybody(until) if last(told, "path") == path}
    for skill in ("KN3", "KN4", "0.1"):
        of_it = [key for key, lesson in SHIPPED.lessons.items() if skill in lesson["vi"].skills]
        able = {each.number for each, told in everybody(until) if any(can_alone(told, name) for name in of_it)}
        kinds[f"skill {skill}"] = able
        kinds[f"not skill {skill}"] = came - kinds[f"skill {skill}"]
    same(table, kinds)


def test_weeks() -> None:
    first = week_of(UNTIL) - 11
    tables = report.weeks(counted(), some().teams, first)
    started = {each.number: each.entries[0].day for each, _ in everybody()}
    ended = {
        each.number: min(entry.day for entry, record in told if record.kind == "finished")
        for each, told in everybody()
        if any(record.kind == "finished" for _, record in told)
    }
    for week in range(first, week_of(UNTIL) + 1):
        days = range(week * 7 - 3, week * 7 + 4)  # Monday to Sunday
        came = {number for number, day in started.items() if day in days}
        same(tables[str(week)], {"came": came, "finished": {number for number, day in ended.items() if day in days}})
        until = {number for number, day in started.items() if day < days.stop}
        done = {number for number, day in ended.items() if day < days.stop}
        same(tables[f"<={week}"], {"came": until, "finished": done, "not finished": until - done})


def test_a_week() -> None:
    week = week_of(UNTIL) - 2
    days = range(week * 7 - 3, week * 7 + 4)
    table = report.week(counted(), some().teams, week)

    def did(fits: Callable[[Record], bool]) -> Who:
        return who(lambda _, told: any(r.lesson and e.day in days and fits(r) for e, r in told))

    active, stuck, helped = did(lambda _: True), did(lambda r: r.kind == "stuck"), did(lambda r: r.assisted)
    kinds = {"active": active, "stuck": stuck, "assisted": helped}
    same(table, {**kinds, "went on": active - stuck, "by themselves": active - helped})
    load = report.load(counted(), table, some().teams)
    helpers = Counter(each.team for each in some().people if each.helps)
    assert {area: number for area, (number, _) in load.items() if number} == {
        f"{some().teams[team][0]}.{team}": number for team, number in helpers.items() if team
    }
    for area, (number, each) in load.items():
        shown = table.shown(area, "active")
        assert each == (shown / number if shown is not None and number else None)


@pytest.mark.parametrize("key", LESSONS)
def test_a_lesson(key: str) -> None:
    alone = who(lambda _, told: can_alone(told, key))
    done = who(lambda _, told: finished(told, key))
    same(report.lesson([counted()], some().teams, key), {"finished": done, "alone": alone, "not alone": done - alone})


@pytest.mark.parametrize("key", LESSONS)
def test_the_funnel_of_a_lesson(key: str) -> None:
    steps = [step.id for step in SHIPPED.lessons[key]["vi"].steps]
    kinds: dict[str, Who] = {"began": set(), f"past {steps[-1]}": set()}
    for each, told in everybody():
        seen = {r.step for _, r in told if r.lesson == key and r.kind in {"began", "reached"}}
        if not seen:
            continue
        kinds["began"].add(each.number)
        if finished(told, key):
            kinds[f"past {steps[-1]}"].add(each.number)
        else:
            furthest = [step for step in steps if step in seen][-1]
            kinds.setdefault(f"at {furthest}", set()).add(each.number)
    same(report.funnel([counted()], some().teams, PLAN, key), kinds)


@pytest.mark.parametrize("key", LESSONS)
def test_questions_and_trouble_of_a_lesson(key: str) -> None:
    first: dict[tuple[str, int], Record] = {}
    for each, told in everybody():
        for _, record in told:
            if record.kind == "answered" and record.lesson == key:
                first.setdefault((record.step, each.number), record)
    tables = report.questions([counted()], some().teams, PLAN, key)
    assert tables
    for step, table in tables.items():
        kinds: dict[str, Who] = {"answered": set()}
        for (at, number), record in first.items():
            if at == step:
                kinds["answered"].add(number)
                kinds.setdefault("right" if record.right else f"wrong {record.choice}", set()).add(number)
        same(table, kinds)
    hard = report.difficult({(key, step): table for step, table in tables.items()})
    for found in hard:
        records = [record for (step, _), record in first.items() if step == found.step]
        wrong = Counter(record.choice for record in records if not record.right)
        assert found.answered == len(records)
        assert found.wrong == pytest.approx(wrong.total() / len(records))
        assert not found.choice or wrong[found.choice] >= 5
    assert [found.wrong for found in hard] == sorted((found.wrong for found in hard), reverse=True)
    for name, table in report.trouble([counted()], some().teams, PLAN, key).items():
        step, kind = name.split()
        place = (key, step, kind)
        had = who(lambda _, told: place in {(r.lesson, r.step, r.kind) for _, r in told})  # noqa: B023  asked at once
        same(table, {kind: had})


def test_hours() -> None:
    table = report.hours(counted(), some().teams)
    seen = {
        (each.number, (entry.minute + 420) // 60)
        for each, told in everybody()
        for entry, record in told
        if record.lesson
    }
    assert table.counts[ALL, "all"] == len(seen)
    assert {n: table.counts[ALL, f"hour {n}"] for n in range(24)} == {
        n: Counter(h % 24 for _, h in seen)[n] for n in range(24)
    }
    mondays = sum((hour // 24) % 7 == 4 for _, hour in seen)  # 1970-01-01 was a Thursday
    assert table.counts[ALL, "weekday 0"] == mondays


def test_a_later_release_shows_what_an_earlier_one_showed() -> None:
    days = [UNTIL - 28, UNTIL - 14, UNTIL]
    kept = [decode(encode(counted(day))) for day in days]
    assert kept == [counted(day) for day in days]
    tables = [report.lesson(kept[: at + 1], some().teams, "vneid-01") for at in range(len(days))]
    for before, after in pairwise(tables):
        for cell in before.counts:
            old, new = before.shown(*cell), after.shown(*cell)
            assert old is None or new is None or not is_small(new - old)


def test_no_hidden_count_of_a_province_can_be_computed() -> None:
    teams, key = some().teams, "vneid-01"
    week = report.week(counted(), teams, week_of(UNTIL))
    for table in (report.lesson([counted()], teams, key), week):
        assert table.hidden
        assert not computable([table.areas, table.kinds], table.counts, table.hidden)
