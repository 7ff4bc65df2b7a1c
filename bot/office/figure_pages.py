"""The pages of figures: areas, lessons, and the same as files.

Each page is made once, as tables; whether it is drawn or downloaded, these tables are what is seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.core.access import ALL, Refused, may, seen_by
from bot.core.lesson import Lesson
from bot.core.library import FIRST, Library
from bot.office.areas import Areas
from bot.office.door import Asked, Way
from bot.office.export import MEDIA, Form, Head, as_csv, as_xlsx
from bot.office.figure_sheets import area_sheets, lesson_sheets, lessons_sheet, title_of
from bot.office.figure_texts import FigureTexts, figure_texts_of
from bot.office.figures import NotCounted, Source
from bot.office.month_pages import links
from bot.office.month_texts import month_texts_of
from bot.office.page import draw
from bot.office.sheet import Sheet, day_text, minute_text
from bot.office.texts import Texts
from bot.stores.office import Office, day_of

HOME: Final = "/office/"


@dataclass(frozen=True, slots=True)
class Made:
    """A page before it is drawn or written to a file. `path` is where its files are, without their form."""

    title: str
    area: str  # in words
    until: int
    demo: bool
    sheets: tuple[Sheet, ...]
    path: str
    ways: tuple[tuple[str, str], ...] = ()  # addresses and labels of pages beside
    months: tuple[tuple[str, str], ...] = ()  # of monthly reports


class FigurePages:
    """The answers. `library` has the lessons that are taught now."""

    def __init__(self, office: Office, source: Source, library: Callable[[], Library], areas: Areas) -> None:
        self._office = office
        self._areas = areas
        self._source = source
        self._library = library

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way(HOME, "figures", get=self.area),
            Way("/office/area/{area}", "figures", get=self.area),
            Way("/office/export/{form}/area/{area}", "figures exported", get=self.area_file),
            Way("/office/lessons", "lessons", get=self.lessons),
            Way("/office/export/{form}/lessons", "lessons exported", get=self.lessons_file),
            Way("/office/lessons/{lesson}", "lesson", get=self.lesson),
            Way("/office/export/{form}/lessons/{lesson}", "lesson exported", get=self.lesson_file),
        ]

    async def area(self, asked: Asked) -> Response:
        """Show an area's figures."""
        return self._drawn(asked, await self._area(asked))

    async def area_file(self, asked: Asked) -> Response:
        """Hand out the same as a file."""
        return await self._file(asked, await self._area(asked))

    async def lessons(self, asked: Asked) -> Response:
        """Show all lessons of an area."""
        return self._drawn(asked, await self._lessons(asked))

    async def lessons_file(self, asked: Asked) -> Response:
        """Hand out the same as a file."""
        return await self._file(asked, await self._lessons(asked))

    async def lesson(self, asked: Asked) -> Response:
        """Show one lesson step by step."""
        return self._drawn(asked, await self._lesson(asked))

    async def lesson_file(self, asked: Asked) -> Response:
        """Hand out the same as a file."""
        return await self._file(asked, await self._lesson(asked))

    async def _area(self, asked: Asked) -> Made:
        figures = await self._source.area(asked.area)
        if figures is None:
            # Nobody has joined in their own area yet; any other that isn't there is refused.
            raise NotCounted if asked.area == seen_by(asked.person, "figures") else Refused
        said = figure_texts_of(asked.lang)
        groups = asked.area != ALL
        sheets = area_sheets(figures, said, self._names(asked.said), groups)
        ways = []
        wider = asked.area.partition(".")[0] if "." in asked.area else ALL
        if groups and may(asked.person, "figures", wider):
            name = self._areas.wide(wider, asked.lang)
            ways.append((f"/office/area/{wider}", said.to_area.format(area=name)))
        if may(asked.person, "lessons", asked.area):
            lessons = said.lessons_of.format(area=figures.whole.name)
            ways.append((f"/office/lessons?area={asked.area}", lessons))
        return Made(
            figures.whole.name,
            figures.whole.name,
            figures.until,
            figures.demo,
            tuple(sheets),
            f"area/{asked.area}",
            tuple(ways),
            await self._months(asked),
        )

    async def _months(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        if "." in asked.area or not may(asked.person, "month exported", asked.area):
            return ()
        months = await self._source.months(asked.area)
        return links(months, asked.area, day_of(asked.minute), month_texts_of(asked.lang))

    async def _lessons(self, asked: Asked) -> Made:
        figures = await self._source.lessons(asked.area)
        if figures is None:
            raise Refused
        said, lessons = figure_texts_of(asked.lang), self._taught()
        sheet = lessons_sheet(
            figures,
            said,
            lessons,
            day_of(asked.minute),
            lambda key: f"/office/lessons/{key}?area={asked.area}",
        )
        back = (f"/office/area/{asked.area}", said.to_area.format(area=figures.name))
        return Made(
            sheet.caption,
            figures.name,
            figures.until,
            figures.demo,
            (sheet,),
            f"lessons?area={asked.area}",
            (back,) if may(asked.person, "figures", asked.area) else (),
        )

    async def _lesson(self, asked: Asked) -> Made:
        key = asked.request.path_params["lesson"]
        lesson = self._taught().get(key)
        figures = await self._source.lesson(asked.area, key) if lesson else None
        if figures is None or lesson is None:
            raise Refused
        said = figure_texts_of(asked.lang)
        back = (f"/office/lessons?area={asked.area}", said.to_lessons)
        return Made(
            said.of_lesson.format(title=title_of(lesson)),
            figures.name,
            figures.until,
            figures.demo,
            tuple(lesson_sheets(figures, said, lesson, day_of(asked.minute))),
            f"lessons/{key}?area={asked.area}",
            (back,),
        )

    def _drawn(self, asked: Asked, made: Made) -> Response:
        said = figure_texts_of(asked.lang)
        downloads = [(f"/office/export/{form}/{made.path}", label) for form, label in _forms(said)]
        months = month_texts_of(asked.lang)
        return draw(
            asked.frame, "figures", made=made, head=_head(made, said), words=said, downloads=downloads, months=months
        )

    async def _file(self, asked: Asked, made: Made) -> Response:
        form = asked.request.path_params["form"]
        if form not in MEDIA:
            raise Refused
        said = figure_texts_of(asked.lang)
        await self._office.note(asked.person, "exported", f"{made.title} · {made.area} · .{form}", asked.minute)
        head = Head(made.title, (*_head(made, said), (said.made, minute_text(asked.minute))))
        write = {"csv": as_csv, "xlsx": as_xlsx}[cast("Form", form)]
        body = await run_in_threadpool(write, head, made.sheets)
        stem = f"hoc-so-{made.path.partition('?')[0]}-{day_text(made.until)}".replace("/", "-")
        return Response(
            body,
            media_type=MEDIA[cast("Form", form)],
            headers={"Content-Disposition": f'attachment; filename="{stem}.{form}"'},
        )

    def _taught(self) -> Mapping[str, Lesson]:
        return {key: languages[FIRST] for key, languages in self._library().lessons.items()}

    def _names(self, said: Texts) -> Mapping[str, str]:
        """Return the names of target groups and channels."""
        return {path[FIRST].id: path[FIRST].title for path in self._library().paths} | dict(said.channels)


def _head(made: Made, said: FigureTexts) -> tuple[tuple[str, str], ...]:
    """Return what a page says of its figures: which area, until when, and whether of real people."""
    lines = ((said.area, made.area), (said.until, day_text(made.until)), (said.hidden, said.hidden_note))
    return (*lines, (said.demo, said.demo_note)) if made.demo else lines


def _forms(said: FigureTexts) -> tuple[tuple[str, str], ...]:
    return ("xlsx", said.as_xlsx), ("csv", said.as_csv)
