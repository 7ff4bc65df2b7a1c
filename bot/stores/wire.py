"""A connection that redis-py has made and logged in, then read and written straight from the event loop.

redis-py's streams, pool and commands around each exchange cost two thirds of it: 60 µs of CPU of 90
(`python bench/exchange.py`), which one save of a single learner pays alone.
"""

import asyncio
from typing import Any, Final

import hiredis
from redis._parsers.base import BaseParser  # only here do errors get redis-py's own types
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import InvalidResponse, RedisError

_CLOSED: Final = "Connection closed by server."


class Wire(asyncio.Protocol):
    """One connection, for one exchange at a time: commands go out, and as many replies come back."""

    def __init__(self, connection: AbstractConnection) -> None:
        writer = connection._writer  # noqa: SLF001  redis-py has no other way to its transport
        if writer is None:
            raise Lost(_CLOSED)
        self._connection = connection  # keeps the streams from closing the transport
        self._reader = hiredis.Reader(protocolError=InvalidResponse, replyError=BaseParser.parse_error)
        self._replies: list[Any] = []
        self._wanted = 0
        self._answered: asyncio.Future[list[Any]] | None = None
        self._transport = writer.transport
        self._streams = self._transport.get_protocol()
        self._transport.set_protocol(self)

    @classmethod
    async def connect(cls, pool: ConnectionPool) -> "Wire":
        """Connect and log in as the pool says. Raises RedisError or OSError."""
        connection = pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()
            return cls(connection)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise

    @property
    def open(self) -> bool:
        """Whether the server hasn't hung up, as far as is known."""
        return not self._transport.is_closing()

    async def ask(self, packed: bytes, count: int) -> list[Any]:
        """Send packed commands, and wait for so many replies; one that refuses is a ResponseError.

        Raises RedisError when the server hangs up, is still loading, or answers what is no reply. Whoever
        is cancelled while waiting must hang up.
        """
        self._replies, self._wanted = [], count
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(packed)
        replies = await self._answered
        for reply in replies:
            if isinstance(reply, Lost):  # so redis-py sees a server that loads, or has too many clients
                raise reply
        return replies

    def data_received(self, data: bytes) -> None:
        """Take replies, or a part of one."""
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self._replies.append(reply)
        except RedisError as error:
            self._fail(error)
        if self._answered and not self._answered.done() and len(self._replies) >= self._wanted:
            self._answered.set_result(self._replies)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits, and the streams, so that closing them ends."""
        self._streams.connection_lost(exc)
        self._fail(Lost(_CLOSED))

    def _fail(self, error: RedisError) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_exception(error)

    async def hang_up(self) -> None:
        """Close the connection; what is under way is lost."""
        await self._connection.disconnect(nowait=True)
