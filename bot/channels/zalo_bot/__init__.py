"""A bot of Zalo's Bot Platform: updates by webhook or by polling, answered by calls.

An update is acknowledged as soon as its turn is saved, and after ACK_SECONDS at the latest; what is to be
said goes out after that, one message after the other in each chat. There are no buttons: choices stand in
the text, and people answer with numbers or words.
"""

import asyncio
import hmac
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import structlog

from bot import metrics
from bot.channels.chats import Chats
from bot.channels.zalo_bot.bursts import Bursts
from bot.channels.zalo_bot.client import Client, failed
from bot.channels.zalo_bot.kept import Kept
from bot.channels.zalo_bot.message import USUAL_TEXT, messages
from bot.channels.zalo_bot.plan import Limits, Plan
from bot.channels.zalo_bot.sending import Sending
from bot.channels.zalo_bot.texts import texts_of
from bot.channels.zalo_bot.update import HIDDEN, Heard, read
from bot.channels.zalo_bot.voice import Listening, Speaking
from bot.core.reading import not_read
from bot.core.turn import Blocked, Event, Reply, Unheard
from bot.tutor import Tutor
from bot.voice.voice import speech_of
from bot.webhooks import Answer, Webhook

log = structlog.get_logger()

MAX_BODY = 1_000_000  # bytes; Zalo's own updates are far smaller
ACK_SECONDS = 0.8  # after which an update is acknowledged, saved or not
HELD = 10_000  # updates at most that are under way
DRAIN_SECONDS = 5.0  # at the end, for what was taken
LONGEST_PAUSE = 5.0  # seconds between two tries to save
SECRET_HEADER = b"x-bot-api-secret-token"

_updates = metrics.Tally(metrics.UPDATES.labels("zalo-bot").inc)


@dataclass(frozen=True, slots=True)
class Manners:
    """What Zalo leaves open, as the operator has found it to be (config.yaml, `zalo_bot`)."""

    text_limit: int = USUAL_TEXT
    store_away: Literal["hold", "refuse"] = "hold"
    pace: float = 0
    other_way: str = ""  # an address where one can learn without Zalo
    limits: Limits = field(default_factory=Limits)


