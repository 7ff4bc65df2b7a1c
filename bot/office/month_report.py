"""A month's report of a commune or the province: from released figures to one A4 page, or the sentence why not."""

import datetime as dt
from typing import Final, Literal

from bot.core.month import Compared, Month, MonthFigures, month_figures
from bot.core.released import Number, Week
from bot.office import month_texts as texts
from bot.office.figure_sheets import number, part_name
from bot.office.figure_texts import figure_texts_of
from bot.office.figures import NotCounted, Source
from bot.office.month_texts import MonthTexts
from bot.office.sheet import count, day_text
from bot.office.texts import Problem
from bot.paper.report import Columns, Grid, Report

_VI: Final = figure_texts_of("vi")
_EPOCH: Final = dt.date(1970, 1, 1)
_WEEK: Final = 6  # days from a Monday to its Sunday
_PARTS: Final = 12  # for which there may be room


class NoReport(Exception):
    """There is none of that month for that place: the month isn't over, or nothing was counted."""

    def __init__(self, month: Month, why: Literal["unfinished", "uncounted"]) -> None:
        super().__init__(why)
        self._month = month
        self._why = why

    def told(self, said: MonthTexts) -> Problem:
        """Say why."""
        problem = said.unfinished if self._why == "unfinished" else said.uncounted
        words = {"month": self._month.said, "sunday": day_text(self._month.last_sunday)}
        return Problem(problem.title.format(**words), problem.text.format(**words))


async def month_report(source: Source, area: str, month: Month, today: int, within: str = "") -> Report:
    """Return what stands on the page. `today` is its date, in days since 1970; `within` the province of a commune.

    Raises NoReport, StoreDown.
    """
    if today <= month.last_sunday:
        raise NoReport(month, "unfinished")
    try:
        now, before = await source.month(area, month), await source.month(area, month.before)
    except NotCounted:
        now = before = None
    if now is None:
        raise NoReport(month, "uncounted")
    return as_report(month_figures(month, now, before), today, within)


def drawn(report: Report, today: int) -> bytes:
    """Return the page as PDF; it takes a fraction of a second."""
    from bot.paper.report_page import report_page  # noqa: PLC0415  what draws PDFs takes a second to load

    return report_page(report, _EPOCH + dt.timedelta(days=today))


def as_report(figures: MonthFigures, today: int, within: str = "") -> Report:
    """Return what stands on the page; `within` is the province of a commune."""
    now, weeks, month = figures.now, figures.weeks, figures.month
    first = weeks[0].monday if weeks else now.until - _WEEK
    lines = [texts.WEEKS.format(number=len(weeks), first=day_text(first), last=day_text(now.until))]
    if now.until < month.last_sunday:
        lines.append(texts.MISSING.format(sunday=day_text(month.last_sunday)))
    lines.append(texts.MADE.format(day=day_text(today)))
    notes = [
        f"{_VI.came}: {_VI.came_means}",
        texts.LEARNT,
        f"{_VI.finished}: {_VI.finished_means}",
        texts.FIRST_ONES,
        f"{_VI.alone}: {_VI.alone_means}",
        f"{_VI.hidden}: {_VI.hidden_note}",
        texts.DASH,
    ]
    if figures.before_until is None:
        notes.append(texts.NOTHING_BEFORE)
    return Report(
        texts.TITLE.format(month=month.said),
        f"{now.whole.name}, {within}" if within else now.whole.name,
        tuple(lines),
        (_VI.demo, _VI.demo_note) if now.demo else None,
        _end(figures),
        Columns(texts.CHART, tuple((_day(each.monday), _told(each.active), _size(each.active)) for each in now.weeks)),
        _by_week(figures),
        _by_part(figures),
        texts.PARTS if now.parts else "",
        tuple(notes),
        texts.SIGNATURES,
        texts.PLACE,
    )


def _end(figures: MonthFigures) -> Grid:
    """Return the table of what was reached at the end, beside the end of the month before."""
    before = day_text(figures.before_until)[:5] if figures.before_until is not None else texts.UNKNOWN
    heads = (texts.FIGURE, texts.NOW.format(day=before), texts.NOW.format(day=_day(figures.now.until)), texts.CHANGE)
    rows = tuple(
        (name, _told(each.before) if figures.before_until is not None else texts.UNKNOWN, _told(each.now), _more(each))
        for name, each in (
            (_VI.came, figures.came),
            (_VI.finished, figures.finished),
            (_VI.alone, figures.alone),
        )
    )
    return Grid(texts.END, heads, rows, (1.15, 1, 1, 0.9))


def _by_week(figures: MonthFigures) -> Grid:
    heads = (_VI.week, _VI.week_came, _VI.week_active, _VI.week_finished, _VI.week_stuck, _VI.week_assisted)
    rows = [
        (f"{_day(each.monday)} – {_day(each.monday + _WEEK)}", *(_told(value) for value in _numbers(each)))
        for each in figures.weeks
    ]
    whole = (figures.newly_came, None, figures.newly_finished, None, None)
    rows.append((texts.WHOLE, *(texts.UNKNOWN if each is None else count(each).text for each in whole)))
    return Grid(texts.BY_WEEK, heads, tuple(rows), (1.5, 1, 0.8, 1.1, 0.9, 1.1))


def _numbers(week: Week) -> tuple[Number, ...]:
    return week.came, week.active, week.finished, week.stuck, week.assisted


def _by_part(figures: MonthFigures) -> Grid | None:
    """Return the groups of a commune, or the communes of the province, where they aren't too many for the page."""
    parts = figures.now.parts
    if not parts or len(parts) > _PARTS:
        return None
    all_groups = all("." in each.area for each in parts)
    title, head = (_VI.by_group, _VI.group) if all_groups else (_VI.by_commune, _VI.commune)
    heads = (head, _VI.came, _VI.active, _VI.finished, _VI.alone)
    rows = tuple(
        (
            part_name(each, figures.now.whole),
            *map(_told, (each.came, each.active, each.finished, each.alone)),
        )
        for each in parts
    )
    return Grid(title, heads, rows, (2, 1, 1.2, 1, 1.1))


def _more(each: Compared) -> str:
    if each.change is None:
        return texts.UNKNOWN
    sign = "+" if each.change > 0 else "−" if each.change < 0 else ""
    return f"{sign}{count(abs(each.change)).text}"


def _told(value: Number) -> str:
    return number(value, _VI).text


def _size(value: Number) -> int | None:
    return value if isinstance(value, int) else None


def _day(day: int) -> str:
    return day_text(day)[:5]
