"""Counts -> the figures of every area and lesson, as they are released after a week's end.

What is made here has been through `report`: few people are hidden in it, and what would give them away.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.core import report
from bot.core.alphabet import in_order
from bot.core.hiding import is_small
from bot.core.places import Province
from bot.core.released import (
    UNCOUNTED,
    AreaFigures,
    LessonFigures,
    LessonReach,
    Number,
    Reach,
    Share,
    StepFigures,
    Week,
)
from bot.core.report import ALL, NO_COMMUNE, Releases, Table, Teams
from bot.core.tally import Counts, Plan, by_lesson, last_day, week_of

WEEKS = 12  # shown of an area


class Names(NamedTuple):
    """What areas are called."""

    province: Province
    no_commune: str  # learners who joined no group

    def of(self, area: str, teams: Teams) -> str:
        """Return the name of an area: `Tỉnh Thanh Hóa`, `Xã Nga Sơn`, `Tổ 3, xã Nga Sơn`."""
        if area == NO_COMMUNE:
            return self.no_commune
        commune, _, number = area.partition(".")
        said = self.province.itself.said() if area == ALL else self.province.said(commune)
        return f"{teams[int(number)][1]}, {said}" if number else said[0].upper() + said[1:]

    def listed(self, areas: Iterable[str], teams: Teams) -> list[str]:
        """Return areas in the order of their names, who joined no group last."""
        return sorted(areas, key=lambda area: (area == NO_COMMUNE, in_order(self.of(area, teams))))


class Maker:
    """Makes a release of counts; `releases` are all that were counted, the oldest first."""

    def __init__(self, releases: Releases, teams: Teams, plan: Plan, names: Names, *, demo: bool) -> None:
        self._releases = releases
        self._teams = teams
        self._plan = plan
        self._names = names
        self._demo = demo
        self._until = releases[-1].until
        self._tree = report.areas_of(teams)
        self.areas = tuple(area for area in self._tree.names if area != NO_COMMUNE)

    def by_area(self) -> Iterator[AreaFigures]:
        """Tell the figures of each area."""
        newest, last = self._releases[-1], week_of(self._until)
        people = report.people(self._releases, self._teams, self._plan)
        # The first of these weeks has all that was before, so it isn't shown.
        grown = report.weeks(newest, self._teams, last - WEEKS)
        numbers = range(last - WEEKS + 1, last + 1)
        active = {number: report.week(newest, self._teams, number) for number in numbers}

        def reach(area: str) -> Reach:
            return Reach(
                "" if area == NO_COMMUNE else area,
                self._names.of(area, self._teams),
                told(people, area, "came"),
                told(active[last], area, "active"),
                told(people, area, "finished"),
                told(people, area, "alone"),
            )

        def fresh(area: str, kind: str, number: int) -> Number:
            """Return how many a week brought: where its total is hidden, it may not be what another one lacks."""
            shown = told(grown[str(number)], area, kind)
            return shown if shown is UNCOUNTED or people.shown_until(area, kind, last_day(number)) else None

        for area in self.areas:
            weeks = tuple(
                Week(
                    last_day(number - 1) + 1,
                    fresh(area, "came", number),
                    told(learnt, area, "active"),
                    fresh(area, "finished", number),
                    told(learnt, area, "stuck"),
                    told(learnt, area, "assisted"),
                )
                for number, learnt in active.items()
            )
            rows = self._tree.parts.get(area, ())
            whole = "." not in area  # for groups it is only counted how far people came
            yield AreaFigures(
                self._until,
                self._demo,
                reach(area),
                tuple(reach(part) for row in rows for part in self._names.listed(row, self._teams)),
                weeks,
                *(_shares(people, area, kind) if whole else () for kind in ("skill", "path", "channel")),
            )

    def by_lesson(self) -> Iterator[LessonFigures]:
        """Tell for each area how far people came with all lessons, then for each commune each lesson's steps."""
        parts = [(counts.until, by_lesson(counts)) for counts in self._releases]
        of = {key: [part.get(key, Counts(until)) for until, part in parts] for key in self._plan.steps}
        lessons = {key: report.lesson(of[key], self._teams, key) for key in self._plan.steps}
        funnels = {key: report.funnel(of[key], self._teams, self._plan, key) for key in self._plan.steps}

        def reach(area: str, key: str) -> LessonReach:
            began: Number = UNCOUNTED if "." in area else told(funnels[key], area, "began")
            return LessonReach(key, began, told(lessons[key], area, "finished"), told(lessons[key], area, "alone"))

        for area in self.areas:
            yield self._lesson(area, tuple(reach(area, key) for key in self._plan.steps), ())
        for key, funnel in funnels.items():
            asked = report.questions(of[key], self._teams, self._plan, key)
            trouble = report.trouble(of[key], self._teams, self._plan, key)
            for area in self.areas:
                if "." not in area:
                    steps = tuple(self._steps(area, key, funnel, asked, trouble))
                    yield self._lesson(area, (reach(area, key),), steps)

    def _lesson(self, area: str, lessons: tuple[LessonReach, ...], steps: tuple[StepFigures, ...]) -> LessonFigures:
        return LessonFigures(area, self._names.of(area, self._teams), self._until, self._demo, lessons, steps)

    def _steps(
        self, area: str, key: str, funnel: Table, asked: Mapping[str, Table], trouble: Mapping[str, Table]
    ) -> Iterator[StepFigures]:
        before = "began"
        for step in self._plan.steps[key]:
            right, wrong = _answers(asked[step], area) if step in asked else (UNCOUNTED, UNCOUNTED)
            yield StepFigures(
                step,
                told(funnel, area, before),
                right,
                wrong,
                _trouble(trouble, area, step, "stuck"),
                _trouble(trouble, area, step, "differed"),
            )
            before = f"past {step}"


def told(table: Table, area: str, kind: str) -> Number:
    """Return how many, None where that is hidden, UNCOUNTED where it isn't counted for such an area."""
    return table.shown(area, kind) if (area, kind) in table.counts else UNCOUNTED


def _answers(table: Table, area: str) -> tuple[Number, Number]:
    """Return who answered rightly first, and who wrongly: both are told where all who answered are told too."""
    answered, right = table.shown(area, "answered"), table.shown(area, "right")
    if answered is None or right is None or is_small(answered - right):
        return right, None
    return right, answered - right


def _trouble(tables: Mapping[str, Table], area: str, step: str, kind: str) -> Number:
    """Return who had trouble at a step; where nobody had anywhere there is no table."""
    table = tables.get(f"{step} {kind}")
    return told(table, area, kind) if table else 0


def _shares(table: Table, area: str, kind: str) -> tuple[Share, ...]:
    """Return the people of each skill, path or channel."""
    names = [name.removeprefix(f"{kind} ") for name in table.kinds.names if name.startswith(f"{kind} ")]
    return tuple(Share(name, told(table, area, f"{kind} {name}")) for name in names)
