"""The office as one ASGI application: all its ways, and what is answered to every other address under /office."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.guard import HEADERS
from bot.core.access import Refused
from bot.core.places import Province
from bot.core.saving import StoreDown
from bot.office.areas import Areas
from bot.office.door import Asked, Door, Way
from bot.office.editor.ways import Editor
from bot.office.editor.workshop import Workshop
from bot.office.figure_pages import FigurePages
from bot.office.figures import Source
from bot.office.group_page import GroupPage
from bot.office.keys import Keys
from bot.office.month_pages import MonthPages
from bot.office.own_pages import OwnPages
from bot.office.page import Frame, sorry
from bot.office.sign_in import HOME, SignIn
from bot.office.texts import texts_of
from bot.office.voice_pages import VoicePages
from bot.stores.database import Database
from bot.stores.group import Group
from bot.stores.office import Office
from bot.stores.teams import TeamBook
from bot.studio import Studio

OFFICE: Final = "/office"


def minute_now() -> int:
    """Return the minute since 1970."""
    return int(time.time()) // 60


class Pages(Protocol):
    """Some pages that belong together."""

    def ways(self) -> list[Way]: ...


def ways(office: Office, door: Door, *pages: Pages) -> list[Way]:
    """Return every address of the office; tests try each as everybody."""
    sign_in = SignIn(office, door)
    return [
        *sign_in.ways(),
        *Keys(office, door, sign_in).ways(),
        *(way for each in pages for way in each.ways()),
        Way(OFFICE, "home", get=_to_home),
        Way("/office/{rest:path}", "elsewhere", get=_elsewhere, post=_elsewhere),
    ]


class Site:
    """The office.

    `source` has the figures, `workshop` the lessons, `province` the communes' names, `studio` what volunteers have
    read. `https`: whether people reach it by https; if not, only this machine is answered.
    """

    def __init__(  # noqa: PLR0913  what it is made of
        self,
        database: Database,
        source: Source,
        workshop: Workshop,
        province: Province,
        studio: Studio,
        *,
        https: bool,
        minute: Callable[[], int] = minute_now,
    ) -> None:
        self._database = database
        self._ready = False
        office = Office(database)
        door = Door(office, minute, https=https)
        areas = Areas(TeamBook(database), province)
        self.ways = ways(
            office,
            door,
            FigurePages(office, source, workshop.library, areas),
            MonthPages(office, source, areas),
            GroupPage(office, Group(database), areas, workshop.library),
            Editor(database, workshop),
            VoicePages(office, studio),
            OwnPages(office, areas),
        )
        routes = [door.route(way) for way in self.ways]
        self._app: ASGIApp = Starlette(routes=routes, exception_handlers={500: _broken})

    @property
    def routes(self) -> list[BaseRoute]:
        """All addresses of the office, for the program's router."""
        return [Route(OFFICE, self), Route(f"{OFFICE}/{{rest:path}}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the first sees that the database has the tables."""
        if not self._ready:
            with suppress(StoreDown):  # then each page says so
                await self._database.prepare()
                self._ready = True
        await self._app(scope, receive, send)

    async def close(self) -> None:
        """Hang up."""
        await self._database.close()


async def _to_home(_asked: Asked) -> Response:
    return RedirectResponse(HOME, 303)


async def _elsewhere(_asked: Asked) -> Response:
    raise Refused


async def _broken(_request: Request, _error: Exception) -> Response:
    response = sorry(Frame("vi"), texts_of("vi").broken, 500)
    response.headers.update(HEADERS)
    return response