class ZaloBot(Webhook):
    """One bot. `secret` is what Zalo sends along to the webhook; `clock` tells seconds since 1970."""

    largest = MAX_BODY

    def __init__(  # noqa: PLR0913  what a channel is made of
        self,
        tutor: Tutor,
        client: Client,
        kept: Kept,
        *,
        secret: str = "",
        manners: Manners = Manners(),
        listening: Listening | None = None,
        lang: str = "vi",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tutor, self.client, self._kept = tutor, client, kept
        self._secret = secret.encode()
        self._manners, self._lang = manners, lang
        self._listening = listening
        self.speaking: Speaking | None = None
        self.plan = Plan(manners.limits, kept, clock)
        self.sending = Sending(client, self.plan, self._shut_out, manners.pace)
        self._taking: Chats[str] = Chats(failed)
        self._bursts = Bursts(clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = False

    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one update, as `webhooks.Hook`. 401 and 413 refuse; 503 asks for it again."""
        if refused := self.refuses(headers, len(body)):
            return refused
        return await self.deliver(body, hold=self._manners.store_away == "hold")

    def refuses(self, headers: Mapping[bytes, bytes], size: int) -> Answer | None:
        """Refuse who doesn't know the secret, and what is too large."""
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), self._secret):
            return _refused("wrong secret", 401)
        return _refused("too large", 413) if size > MAX_BODY else None

    async def deliver(self, body: bytes, *, hold: bool = True) -> Answer:
        """Take one update. Where the store is away it is held and tried on, or else (503) is to come again."""
        try:
            heard = read(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if body.strip():
                failed("not understood")
                log.warning("Zalo sent what is not understood", why=str(error))
            else:
                failed("probe")
            return _TAKEN
        if isinstance(heard, str):
            if heard == HIDDEN:
                failed("hidden without a chat")
            else:
                failed("other event")
            return _TAKEN
        if self._ending or len(self._tasks) >= HELD:
            return _refused("later", 503, 5)
        if heard.id and not self._kept.take(heard.id, heard.chat):
            metrics.DUPLICATES.inc()
            return _TAKEN
        _updates.number += 1
        self.plan.received(heard.chat)
        saved: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._aside(self._go(heard, saved, hold=hold))
        timer = asyncio.get_running_loop().call_later(ACK_SECONDS, _settle, saved, True)
        try:
            return _TAKEN if await saved else _refused("later", 503, 5)
        finally:
            timer.cancel()

    async def _go(self, heard: Heard, saved: "asyncio.Future[bool]", *, hold: bool) -> None:
        """Take the turn, then say what came of it."""
        try:
            if heard.kind != "words":
                _settle(saved, True)  # there is nothing to save yet, and a sound takes its time
            if heard.kind == "voice" or heard.chat in self._taking:
                async with self._taking.line(heard.chat):
                    answered = await self._answered(heard, hold=hold)
            else:
                answered = await self._answered(heard, hold=hold)
            if answered is None:
                self._kept.give_back(heard.id)
                _settle(saved, False)
                return
            _settle(saved, True)
            await self._say(heard.chat, *answered)
            self._kept.done(heard.id)
        except Exception:
            log.exception("an update can't be answered")
            failed("not answered")
        finally:
            _settle(saved, True)

    async def _answered(self, heard: Heard, *, hold: bool) -> tuple[Sequence[str], Reply | None] | None:
        """Return what to say; None where it can't be saved and is to come again."""
        if heard.event is None:
            hint = texts_of(self._lang).in_group
            return ((hint,) if self._bursts.hint(heard.chat) else ()), None
        if heard.kind == "hidden":
            return self._hidden(heard.chat), None
        if heard.kind == "other" and not self._bursts.first(heard.chat):
            return (), None
        if heard.kind in {"words", "voice"}:
            self._bursts.readable(heard.chat)
        event: Event = heard.event
        if heard.kind == "voice":
            event = await self._said(heard)
        reply = await self._turn(heard, event, hold=hold)
        return None if reply is None else ((), reply)

    async def _said(self, heard: Heard) -> Event:
        """Return what a voice note comes to: words, or a volunteer's reading."""
        if self._listening is None:
            return Unheard("no ear")
        wanted = await self._tutor.to_read(_learner(heard.chat), heard.update)
        if wanted is None:
            return await self._listening.heard(heard.voice_url)
        raw = await self._listening.fetched(heard.voice_url)
        return not_read(wanted, raw) if isinstance(raw, Unheard) else await self._tutor.read(wanted, raw)

    async def _turn(self, heard: Heard, event: Event, *, hold: bool) -> Reply | None:
        pause = 0.5
        while True:
            reply = await self._tutor.hear(
                _learner(heard.chat), event, heard.update, lang=self._lang, order=heard.order
            )
            if not reply.failed:
                return reply
            if not hold or self._ending:
                return None
            failed("held")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _hidden(self, chat: str) -> Sequence[str]:
        """Say that Zalo didn't pass something on; where it never does, that one can learn elsewhere."""
        match self._bursts.hidden(chat):
            case 0:
                return ()
            case 1:
                return (texts_of(self._lang).hidden,)
            case _:
                return (texts_of(self._lang).hidden_again.format(way=self._way(self._lang)),)

    def _way(self, lang: str) -> str:
        texts, address = texts_of(lang), self._manners.other_way
        return texts.way.format(address=address) if address else texts.no_way

    async def _say(self, chat: str, texts: Sequence[str], reply: Reply | None) -> None:
        if reply is None and not texts:
            return
        async with self.sending.chats.line(chat):
            if self.speaking:
                self.speaking.gone_on(chat)
            verdict = self.plan.verdict(chat)
            if verdict == "silent":
                failed("silent")
                return
            if verdict == "farewell":
                lang = reply.lang if reply else self._lang
                await self.sending.texts(chat, [texts_of(lang).farewell.format(way=self._way(lang))])
                return
            if reply is None:
                await self.sending.texts(chat, texts)
                return
            size = 0
            if self.speaking and reply.saver and reply.hear_label:
                size = await self.speaking.clips.size(speech_of(reply, self._tutor.library))
            sent = messages(reply, self._manners.text_limit, voice=self.speaking is not None, size=size)
            whole = await self.sending.texts(chat, sent)
            if whole and reply.aloud and self.speaking and not reply.export:
                self.speaking.follow(chat, speech_of(reply, self._tutor.library))

    async def tell(self, account: str, text: str) -> bool:
        """Send an account what it didn't ask for; False where the month's messages are used up, or Zalo is away."""
        chat = account.removeprefix(_learner(""))
        async with self.sending.chats.line(chat):
            return self.plan.verdict(chat) == "send" and await self.sending.texts(chat, [text])

    async def say_clip(self, chat: str, url: str, begin: Callable[[], object]) -> None:
        """Send a clip in the line of its chat; `begin` is called when it is its turn."""
        async with self.sending.chats.line(chat):
            begin()
            if self.plan.verdict(chat) == "send":
                await self.sending.voice(chat, url)

    async def heal(self) -> None:
        """Show those where they are whose message was taken and never answered, when the program ended."""
        for chat in self._kept.left():
            reply = await self._tutor.look(_learner(chat), lang=self._lang)
            if not reply.failed:
                failed("answered after a restart")
                self._aside(self._say(chat, (), reply))

    async def _shut_out(self, chat: str) -> None:
        await self._tutor.hear(_learner(chat), Blocked(away=True), f"unreachable {chat} {time.time_ns()}")

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Answer what was taken, as far as it goes within DRAIN_SECONDS, then close the connections."""
        self._ending = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self.speaking:
            await self.speaking.close()
        if self._listening:
            await self._listening.close()
        await self.client.close()
        self._kept.close()


_TAKEN = Answer(200)


def _learner(chat: str) -> str:
    return f"zalo-bot:{chat}"


def _settle(saved: "asyncio.Future[bool]", taken: bool) -> None:
    if not saved.done():
        saved.set_result(taken)


def _refused(kind: str, status: int, later: int = 0) -> Answer:
    failed(kind)
    return Answer(status, b"", later)
