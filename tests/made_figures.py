"""Made-up figures for tests of the office's pages: no person stands behind them."""

from collections.abc import Iterator

import msgspec
from small import REAL

from bot.core.library import FIRST
from bot.core.month import Month
from bot.core.places import Commune, Province
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

UNTIL = 20_589  # a Sunday
COMMUNES = {f"{14845 + 3 * at}": f"Xã Hoằng {name}" for at, name in enumerate(("Lộc", "Châu", "Tiến", "Sơn"))}
GROUPS = 3
PLACES = Province(
    Commune("38", "tỉnh", "Thanh Hóa"),
    tuple(Commune(code, "xã", name.removeprefix("Xã ")) for code, name in COMMUNES.items()),
)


def _numbers(seed: int) -> Iterator[Number]:
    """Numbers that look like figures; each ninth is hidden."""
    at = seed * 7919 + 17
    while True:
        at = (at * 1103515245 + 12345) % 2**31
        yield None if at % 9 == 0 else at % 1900 + 5


def _reach(area: str, name: str, seed: int) -> Reach:
    numbers = _numbers(seed)
    return Reach(area, name, next(numbers), next(numbers), next(numbers), next(numbers))


def name_of(area: str) -> str | None:
    commune, _, group = area.partition(".")
    if area == "all":
        return "Tỉnh Thanh Hóa"
    if commune not in COMMUNES or (group and not 1 <= int(group) <= GROUPS):
        return None
    return f"Tổ {group}, {PLACES.said(commune)}" if group else COMMUNES[commune]


class Made:
    """Where tests get their figures from."""

    demo = True

    async def area(self, area: str) -> AreaFigures | None:
        name = name_of(area)
        if name is None:
            return None
        seed = 0 if area == "all" else int(area.replace(".", "9"))
        numbers = _numbers(seed + 1)
        parts = [] if "." in area else [*COMMUNES] if area == "all" else [f"{area}.{at}" for at in range(1, GROUPS + 1)]
        weeks = [
            Week(UNTIL - 6 - 7 * at, next(numbers), next(numbers), next(numbers), next(numbers), next(numbers))
            for at in reversed(range(12))
        ]
        return AreaFigures(
            UNTIL,
            self.demo,
            _reach(area, name, seed),
            tuple(_reach(each, name_of(each) or "", at) for at, each in enumerate(parts, 5)),
            tuple(weeks),
            (Share("KN3", next(numbers)), Share("KN4", None)),
            (Share("nct", next(numbers)), Share("", next(numbers))),
            tuple(Share(channel, next(numbers)) for channel in ("zalo", "web", "telegram")),
        )

    async def months(self, area: str) -> list[Month]:
        return [Month(2026, 4), Month(2026, 3)] if name_of(area) and "." not in area else []

    async def month(self, area: str, month: Month) -> AreaFigures | None:
        whole = await self.area(area)
        if whole is None or month not in await self.months(area):
            return None
        shift = month.last_sunday - whole.until
        weeks = tuple(msgspec.structs.replace(each, monday=each.monday + shift) for each in whole.weeks)
        return msgspec.structs.replace(whole, until=month.last_sunday, weeks=weeks)

    async def lessons(self, area: str) -> LessonFigures | None:
        name = name_of(area)
        if name is None:
            return None
        numbers = _numbers(3)
        lessons = [LessonReach(key, next(numbers), next(numbers), next(numbers)) for key in (*REAL.order, "gone-01")]
        return LessonFigures(area, name, UNTIL, self.demo, tuple(lessons))

    async def lesson(self, area: str, key: str) -> LessonFigures | None:
        name = name_of(area)
        if name is None:
            return None
        numbers = _numbers(len(key))
        steps = [
            StepFigures(
                step.id,
                next(numbers),
                next(numbers) if step.kind == "ask" else UNCOUNTED,
                next(numbers) if step.kind == "ask" else UNCOUNTED,
                next(numbers),
                next(numbers),
            )
            for step in REAL.lessons[key][FIRST].steps
        ]
        whole = LessonReach(key, next(numbers), next(numbers), next(numbers))
        return LessonFigures(area, name, UNTIL, self.demo, (whole,), tuple(steps))
