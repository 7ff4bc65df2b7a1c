"""A month of figures: weeks end on Sundays, and those of a month are the weeks whose Sunday lies in it.

A month's report takes nothing but what the releases in it and at the end of the month before have shown, so
whoever has all of them learns nothing more by it.
"""

import datetime as dt
import re
from typing import Final, NamedTuple

from bot.core.released import AreaFigures, Number, Week
from bot.core.tally import last_day, week_of

_EPOCH: Final = dt.date(1970, 1, 1)
_WEEK: Final = 7  # days
_written = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """A month of a year; `str()` is `2026-10`."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return it as it is written in files and addresses."""
        return f"{self.year}-{self.number:02}"

    @property
    def said(self) -> str:
        """As it is written in Vietnam: `10/2026`."""
        return f"{self.number:02}/{self.year}"

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def last_sunday(self) -> int:
        """The day on which it ends, since 1970."""
        year, number = divmod(self.year * 12 + self.number, 12)
        end = (dt.date(year, number + 1, 1) - _EPOCH).days - 1
        return end if last_day(week_of(end)) == end else last_day(week_of(end) - 1)


def month_of(sunday: int) -> Month:
    """Return the month that a week belongs to, by its last day since 1970."""
    day = _EPOCH + dt.timedelta(days=sunday)
    return Month(day.year, day.month)


def read_month(text: str) -> Month | None:
    """Read `2026-10`; None where it is no month."""
    found = _written.fullmatch(text)
    return Month(int(found[1]), int(found[2])) if found else None


class Compared(NamedTuple):
    """A number at the end of a month and of the one before. None stands for a hidden one."""

    now: Number
    before: Number

    @property
    def change(self) -> int | None:
        """How many more; None unless both are shown."""
        if isinstance(self.now, int) and isinstance(self.before, int):
            return self.now - self.before
        return None


class MonthFigures(NamedTuple):
    """A month of an area. What came and what was finished in it is None unless all its weeks are shown."""

    month: Month
    now: AreaFigures
    before_until: int | None  # the day until which the month before was counted
    came: Compared
    finished: Compared
    alone: Compared
    weeks: tuple[Week, ...]
    newly_came: int | None
    newly_finished: int | None


def month_figures(month: Month, now: AreaFigures, before: AreaFigures | None) -> MonthFigures:
    """Make a month's figures of what was released at its end, and at the end of the month before if there is such."""
    if before is not None and before.demo != now.demo:  # sample figures are compared with nothing real
        before = None
    whole, earlier = now.whole, before.whole if before else None
    weeks = tuple(each for each in now.weeks if month_of(each.monday + _WEEK - 1) == month)
    return MonthFigures(
        month,
        now,
        before.until if before else None,
        Compared(whole.came, earlier.came if earlier else None),
        Compared(whole.finished, earlier.finished if earlier else None),
        Compared(whole.alone, earlier.alone if earlier else None),
        weeks,
        _sum([each.came for each in weeks]),
        _sum([each.finished for each in weeks]),
    )


def _sum(numbers: list[Number]) -> int | None:
    shown = [each for each in numbers if isinstance(each, int)]
    return sum(shown) if len(shown) == len(numbers) else None
