"""A short way for the platforms' webhooks through uvicorn.

Measured (bench/telegram): of an update's time more went on the general way, with a scope, a parser,
two events and a flow control for each request, than on the lesson. A plain POST to a known path that
came whole is answered here; everything else goes the general way, to the same endpoint by ASGI.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

TELEGRAM = "/telegram/webhook"  # where its updates come
ZALO_BOT = "/zalo/bot/webhook"  # where those of a bot on Zalo come
ZALO_BOT_CLIPS = "/zalo/bot/clips/"  # where Zalo fetches what such a bot says
ZALO_OA = "/zalo/oa/webhook"  # where those of Zalo's Official Account come
ZALO_OA_LOGIN = "/zalo/oa/login"  # where an operator lands who has let the program in there


class Answer(NamedTuple):
    """What a webhook gets: a status, JSON or nothing, and after how many seconds it should come again."""

    status: int
    body: bytes = b""
    later: int = 0

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that say so."""
        headers = [(b"content-length", b"%d" % len(self.body))]
        if self.body:
            headers.append((b"content-type", b"application/json"))
        if self.later:
            headers.append((b"retry-after", b"%d" % self.later))
        return headers

    def plain(self) -> bytes:
        """Return the same headers as they are written, a line each."""
        return b"".join(b"%s: %s\r\n" % header for header in self.headers())


Hook = Callable[[Mapping[bytes, bytes], bytes], Awaitable[Answer]]  # of headers (names in small letters) and body


class _Head(NamedTuple):
    """What stands before a request's body."""

    hook: Hook
    headers: Mapping[bytes, bytes]
    length: int  # of the body, bytes


HEADS, LONGEST_HEAD = 512, 2_000  # how many are remembered, of how many bytes at most: a platform sends the same always
LONGEST_LENGTH = 9  # digits
_GENERAL = {b"transfer-encoding", b"expect", b"upgrade", b"connection"}  # what only the general way can follow


def protocol(hooks: Mapping[str, Hook]) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with the short way to these paths."""
    lines = {f"POST {path} HTTP/1.1".encode(): hook for path, hook in hooks.items()}
    known: dict[bytes, _Head] = {}

    class Short(_Short):
        hooks = lines
        heads = known

    return Short


class _Short(HttpToolsProtocol):
    hooks: Mapping[bytes, Hook] = {}
    heads: ClassVar[dict[bytes, _Head]]  # those read before

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  uvicorn's affair
        super().__init__(*args, **kwargs)
        self._between = True  # requests: the parser has nothing begun
        self._answering = False
        self._waiting = b""  # what came while an answer was under way
        self._leaving = False
        self._idle_since = 0.0  # on the loop's clock; the general way arms a timer of its own, which is then due

    def on_message_begin(self) -> None:
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._between = True
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._answering:
            self._waiting += data
            if len(self._waiting) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            return
        idle = self._between and (self.cycle is None or self.cycle.response_complete)
        written, end, body = data.partition(b"\r\n\r\n") if idle else (b"", b"", b"")
        head = self._head(written) if end else None
        if head is None or head.length != len(body):
            super().data_received(data)
            return
        self._answering = True
        task = self.loop.create_task(self._answer(head.hook, head.headers, body))
        self.tasks.add(task)  # uvicorn waits for these when it is told to stop
        task.add_done_callback(self.tasks.discard)

    def _head(self, written: bytes) -> _Head | None:
        """Return what a request's head asks for on the short way; None where the general way must follow it."""
        head = self.heads.get(written)
        if head is None:
            head = _read(written, self.hooks)
            if head and len(written) <= LONGEST_HEAD:
                if len(self.heads) >= HEADS:
                    self.heads.clear()
                self.heads[written] = head
        return head

    async def _answer(self, hook: Hook, headers: Mapping[bytes, bytes], body: bytes) -> None:
        try:
            answer = await hook(headers, body)
        except Exception:
            self.logger.exception("a webhook failed")
            answer = Answer(500)
        parts = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        end = b"connection: close\r\n\r\n" if self._leaving else b"\r\n"
        self._answering = False
        if self.transport.is_closing():
            return
        self.transport.write(b"".join((*parts, answer.plain(), end, answer.body)))
        if self._leaving:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again_in(self.timeout_keep_alive)
        if self._waiting:
            self.flow.resume_reading()
            data, self._waiting = self._waiting, b""
            self.data_received(data)

    def _look_again_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who has been silent for so long. One timer does for many answers: a new one for each costs."""
        silent_for = 0.0 if self._answering else self.loop.time() - self._idle_since
        if silent_for < self.timeout_keep_alive:
            self._look_again_in(self.timeout_keep_alive - silent_for)
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Let an answer that is under way go out first."""
        if self._answering:
            self._leaving = True
        else:
            super().shutdown()


def _read(written: bytes, hooks: Mapping[bytes, Hook]) -> _Head | None:
    line, _, rest = written.partition(b"\r\n")
    hook = hooks.get(line)
    if hook is None:
        return None
    headers: dict[bytes, bytes] = {}
    for row in rest.split(b"\r\n"):
        name, colon, value = row.partition(b":")
        name = name.lower()
        if not colon or name in headers or name != name.strip():
            return None
        headers[name] = value.strip()
    plain = _GENERAL.isdisjoint(headers) or (
        headers.get(b"connection", b"").lower() == b"keep-alive" and len(_GENERAL.intersection(headers)) == 1
    )
    length = headers.get(b"content-length", b"")
    told = length.isdigit() and len(length) <= LONGEST_LENGTH and length == b"%d" % int(length)
    return _Head(hook, headers, int(length)) if plain and told else None


class Webhook(ABC):
    """A channel's webhook on the general way, by ASGI."""

    largest: ClassVar[int]  # bytes of a body

    @abstractmethod
    def refuses(self, headers: Mapping[bytes, bytes], size: int) -> Answer | None:
        """Refuse a request by its head and its body's size in bytes, 0 where nothing was read yet."""

    @abstractmethod
    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one update, as `Hook`."""

    async def webhook(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update over HTTP. 405 for what is no POST; nothing is read of what is refused by its head."""
        headers = dict(scope["headers"])
        answer = Answer(405) if scope["method"] != "POST" else self.refuses(headers, 0)
        if answer is None:
            body = await _read_body(receive, self.largest)
            answer = await self.hook(headers, body) if body is not None else self.refuses(headers, self.largest + 1)
        answer = answer or Answer(413)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers()})
        await send({"type": "http.response.body", "body": answer.body})


async def _read_body(receive: Receive, most: int) -> bytes | None:
    """Read a request's body on the general way; None when it has more than `most` bytes, b"" when it broke off."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += bytes(message.get("body", b""))
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return body
