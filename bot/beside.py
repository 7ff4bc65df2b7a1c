"""A platform's channel, started beside everything else; updates that come too early wait for it.

Making one may take seconds of importing, and its platform may be away: nobody waits for either.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, Protocol, TypeVar

import structlog
from starlette.types import Receive, Scope, Send

from bot.webhooks import Answer

log = structlog.get_logger()


class Channel(Protocol):
    """A channel with a webhook."""

    async def webhook(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update by ASGI."""

    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one update, as `webhooks.Hook`."""

    async def close(self) -> None:
        """Bring what was taken to its end."""


C = TypeVar("C", bound=Channel)


class Beside(Generic[C]):
    """The channel `name`: `make` is called in a thread, `made` once it is there, `work` goes on until the end."""

    def __init__(
        self, name: str, make: Callable[[], C], work: Callable[[C], Awaitable[None]], made: Callable[[], None]
    ) -> None:
        self._name = name
        self._coming = asyncio.create_task(self._begin(make, made))
        self._working = asyncio.create_task(self._work(work))

    async def _begin(self, make: Callable[[], C], made: Callable[[], None]) -> C:
        channel = await asyncio.to_thread(make)
        made()
        return channel

    async def _work(self, work: Callable[[C], Awaitable[None]]) -> None:
        try:
            await work(await self._coming)
        except Exception:  # nobody waits for this task before the end
            log.exception("a channel is not listened to any more; start the program again", channel=self._name)

    async def channel(self) -> C:
        """Return the channel, as soon as it is there."""
        return await self._coming

    async def webhook(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update by ASGI."""
        await (await self._coming).webhook(scope, receive, send)

    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one update, as `webhooks.Hook`."""
        return await (await self._coming).hook(headers, body)

    async def close(self) -> None:
        """Stop what goes on, then close the channel."""
        for task in (self._working, self._coming):
            task.cancel()
            await asyncio.wait([task])
        if not self._coming.cancelled() and not self._coming.exception():
            await self._coming.result().close()
