"""Asking a store's server: within a time limit, and with a sentence for people when no answer comes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterCrossSlotError,
    ClusterDownError,
    MovedError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
)

from bot.core.saving import StoreDown
from bot.stores.address import Address, read_url
from bot.stores.line import Command, Line
from bot.stores.line import connect as connect_line

ANSWER_SECONDS = 4.0  # for a whole call, with connecting
TROUBLES = (RedisError, RedisClusterException, OSError)


class Asking:
    """What everybody who talks to the store does alike: `_ask`, or raise StoreDown."""

    def __init__(self, line: Line, address: Address) -> None:
        self._line = line
        self._address = address

    @classmethod
    def connect(cls, url: str) -> Self:
        """Make it for a URL (the forms: `address.FORMS`); raises ValueError with a sentence. Sends nothing."""
        address = read_url(url)
        return cls(connect_line(address), address)

    @classmethod
    def beside(cls, other: "Asking") -> Self:
        """Make it for the server of another, over the same line, which the other closes."""
        return cls(other._line, other._address)  # noqa: SLF001  of this very class

    async def close(self) -> None:
        """Hang up; never raises for a server that is away."""
        with suppress(*TROUBLES):
            await self._line.close()

    async def _ask(self, commands: Sequence[Command], seconds: float | None = None) -> list[Any]:
        """Get a reply to each command, or raise StoreDown; a NoScriptError is handed back as it is."""
        seconds = seconds or ANSWER_SECONDS
        try:
            async with asyncio.timeout(seconds):
                replies = await self._line.ask(commands)
            for reply in replies:
                if isinstance(reply, ResponseError) and not isinstance(reply, NoScriptError):
                    raise reply
        except TROUBLES as error:
            raise self._down(error, seconds) from error
        return replies

    def _down(self, error: Exception, seconds: float) -> StoreDown:
        return StoreDown(self._address.strike(_why(error, f"The store at {self._address}", seconds)))


def _why(error: Exception, store: str, seconds: float) -> str:
    """Say in one sentence what the error means to whoever runs the store."""
    text = " ".join(str(error).split()).rstrip(".")
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds):
            return f"{store} {meaning}."
    if isinstance(error, TimeoutError) and not text:
        return f"{store} didn't answer within {seconds:g} s."
    if text.startswith("MISCONF"):
        return f"{store} can't write to its disk ({text})."
    if isinstance(error, ResponseError):
        return f"{store} refused a command ({text})."
    return f"{store} can't be reached ({text or type(error).__name__})."


_MEANINGS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (AuthenticationError, "refuses the name or password in its URL"),
    (NoPermissionError, "doesn't let us do what we must; give our name all commands on all keys"),
    (BusyLoadingError, "is still loading its data"),
    (ReadOnlyError, "is a replica and takes no writes; name the primary server"),
    (OutOfMemoryError, "has no memory left for writes; raise its maxmemory"),
    ((MovedError, ClusterCrossSlotError), "is part of a cluster; its URL begins with redis+cluster://"),
    (ClusterDownError, "is a cluster of which a part is down"),
)
