"""Months of figures: which weeks are theirs, and that a report tells no more than what was released."""

import datetime as dt

import pytest

from bot.core.month import Compared, Month, month_figures, month_of, read_month
from bot.core.released import UNCOUNTED, AreaFigures, Number, Reach, Week

EPOCH = dt.date(1970, 1, 1)
SUNDAYS = [day for day in range(20_000, 21_500) if (EPOCH + dt.timedelta(days=day)).weekday() == 6]
OCTOBER = Month(2026, 10)


def test_each_week_is_of_the_month_in_which_its_sunday_lies() -> None:
    for sunday in SUNDAYS:
        month = month_of(sunday)
        assert (EPOCH + dt.timedelta(days=sunday)).strftime("%Y-%m") == str(month)
        assert (EPOCH + dt.timedelta(days=month.last_sunday)).weekday() == 6
        assert sunday <= month.last_sunday < sunday + 35
        assert month_of(month.last_sunday) == month
        assert month_of(month.last_sunday + 7) != month
        assert month_of(month.last_sunday + 7).before == month


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "10/2026", "2026-1", "1999-10", "2026-10 "])
def test_what_is_no_month_is_none(text: str) -> None:
    assert read_month(text) is None
    assert read_month(str(OCTOBER)) == OCTOBER


def figures(month: Month, came: Number, *weeks: Number, demo: bool = False) -> AreaFigures:
    """What was released at a month's end, with the newcomers of the weeks until then."""
    until = month.last_sunday
    rows = [
        Week(until - 6 - 7 * at, number, 9, number, None, 0)
        for at, number in zip(range(len(weeks)), weeks[::-1], strict=True)
    ]
    return AreaFigures(until, demo, Reach("16093", "Xã Nga Sơn", came, 9, 8, None), (), tuple(rows[::-1]))


def test_a_month_is_compared_where_both_numbers_are_shown() -> None:
    found = month_figures(OCTOBER, figures(OCTOBER, 120, 7, 10, 20, 30, 40), figures(OCTOBER.before, 20))
    assert (found.came, found.came.change) == (Compared(120, 20), 100)
    assert (found.alone, found.alone.change) == (Compared(None, None), None)
    assert [week.came for week in found.weeks] == [10, 20, 30, 40]  # the first was of September
    assert (found.newly_came, found.newly_finished) == (100, 100)
    assert found.before_until == OCTOBER.before.last_sunday


def test_a_hidden_week_hides_the_months_sum() -> None:
    found = month_figures(OCTOBER, figures(OCTOBER, 120, 10, None, 30, 40), None)
    assert (found.newly_came, found.newly_finished) == (None, None)
    assert (found.came, found.came.change, found.before_until) == (Compared(120, None), None, None)


def test_a_hidden_number_stays_hidden_on_either_side() -> None:
    for each in (Compared(None, 20), Compared(120, None), Compared(UNCOUNTED, 20), Compared(None, None)):
        assert each.change is None


def test_sample_figures_are_not_compared_with_real_ones() -> None:
    found = month_figures(OCTOBER, figures(OCTOBER, 120), figures(OCTOBER.before, 20, demo=True))
    assert found.before_until is None
