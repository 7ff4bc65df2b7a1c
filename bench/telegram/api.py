"""Telegram's side: a Bot API server that says yes at once, and hands on to the learners what a bot sends them."""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count

import msgspec
from load import TAPS, Learner, Stretch
from reply import Said, of_call
from wire import Messages

BOT = b'{"id":1,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
MESSAGES = {b"sendMessage", b"editMessageText"}

_method = re.compile(rb"POST /bot[^/ ]+/(\w+)")
_tap = re.compile(rb"callback_query_id\W+(\d+)")
_numbers = count(50_000_000)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
_OK = b'{"ok":true,"result":'


class BotApi:
    """The server. `stretch` is whose learners it serves now."""

    def __init__(self) -> None:
        self.stretch: Stretch | None = None
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    def call(self, head: bytes, body: bytes) -> tuple[bytes, Callable[[], None] | None]:
        """Return what a call comes to, as JSON, and what is to be done once that was sent."""
        found = _method.match(head)
        if not found:
            raise ValueError(f"no call of the Bot API: {head[:100]!r}")
        method, learners = found[1], self.stretch.learners if self.stretch else {}
        if method == b"getMe":
            return BOT, None
        if method in MESSAGES:
            return _message(of_call(head, body), learners)
        if method == b"editMessageReplyMarkup":
            return b'{"message_id":1,"date":1790000000,"chat":{"id":1,"type":"private"},"text":"."}', None
        if method == b"answerCallbackQuery" and (tap := _tap.search(body)):
            learner = learners.get(int(tap[1]) // TAPS)
            return b"true", learner.answered if learner else None
        return b"true", None


def _message(said: Said, learners: Mapping[int, Learner]) -> tuple[bytes, Callable[[], None] | None]:
    number = next(_numbers)
    learner = learners.get(said.chat_id)
    encode = msgspec.json.encode
    inline = said.reply_markup and said.reply_markup.inline_keyboard
    markup = b',"reply_markup":%b' % encode(said.reply_markup) if inline else b""
    chat = b'{"id":%d,"first_name":"Hoa","type":"private"}' % said.chat_id
    text = encode(said.text)
    result = b'{"message_id":%d,"from":%b,"chat":%b,"date":1790000000,"text":%b%b}' % (number, BOT, chat, text, markup)
    return result, partial(learner.hears, said, number) if learner else None


class _Connection(asyncio.Protocol):
    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._messages = Messages()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio gives a Transport

    def data_received(self, data: bytes) -> None:
        assert self._transport
        for head, body in self._messages.feed(data):
            result, then = self._api.call(head, body)
            length = len(result) + len(_OK) + 1
            self._transport.write(b"%b%d\r\n\r\n%b%b}" % (_HEAD, length, _OK, result))
            if then:
                then()
