"""Handing out a month's report of a commune or the province as PDF."""

from collections.abc import Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.core.access import ALL, Refused
from bot.core.month import Month, read_month
from bot.office.areas import Areas, capital
from bot.office.door import Asked, Way
from bot.office.figures import NotCounted, Source
from bot.office.month_report import NoReport, drawn, month_report
from bot.office.month_texts import FILE, TITLE, MonthTexts, month_texts_of
from bot.office.page import sorry
from bot.office.texts import Problem
from bot.stores.office import Office, day_of

_MOST: Final = 6  # months that a page leads to
_LONGEST: Final = 20  # characters of a month that are told back
_MEDIA: Final = "application/pdf"


class MonthPages:
    """The answer."""

    def __init__(self, office: Office, source: Source, areas: Areas) -> None:
        self._office = office
        self._source = source
        self._areas = areas

    def ways(self) -> list[Way]:
        """Return its address."""
        return [Way("/office/export/month/{area}", "month exported", get=self.report)]

    async def report(self, asked: Asked) -> Response:
        """Hand out the report of the month that is asked for, or of the last that is over."""
        if "." in asked.area:  # groups are too small for months
            raise Refused
        said, today = month_texts_of(asked.lang), day_of(asked.minute)
        wanted = asked.request.query_params.get("month", "")
        over = finished(await self._source.months(asked.area), today)
        month = read_month(wanted) if wanted else over[0] if over else None
        if month is None:
            if not wanted:
                raise NotCounted
            return sorry(asked.frame, _wrong(said, wanted), 404)
        within = "" if asked.area == ALL else self._areas.wide(ALL, "vi")
        try:
            report = await month_report(self._source, asked.area, month, today, within)
        except NoReport as error:
            return sorry(asked.frame, error.told(said), 404)
        area = capital(self._areas.wide(asked.area, "vi"))
        told = f"{TITLE.format(month=month.said)} · {area} · .pdf"
        await self._office.note(asked.person, "exported", told, asked.minute)
        body = await run_in_threadpool(drawn, report, today)
        name = FILE.format(month=month, area=asked.area)
        return Response(body, media_type=_MEDIA, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def finished(months: Sequence[Month], today: int) -> list[Month]:
    """Return those of some months (the newest first) that are over, as many as a page leads to."""
    return [each for each in months if each.last_sunday < today][:_MOST]


def links(months: Sequence[Month], area: str, today: int, said: MonthTexts) -> tuple[tuple[str, str], ...]:
    """Return addresses and labels of an area's reports."""
    return tuple(
        (f"/office/export/month/{area}?month={each}", said.link.format(month=each.said))
        for each in finished(months, today)
    )


def _wrong(said: MonthTexts, wanted: str) -> Problem:
    return Problem(said.wrong.title, said.wrong.text.format(month=wanted[:_LONGEST]))
