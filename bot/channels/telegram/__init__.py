"""Telegram: updates by webhook or by polling, answered by the same tutor as everywhere.

The webhook is a plain ASGI endpoint. What one plain message can say goes out in its own response;
all else by calls, awaited before the update counts as taken: what couldn't be answered comes again.
"""

import asyncio
import hmac
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress

import msgspec
import structlog
from aiogram import methods, types
from starlette.types import Receive, Scope, Send

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.telegram.client import PAUSE, Client
from bot.channels.telegram.message import NO_PREVIEW, SendMessage, messages
from bot.channels.telegram.texts import SHOWN
from bot.channels.telegram.update import ALLOWED, Heard, heard
from bot.core.turn import Blocked
from bot.tutor import Tutor

log = structlog.get_logger()

PATH = "/telegram/webhook"
MAX_BODY = 1_000_000  # bytes; Telegram's own updates are far smaller
WAIT = 5.0  # seconds that we wait ourselves when Telegram asks for it; longer waits are left to redelivery
LONGEST_PAUSE = 30.0  # seconds between two tries to reach Telegram
SECRET_HEADER = b"x-telegram-bot-api-secret-token"

_encode = msgspec.json.Encoder().encode


class _Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call in the webhook's response: `sendMessage` with its fields."""

    method: str
    chat_id: int
    text: str
    entities: tuple[object, ...] = ()
    reply_markup: dict[str, object] | None = None
    link_preview_options: dict[str, bool] | None = None


