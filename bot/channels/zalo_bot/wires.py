"""Posts JSON over connections of our own, one request at a time on each: for the call that every turn needs.

By httpx that call cost several times the whole turn (bench/zalo), so it goes out raw. Everything that is
rare goes by httpx.
"""

import asyncio
import ssl
from collections import deque
from contextlib import suppress
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

WIRES = 8  # connections at most
ANSWER_SECONDS = 15.0  # for one call, and for connecting
MOST_BYTES = 100_000  # of an answer; it has two hundred


class Lost(Exception):
    """No answer came. `sent`: the request went out, so it may have been carried out."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("no answer")
        self.sent = sent


class Answered(NamedTuple):
    """A status and a body."""

    status: int
    body: bytes


class Wires:
    """Connections to one server. No sentence, error or `repr()` from here shows what was asked, or where."""

    def __init__(self, base: str, seconds: float = ANSWER_SECONDS) -> None:
        parts = urlsplit(base)
        self.seconds = seconds
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._head = f"HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\ncontent-length: ".encode()
        self._idle: list[_Wire] = []
        self._all: set[_Wire] = set()
        self._room = asyncio.Semaphore(WIRES)
        self._closed = False

    async def post(self, path: bytes, body: bytes) -> Answered:
        """Make one call. Raises Lost."""
        request = b"POST %s %s%d\r\n\r\n%s" % (path, self._head, len(body), body)
        async with self._room:
            if self._closed:
                raise Lost(sent=False)
            while self._idle:
                wire = self._idle.pop()
                if wire.open:
                    return await self._asked(wire, request)
            return await self._asked(await self._opened(), request)

    async def _opened(self) -> "_Wire":
        try:
            async with asyncio.timeout(self.seconds):
                loop = asyncio.get_running_loop()
                wire: _Wire
                _, wire = await loop.create_connection(_Wire, self._host, self._port, ssl=self._tls)
        except OSError:  # TimeoutError and SSLError are such
            raise Lost(sent=False) from None
        self._all.add(wire)
        return wire

    async def _asked(self, wire: "_Wire", request: bytes) -> Answered:
        try:
            answered = await wire.ask(request, self.seconds)
        except BaseException:
            self._all.discard(wire)
            wire.break_off()
            raise
        if wire.open and not self._closed:
            self._idle.append(wire)
        else:
            self._all.discard(wire)
            wire.break_off()
        return answered

    def close(self) -> None:
        """Hang up."""
        self._closed = True
        for wire in self._all:
            wire.break_off()
        self._all.clear()
        self._idle.clear()


class _Wire(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._answer: asyncio.Future[Answered] | None = None
        self.open = False

    async def ask(self, request: bytes, seconds: float) -> Answered:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answered] = loop.create_future()
        self._answer = answer
        limit = loop.call_later(seconds, self._fail)
        self._transport.write(request)
        try:
            return await answer
        finally:
            limit.cancel()
            self._answer = None

    def break_off(self) -> None:
        """Hang up at once."""
        self.open = False
        with suppress(AttributeError):  # it never was connected
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self.open = True

    def connection_lost(self, _error: Exception | None) -> None:
        self.open = False
        self._fail()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > MOST_BYTES:
            self._fail()
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # noqa: PLR2004  an interim answer
            return
        body, self._size = b"".join(self._parts), 0
        self._parts.clear()
        self.open = self.open and self._parser.should_keep_alive()
        if self._answer is None:  # it answers what nobody asked
            self.break_off()
        elif not self._answer.done():
            self._answer.set_result(Answered(status, body))

    def _fail(self) -> None:
        self.open = False
        if self._answer and not self._answer.done():
            self._answer.set_exception(Lost(sent=True))
