"""The office beside the teaching: made when somebody first opens it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot import places
from bot.config import Config
from bot.core.places import Commune, Province
from bot.messengers import Parts

log = structlog.get_logger()

if TYPE_CHECKING:
    from bot.office.site import Site


class OfficeBeside:
    """The office, as an ASGI application; most processes never need what talks to the database.

    `taught_by` is what the lessons are taught by; `made` is called when the office has been made.
    """

    def __init__(self, config: Config, taught_by: Parts, made: Callable[[], None]) -> None:
        self._config = config
        self._taught_by = taught_by
        self._made = made
        self._making: asyncio.Task[Site] | None = None

    @property
    def routes(self) -> list[BaseRoute]:
        """All addresses of the office."""
        return [Route("/office", self), Route("/office/{rest:path}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._making is None or (self._making.done() and self._making.exception()):
            self._making = asyncio.create_task(self._make())
        site = await asyncio.shield(self._making)
        await site(scope, receive, send)

    async def _make(self) -> "Site":
        site = await asyncio.to_thread(_new_office, self._config, self._taught_by)
        self._made()
        return site

    async def close(self) -> None:
        """Hang up."""
        if self._making:
            await asyncio.wait([self._making])
            if not self._making.exception():
                await self._making.result().close()


def _new_office(config: Config, parts: Parts) -> "Site":
    from bot.office.editor.workshop import Workshop  # noqa: PLC0415  see OfficeBeside
    from bot.office.figures import Newest  # noqa: PLC0415  see OfficeBeside
    from bot.office.site import Site  # noqa: PLC0415  see OfficeBeside
    from bot.stores.database import Database  # noqa: PLC0415  see OfficeBeside
    from bot.stores.released import Released  # noqa: PLC0415  see OfficeBeside
    from bot.studio import Studio  # noqa: PLC0415  see OfficeBeside

    database = Database.at(config.records.url, config.data)
    workshop = Workshop(config.lessons, lambda: parts.tutor.library, parts.store.everyone, parts.voice, parts.gallery)
    studio = Studio(database, config.lessons, lambda: parts.tutor.library, parts.voice, config.voice.dialects)
    return Site(database, Newest(Released(database)), workshop, _province(config), studio, https=config.https)


def _province(config: Config) -> Province:
    """Return the communes; where their table can't be read the log says why, and they are shown by their codes."""
    try:
        return places.read(config.places)
    except ValueError as error:
        log.warning("the office has no names of communes", why=str(error))
        return Province(Commune("", "tỉnh", ""), ())