class Telegram:
    """One bot. `counts` holds what happened, by kind, for the metrics."""

    def __init__(self, tutor: Tutor, client: Client, secret: str = "") -> None:
        self._tutor = tutor
        self._client = client
        self._secret = secret.encode()
        self._tasks: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()

    async def webhook(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update over HTTP (ASGI). 401, 405, 413 and 400 refuse; 503 asks for it again."""
        status, body, later = await self._asked(scope, receive)
        headers = [(b"content-length", str(len(body)).encode())]
        if body:
            headers.append((b"content-type", b"application/json"))
        if later:
            headers.append((b"retry-after", str(later).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _asked(self, scope: Scope, receive: Receive) -> tuple[int, bytes, int]:
        if scope["method"] != "POST":
            return 405, b"", 0
        given = next((value for name, value in scope["headers"] if name == SECRET_HEADER), b"")
        if not hmac.compare_digest(given, self._secret):
            self.counts["wrong secret"] += 1
            return 401, b"", 0
        raw = await _body(receive)
        if raw is None:
            self.counts["too large"] += 1
            return 413, b"", 0
        try:
            happened = heard(raw)
        except msgspec.DecodeError as error:
            self.counts["not an update"] += 1
            log.warning("telegram sent what is no update", why=str(error))
            return 400, b"", 0
        try:
            last = await self.take(happened) if happened else None
        except TryLater as error:
            self.counts["later"] += 1
            return 503, b"", max(1, round(error.seconds))
        return 200, _encode(_as_reply(last)) if last else b"", 0

    async def take(self, happened: Heard) -> SendMessage | None:
        """Answer what somebody did; returns the last message, which the caller sends.

        Raises TryLater when it must come again: the store or Telegram is away.
        """
        self.counts["updates"] += 1
        if happened.tap:
            self._aside(self._client.answer_tap(happened.tap))
        if happened.event is None:
            says = self._tutor.library.says(happened.lang)
            text = says.in_group.format_map({"bạn": "bạn", "Bạn": "Bạn", "mình": "mình", "Mình": "Mình"})
            return SendMessage(happened.chat, text, link_preview_options=NO_PREVIEW)
        learner = f"telegram:{happened.chat}"
        reply = await self._tutor.hear(learner, happened.event, happened.update, lang=happened.lang)
        if reply.failed:
            raise TryLater(PAUSE, "the store is away")
        if isinstance(happened.event, Blocked):
            return None  # left alone, until they come again
        if reply.secret and happened.message:
            with suppress(TryLater, Refused, Unreachable):  # the warning goes out all the same
                await self._client.delete(happened.chat, happened.message)
        *first, last = messages(happened.chat, reply)
        for message in first:
            if not await self.send(message):
                return None
        return last

    async def send(self, message: SendMessage) -> bool:
        """Send one message; False when it never will be. Raises TryLater when it may be after some time."""
        try:
            try:
                await self._client.send(message)
            except TryLater as error:
                if error.seconds > WAIT:
                    raise
                self.counts["waited"] += 1
                await asyncio.sleep(error.seconds)
                await self._client.send(message)
        except Unreachable:
            self.counts["unreachable"] += 1
            shut_out = f"unreachable {message.chat_id} {time.time_ns()}"
            await self._tutor.hear(f"telegram:{message.chat_id}", Blocked(away=True), shut_out)
            return False
        except Refused as error:
            self.counts["refused"] += 1
            log.warning("telegram refuses a message", code=error.code, why=str(error), characters=len(message.text))
            return False
        self.counts["sent"] += 1
        return True

    def _aside(self, call: Awaitable[None]) -> None:
        """Make a call that nothing waits for; when it fails, nothing is lost."""

        async def made() -> None:
            with suppress(TryLater, Refused, Unreachable):
                await call

        task = asyncio.create_task(made())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def introduce(self, url: str = "") -> None:
        """Tell Telegram how the bot is delivered to and what it shows of itself. Tries until it is reached.

        With `url` updates come by webhook there; without, by polling. What waits is not dropped.
        """
        await self._until_taken(
            methods.SetWebhook(url=url, secret_token=self._secret.decode(), allowed_updates=list(ALLOWED))
            if url
            else methods.DeleteWebhook(drop_pending_updates=False)
        )
        for lang, shown in SHOWN.items():
            code = None if lang == "vi" else lang  # what stands without a language is for everybody else
            commands = [types.BotCommand(command=name, description=text) for name, text in shown.commands.items()]
            await self._until_taken(methods.SetMyCommands(commands=commands, language_code=code))
            await self._until_taken(methods.SetMyDescription(description=shown.description, language_code=code))
            await self._until_taken(methods.SetMyShortDescription(short_description=shown.short, language_code=code))

    async def _until_taken(self, method: methods.TelegramMethod[bool]) -> None:
        pause = 1.0
        while True:
            try:
                await self._client.call(method)
            except TryLater as error:
                log.warning("telegram is away", why=str(error), again_in=max(pause, error.seconds))
                await asyncio.sleep(max(pause, error.seconds))
                pause = min(pause * 2, LONGEST_PAUSE)
            except (Refused, Unreachable) as error:
                log.warning("telegram refuses a setting", method=type(method).__name__, why=str(error))
                return
            else:
                return

    async def poll(self) -> None:
        """Ask for updates and answer them, until cancelled. Chats are answered at once, each in its order."""
        offset, pause = 0, 1.0
        while True:
            try:
                raws = await self._client.updates(offset, ALLOWED)
                offset = await self._all(raws, offset)
                pause = 1.0
            except (TryLater, Unreachable, Refused) as error:
                wait = max(pause, error.seconds if isinstance(error, TryLater) else pause)
                log.warning("telegram is away", why=str(error), again_in=wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _all(self, raws: list[bytes], offset: int) -> int:
        """Answer these updates; returns the offset from which they are to come (again)."""
        chats: dict[int, list[tuple[int, Heard]]] = {}
        for raw in raws:
            number = int(msgspec.json.decode(raw, type=_Numbered).update_id)
            offset = max(offset, number + 1)
            if happened := heard(raw):
                chats.setdefault(happened.chat, []).append((number, happened))
        undone = await asyncio.gather(*(self._in_order(each) for each in chats.values()))
        return min([offset, *(number for number in undone if number is not None)])

    async def _in_order(self, updates: list[tuple[int, Heard]]) -> int | None:
        """Answer one chat's updates; returns the id of the first that couldn't be."""
        for number, happened in updates:
            try:
                last = await self.take(happened)
                if last:
                    await self.send(last)
            except TryLater as error:
                log.warning("an update waits", why=str(error))
                await asyncio.sleep(min(error.seconds, LONGEST_PAUSE))
                return number
        return None

    async def close(self) -> None:
        """Let the calls that are under way come to their end, then close the connections."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=WAIT)
        await self._client.close()


class _Numbered(msgspec.Struct):
    update_id: int


def _as_reply(message: SendMessage) -> _Reply:
    return _Reply(
        "sendMessage",
        message.chat_id,
        message.text,
        message.entities,
        message.reply_markup,
        message.link_preview_options,
    )


async def _body(receive: Receive) -> bytes | None:
    """Read the body; None when it is too large."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body
