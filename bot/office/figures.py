"""Where the office gets its figures: from the newest release, as it was made after a week's end."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

from bot.core.month import Month
from bot.core.released import AreaFigures, LessonFigures
from bot.stores.released import Kind, Released

T = TypeVar("T")


class NotCounted(Exception):
    """Nothing has been released yet."""


class Source(Protocol):
    """Who has the figures. `None` is returned for an area or a lesson that there isn't.

    Methods raise NotCounted before there are figures, StoreDown where they can't be read.
    """

    async def area(self, area: str) -> AreaFigures | None: ...

    async def lessons(self, area: str) -> LessonFigures | None: ...

    async def lesson(self, area: str, key: str) -> LessonFigures | None: ...

    async def months(self, area: str) -> Sequence[Month]: ...  # the newest first

    async def month(self, area: str, month: Month) -> AreaFigures | None: ...  # as it was last released in it


class Newest:
    """The newest release."""

    def __init__(self, released: Released) -> None:
        self._released = released

    async def area(self, area: str) -> AreaFigures | None:
        return await self._page("area", area, AreaFigures)

    async def lessons(self, area: str) -> LessonFigures | None:
        return await self._page("lessons", area, LessonFigures)

    async def lesson(self, area: str, key: str) -> LessonFigures | None:
        if "." not in area:
            return await self._page("lesson", f"{area} {key}", LessonFigures)
        group = await self.lessons(area)  # of groups there are no steps
        its = tuple(each for each in group.lessons if each.key == key) if group else ()
        return msgspec.structs.replace(group, lessons=its) if group and its else None

    async def months(self, area: str) -> Sequence[Month]:
        return await self._released.months(area)

    async def month(self, area: str, month: Month) -> AreaFigures | None:
        return await self._page("month", f"{month} {area}", AreaFigures)

    async def _page(self, kind: Kind, name: str, as_what: type[T]) -> T | None:
        found = await self._released.page(kind, name)
        if found is None and await self._released.newest() is None:
            raise NotCounted
        return None if found is None else msgspec.msgpack.decode(found, type=as_what)
