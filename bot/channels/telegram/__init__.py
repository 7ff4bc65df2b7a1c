"""Telegram: updates by webhook or by polling, answered by the same tutor as everywhere.

The webhook is a plain ASGI endpoint. What one plain message can say goes out in its own response;
all else by calls, awaited before the update counts as taken: what couldn't be answered comes again.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Mapping
from contextlib import suppress

import msgspec
import structlog
from aiogram import methods, types

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import REMEMBERED, WAIT, Chat, Chats
from bot.channels.telegram.client import PAUSE, Client, failed
from bot.channels.telegram.message import NO_PREVIEW, SendMessage, messages
from bot.channels.telegram.picture import Showing
from bot.channels.telegram.polled import Polled, read
from bot.channels.telegram.texts import SHOWN
from bot.channels.telegram.update import ALLOWED, Heard, VoiceNote
from bot.channels.telegram.voice import Speaking, asked
from bot.channels.telegram.voice import heard as heard_note
from bot.channels.telegram.voice import read as read_note
from bot.core.lesson import PhoneScreen
from bot.core.turn import Blocked, Event, Read, Reply, Unheard
from bot.pictures.gallery import Gallery
from bot.tutor import Tutor
from bot.voice.hearing import Hearing
from bot.voice.voice import Voice, speech_of
from bot.webhooks import Answer, Webhook

log = structlog.get_logger()

AT_ONCE = 100  # updates under way, the most that Telegram offers (40 unless asked): all of a moment share one save
MAX_BODY = 1_000_000  # bytes; Telegram's own updates are far smaller
LARGEST = 1 << 53  # update numbers that are kept
LONGEST_PAUSE = 30.0  # seconds between two tries to reach Telegram
SECRET_HEADER = b"x-telegram-bot-api-secret-token"

_updates = metrics.Tally(metrics.UPDATES.labels("telegram").inc)
_responded = metrics.Tally(metrics.REPLIES.labels("telegram", "response").inc)
_CALLED = metrics.REPLIES.labels("telegram", "call")

_encode = msgspec.json.Encoder().encode


Beside = Reply | PhoneScreen | None  # what goes with a text: the reply is to be heard, a screen to be seen


class Telegram(Webhook):
    """One bot."""

    largest = MAX_BODY

    def __init__(  # noqa: PLR0913, PLR0917  what a bot is made of
        self,
        tutor: Tutor,
        client: Client,
        secret: str = "",
        voice: Voice | None = None,
        hearing: Hearing | None = None,
        gallery: Gallery | None = None,
    ) -> None:
        self._showing = Showing(client, gallery) if gallery else None
        self._chats: Chats[int] = Chats(failed)
        self._speaking = Speaking(client, voice, self._chats) if voice else None
        self._hearing = hearing
        self._tutor = tutor
        self._client = client
        self._secret = secret.encode()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: dict[str, list[SendMessage]] = {}  # update -> what of its answer arrived, where the rest must wait

    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one update, as `webhooks.Hook`."""
        if refused := self.refuses(headers, len(body)):
            return refused
        try:
            happened = read(body)
        except msgspec.DecodeError as error:
            log.warning("telegram sent what is no update", why=str(error))
            return _refused("not an update", 400)
        try:
            last = await self._answer(happened, respond=True) if happened else None
        except TryLater as error:
            return _refused("later", 503, max(1, round(error.seconds)))
        if last is None:
            return _NOTHING
        _responded.number += 1
        return Answer(200, b'{"method":"sendMessage",' + _encode(last)[1:])

    def refuses(self, headers: Mapping[bytes, bytes], size: int) -> Answer | None:
        """Refuse who doesn't know the secret, and what is too large."""
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), self._secret):
            return _refused("wrong secret", 401)
        return _refused("too large", 413) if size > MAX_BODY else None

    async def take(self, happened: Heard) -> tuple[list[SendMessage], Reply | None]:
        """Take the turn of what somebody did; returns what to send, in order, and the reply it is made of.

        Raises TryLater when it must come again: the store is away.
        """
        _updates.number += 1
        if happened.tap:
            self._client.answer_tap(happened.tap)
        if happened.event is None:
            says = self._tutor.library.says(happened.lang)
            text = says.in_group.format_map({"bạn": "bạn", "Bạn": "Bạn", "mình": "mình", "Mình": "Mình"})
            return [SendMessage(happened.chat, text, link_preview_options=NO_PREVIEW)], None
        learner = f"telegram:{happened.chat}"
        event = asked(happened.event)
        if happened.voice:
            event = await self._heard(happened.voice, happened)
        order = happened.number if happened.number < LARGEST else 0
        reply = await self._tutor.hear(learner, event, happened.update, lang=happened.lang, order=order)
        if reply.failed:
            raise TryLater(PAUSE, "the store is away")
        if isinstance(event, Blocked):
            return [], None  # left alone, until they come again
        if reply.secret and happened.message:
            await self._delete(happened.chat, happened.message)
        hear = await self._speaking.key(reply, self._tutor.library) if self._speaking else ""
        return messages(happened.chat, reply, hear=hear), reply

    async def _answer(self, happened: Heard, *, respond: bool) -> SendMessage | None:
        """Answer what somebody did; with `respond` the last message may be left to the webhook's response.

        Raises TryLater when it must come again: the store or Telegram is away.
        """
        sending, reply = await self.take(happened)
        if not sending:
            return None
        beside = self._beside(sending, reply)
        quiet = happened.chat not in self._chats and not (self._speaking and self._speaking.follows(happened.chat))
        if respond and not beside and len(sending) == 1 and quiet:
            return sending[0]  # nothing else goes on in this chat
        chat = self._chats[happened.chat]
        respond = respond and not isinstance(beside, PhoneScreen) and not chat.in_line and chat.wait() <= 0
        async with self._chats.line(happened.chat) as chat:
            return await self._in_order(chat, happened.update, sending, beside, respond=respond)

    def _beside(self, sending: list[SendMessage], reply: Reply | None) -> Beside:
        if reply and reply.aloud and self._speaking:
            return reply
        return self._showing.screen(sending, reply) if self._showing else None

    async def _in_order(
        self, chat: Chat, update: str, sending: list[SendMessage], beside: Beside, *, respond: bool
    ) -> SendMessage | None:
        """Send all, or all but the last for the response; what arrived when it was tried before is left out."""
        name, speaking = sending[0].chat_id, self._speaking
        if speaking:
            speaking.gone_on(name)
        sent = self._sent.pop(update, [])
        if sending[: len(sent)] != sent:
            sent = []
        if speaking and isinstance(beside, Reply) and not sent:
            sending = await self._spoken(chat, speaking, sending, beside)
            respond = respond and not speaking.follows(name)  # the text must be there first
        for message in sending[len(sent) : -1 if respond else None]:
            try:
                if not await self._send(chat, message, beside):
                    return None
            except TryLater:
                self._sent[update] = sent
                if len(self._sent) > REMEMBERED:
                    del self._sent[next(iter(self._sent))]
                raise
            sent = [*sent, message]
        return sending[-1] if respond and sending else None

    async def _heard(self, note: VoiceNote, happened: Heard) -> Event:
        wanted = await self._tutor.to_read(f"telegram:{happened.chat}", happened.update)
        try:
            if wanted:
                return await read_note(note, wanted, self._client, self._tutor)
            return await heard_note(note, happened.lang, self._client, self._hearing)
        except (Refused, Unreachable):
            return Read(wanted.mark, "no sound") if wanted else Unheard("not audio")

    async def _spoken(self, chat: Chat, speaking: Speaking, sent: list[SendMessage], reply: Reply) -> list[SendMessage]:
        """Send the reply aloud; returns what is left to be sent as text."""
        try:
            speech = speech_of(reply, self._tutor.library)
            left = await chat.call(lambda: speaking.send(sent, speech))
        except Unreachable:
            await self._shut_out(sent[0].chat_id)
            return []
        except TryLater:
            raise
        except Exception:  # whatever it is, the learner must get the text
            log.exception("a reply can't be sent aloud")
            failed("not spoken")
            return sent
        if not left:
            _CALLED.inc()
        return left

    async def _send(self, chat: Chat, message: SendMessage, beside: Beside) -> bool:
        """Send one message; False when it never will be. Raises TryLater when it may be after some time."""
        try:
            if isinstance(beside, PhoneScreen) and (showing := self._showing):
                await chat.call(lambda: showing.send(message, beside))
            else:
                await chat.call(lambda: self._client.send(message))
        except Unreachable:
            await self._shut_out(message.chat_id)
            return False
        except Refused as error:
            failed("refused")
            log.warning("telegram refuses a message", code=error.code, why=str(error), characters=len(message.text))
            return False
        _CALLED.inc()
        return True

    async def _shut_out(self, chat: int) -> None:
        failed("unreachable")
        if chat < 0:
            return  # a group is no learner
        await self._tutor.hear(f"telegram:{chat}", Blocked(away=True), f"unreachable {chat} {time.time_ns()}")

    async def _delete(self, name: int, message: int) -> None:
        """Delete a message: at once, or as soon as Telegram lets us."""
        try:
            await self._client.delete(name, message)
        except TryLater as error:
            chat = self._chats[name]
            chat.must_wait(error.seconds)
            self._aside(chat.call(lambda: self._client.delete(name, message)))
        except (Refused, Unreachable):
            pass  # the warning goes out all the same

    def _aside(self, call: Awaitable[None]) -> None:
        """Make a call that nothing waits for; when it fails, nothing is lost."""

        async def made() -> None:
            with suppress(TryLater, Refused, Unreachable):
                await call

        task = asyncio.create_task(made())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def tell(self, account: str, text: str) -> bool:
        """Send an account what it didn't ask for; False where it can't be sent. Raises TryLater."""
        name = int(account.partition(":")[2])
        async with self._chats.line(name) as chat:
            return await self._send(chat, SendMessage(name, text, link_preview_options=NO_PREVIEW), None)

    async def introduce(self, url: str = "") -> None:
        """Tell Telegram how the bot is delivered to and what it shows of itself. Tries until it is reached.

        With `url` updates come by webhook there; without, by polling. What waits is not dropped.
        """
        await self._until_taken(
            methods.SetWebhook(
                url=url, secret_token=self._secret.decode(), allowed_updates=list(ALLOWED), max_connections=AT_ONCE
            )
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
        polled, pause = Polled(self._one_by_one), 1.0
        try:
            while True:
                try:
                    polled.line_up(await self._client.updates(polled.offset(), ALLOWED))
                    pause = 1.0
                except (TryLater, Unreachable, Refused) as error:
                    wait = max(pause, error.seconds if isinstance(error, TryLater) else pause)
                    log.warning("telegram is away", why=str(error), again_in=wait)
                    await asyncio.sleep(wait)
                    pause = min(pause * 2, LONGEST_PAUSE)
                    if isinstance(error, Refused):
                        polled.begin_anew()  # the number from which we asked, perhaps
                await polled.settled()
        finally:
            await polled.close()

    async def _one_by_one(self, updates: "asyncio.Queue[tuple[int, Heard]]", done: set[int]) -> None:
        """Answer one chat's updates until none is left."""
        while not updates.empty():
            number, happened = updates.get_nowait()
            while True:
                try:
                    await self._answer(happened, respond=False)
                    break
                except TryLater as error:
                    log.warning("an update waits", why=str(error))
                    await asyncio.sleep(error.seconds)
                except Exception:
                    log.exception("an update can't be answered")  # it must not hold up those after it
                    break
            done.add(number)

    async def close(self) -> None:
        """Let the calls that are under way come to their end, then close the connections."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=WAIT)
        if self._speaking:
            await self._speaking.close()
        await self._client.close(WAIT)


_NOTHING = Answer(200)


def _refused(kind: str, status: int, later: int = 0) -> Answer:
    failed(kind)
    return Answer(status, b"", later)
