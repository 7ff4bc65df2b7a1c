"""Calls whose answer nobody waits for, and whose failure loses nothing: stopping the spinner of a pressed button.

Every tap needs one, and by aiogram it cost more than the whole turn (bench/telegram), so these few
go over connections of our own. One request at a time on each; what can't go out soon is dropped and counted.
"""

import asyncio
import re
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

import httptools

WIRES = 16  # connections at most
WAITING = 2000  # calls at most that wait for one; by then a spinner has stopped by itself
ANSWER_SECONDS = 15.0  # for one call, and for connecting
MOST_BYTES = 10_000  # of an answer that are looked at; it has a hundred

_retry_after = re.compile(rb'"retry_after"\s*:\s*(\d{1,6})')


class Asides:
    """Posts JSON to methods of one bot at the Bot API. `failed` hears of each that did not work, by kind."""

    def __init__(self, token: str, base: str, failed: Callable[[str], None]) -> None:
        parts = urlsplit(base)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._head = f"POST {parts.path}/bot{token}/%s HTTP/1.1\r\nhost: {parts.netloc}\r\n".encode()
        self._head += b"content-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._failed = failed
        self._waiting: deque[bytes] = deque()
        self._idle: list[_Wire] = []
        self._wires: set[_Wire] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()  # nothing is under way
        self._pause_until = 0.0  # on the event loop's clock; Telegram asks for it
        self._closed = False

    def post(self, method: bytes, body: bytes) -> None:
        """Make one call, now or as soon as a connection is free."""
        if self._closed or asyncio.get_running_loop().time() < self._pause_until or len(self._waiting) >= WAITING:
            self._failed("aside dropped")
            return
        request = self._head % (method, len(body)) + body
        if self._idle:
            self._idle.pop().send(request)
            return
        self._waiting.append(request)
        self._widen()

    def _widen(self) -> None:
        """Open one more connection, if there may be more."""
        if len(self._wires) + len(self._opening) < WIRES:
            task = asyncio.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await loop.create_connection(lambda: _Wire(self), self._host, self._port, ssl=self._tls)
        except OSError:  # TimeoutError and SSLError are such
            self._drop_waiting()
            self._rest()

    def free(self, wire: "_Wire") -> None:
        """Give a connection its next call."""
        self._wires.add(wire)
        if self._waiting:
            wire.send(self._waiting.popleft())
        else:
            self._idle.append(wire)
            self._rest()

    def _rest(self) -> None:
        if not self._waiting and len(self._idle) == len(self._wires):
            self._quiet.set()

    def lost(self, wire: "_Wire", *, asking: bool) -> None:
        """Forget a connection; what it was asked is not asked again: it may have been done."""
        self._wires.discard(wire)
        if wire in self._idle:
            self._idle.remove(wire)
        self.dropped(asking)
        if self._waiting:
            self._widen()
        self._rest()

    def answered(self, status: int, body: bytes) -> None:
        """Look at an answer; a call for a tap that is too old is refused, which does no harm."""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            found = _retry_after.search(body)
            self._pause_until = asyncio.get_running_loop().time() + (int(found[1]) if found else 1)
            self._drop_waiting()
        if status != HTTPStatus.OK:
            self._failed("aside refused")

    def dropped(self, number: int) -> None:
        """Count what was not asked, or not answered."""
        for _ in range(number):
            self._failed("aside dropped")

    def _drop_waiting(self) -> None:
        self.dropped(len(self._waiting))
        self._waiting.clear()

    async def close(self, seconds: float) -> None:
        """Let what is under way come to its end, for so long, then hang up."""
        if self._waiting or self._opening or len(self._idle) < len(self._wires):
            self._quiet.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), seconds)
        self._closed = True  # an update that is still under way must open none
        self._drop_waiting()
        for task in self._opening:
            task.cancel()
        for wire in list(self._wires):
            wire.break_off()


class _Wire(asyncio.Protocol):
    """One connection to the Bot API."""

    def __init__(self, asides: Asides) -> None:
        self._asides = asides
        self._transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)
        self._asking = False
        self._body = b""
        self._limit: asyncio.TimerHandle | None = None

    def send(self, request: bytes) -> None:
        self._asking = True
        self._limit = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._transport.abort)
        self._transport.write(request)

    def hang_up(self) -> None:
        self._transport.close()

    def break_off(self) -> None:
        """Hang up at once, even on a server that doesn't read what it was sent."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self._asides.free(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._rest()
        self._asides.lost(self, asking=self._asking)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.hang_up()

    def on_body(self, body: bytes) -> None:
        if len(self._body) < MOST_BYTES:
            self._body += body

    def on_message_complete(self) -> None:
        self._rest()
        if not self._asking:  # it answers what nobody asked
            self.hang_up()
            return
        self._asking = False
        body, self._body = self._body, b""
        self._asides.answered(self._parser.get_status_code(), body)
        if self._parser.should_keep_alive():
            self._asides.free(self)
        else:
            self.hang_up()

    def _rest(self) -> None:
        if self._limit:
            self._limit.cancel()
            self._limit = None
