"""The load: learners who go through the lesson again and again, each sending its next update once it was answered.

An update is over when all that it calls for has come: the response of the webhook, a message to
read (in that response or by a call) and, for a tap, the call that answers it. The time a learner
waits ends with the message and the response.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import msgspec
from reply import Keys, Said, of_response
from wire import Messages

RESPONSE, MESSAGE, ANSWER = 1, 2, 4  # what an update calls for, as bits
OK = b" 200 "
TAPS = 1_000_000  # callback queries are named by the chat times this, and a number
AT_LEAST = 6  # replies that each learner must have had before anything is measured: they are past the welcome then
STUCK = 20.0  # seconds without any reply, after which the run fails
FIRST_UPDATES = 30  # of a learner, in which a lesson may not be finished yet; of those that come after, one in
FEWEST_FINISHED = 40  # at least must finish one: else learners don't walk through it

_updates = count(1_000_000)
_chats = count(10_001)
_messages = count(1)


def webhook_head(secret: str) -> bytes:
    """Return the head of a webhook's request, but for the length of its body."""
    return (
        "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
    ).encode()


def typed(chat: int, text: bytes, more: bytes = b"") -> bytes:
    """Return the update of what somebody typed."""
    return b'{"update_id":%d,"message":{"message_id":%d,%b,%b,"text":"%b"%b}}' % (
        next(_updates),
        next(_messages),
        *_person(chat),
        text,
        more,
    )


def comes(chat: int, to: str) -> bytes:
    """Return the update of somebody who comes by a lesson's link."""
    return typed(chat, b"/start " + to.encode(), b',"entities":[{"type":"bot_command","offset":0,"length":6}]')


def _person(chat: int) -> tuple[bytes, bytes]:
    """Return `from`, and `chat` with the date."""
    return (
        b'"from":{"id":%d,"first_name":"Hoa","is_bot":false,"language_code":"vi"}' % chat,
        b'"chat":{"id":%d,"first_name":"Hoa","type":"private"},"date":1790000000' % chat,
    )


class Failed(Exception):
    """A bot didn't do what it must; `str()` says what."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How learners answer: `taps`, or else digits. Of the buttons with an ending in `wanted` the first is taken."""

    name: str
    taps: bool
    wanted: tuple[str, ...]
    finished: str  # the ending of a button that is there when the lesson is finished


@dataclass
class Count:
    """What has happened so far."""

    over: int = 0
    finished: int = 0
    measuring: bool = False
    waits: list[float] = field(default_factory=list)  # seconds, while measuring
    failed: list[str] = field(default_factory=list)


class _Sends(Protocol):
    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...


class Learner(asyncio.Protocol):
    """One learner in a private chat, on a connection of its own."""

    def __init__(self, stretch: "Stretch", secret: str) -> None:
        self._stretch = stretch
        self.chat = next(_chats)
        self.replies = 0
        self.owed = 0
        self._head = webhook_head(secret)
        self._messages = Messages()
        self._began = self._heard = 0.0
        self._said: Said | None = None
        self._number = 0  # id of the message last said
        self._transport: _Sends | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come to the bot, by the link of the lesson."""
        self._transport = transport  # type: ignore[assignment]  # asyncio gives a Transport
        self._send(comes(self.chat, self._stretch.lesson), RESPONSE | MESSAGE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Notice when the bot hangs up."""
        if not self._stretch.over:
            self._stretch.fail(f"the bot closed a connection ({exc or 'without a word'})")

    def data_received(self, data: bytes) -> None:
        """Read the webhook's response."""
        for head, body in self._messages.feed(data):
            if OK not in head[:16]:
                self._stretch.fail(f"the webhook answered {head.splitlines()[0].decode()}: {body[:200]!r}")
            if body and (said := of_response(head, body)):
                self.hears(said, next(_messages))
            self._comes(RESPONSE)

    def hears(self, said: Said, number: int) -> None:
        """Take a message of the bot's; it may be the last of several."""
        if said.chat_id != self.chat or not said.text or not said.reply_markup or not said.reply_markup.flat:
            self._stretch.fail(f"the bot sent what is no reply with buttons: {said}")
            return
        self._said, self._number = said, number
        self._comes(MESSAGE)

    def answered(self) -> None:
        """Take the answer to a tap."""
        self._comes(ANSWER)

    def _comes(self, what: int) -> None:
        self.owed &= ~what
        if what != ANSWER and not self.owed & (RESPONSE | MESSAGE):
            self._heard = time.perf_counter()
        if not self.owed and not self._stretch.over:
            self.replies += 1
            self._stretch.counts(self._heard - self._began)
            self._next()

    def _next(self) -> None:
        assert self._said
        assert self._said.reply_markup
        scenario = self._stretch.scenario
        keys = self._said.reply_markup.flat
        labels = [key.text for key in keys]
        chosen = next((at for at, label in enumerate(labels) if label.endswith(scenario.wanted)), -1)
        if chosen < 0:
            chosen = self._stretch.chance.randrange(len(keys))
        elif labels[chosen].endswith(scenario.finished):
            self._stretch.count.finished += 1
        if scenario.taps:
            tapped = self._tapped(self._said.text, self._said.reply_markup, keys[chosen].callback_data)
            self._send(tapped, RESPONSE | MESSAGE | ANSWER)
        else:
            self._send(typed(self.chat, b"%d" % (chosen + 1)), RESPONSE | MESSAGE)

    def _tapped(self, text: str, keys: Keys, data: str) -> bytes:
        encode = msgspec.json.encode
        person, chat = _person(self.chat)
        return (
            b'{"update_id":%d,"callback_query":{"id":"%d",%b,"message":{"message_id":%d,'
            b'"from":{"id":1,"is_bot":true,"first_name":"Bench","username":"bench_bot"},%b,"text":%b,"reply_markup":%b},'
            b'"chat_instance":"1","data":%b}}'
        ) % (
            next(_updates),
            self.chat * TAPS + self.replies % TAPS,
            person,
            self._number,
            chat,
            encode(text),
            encode(keys),
            encode(data),
        )

    def _send(self, update: bytes, owed: int) -> None:
        self.owed = owed
        self._began = time.perf_counter()
        assert self._transport
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(update), update))

    def leave(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


class Stretch:
    """Learners at one bot for a while: warm up, then let measure, then let all come to its end."""

    def __init__(self, scenario: Scenario, lesson: str) -> None:
        self.scenario = scenario
        self.lesson = lesson
        self.chance = random.Random(7)  # noqa: S311  the same choices for every bot
        self.count = Count()
        self.learners: dict[int, Learner] = {}
        self.over = False

    async def start(self, port: int, learners: int, secret: str) -> None:
        """Let the learners come."""
        loop = asyncio.get_running_loop()
        for _ in range(learners):
            learner = Learner(self, secret)
            self.learners[learner.chat] = learner
            await loop.create_connection(lambda it=learner: it, "127.0.0.1", port)  # type: ignore[misc]

    async def warm(self, seconds: float) -> None:
        """Go on for so long, and until all learners are in the lesson."""
        until, seen, latest = time.monotonic() + seconds, 0, time.monotonic()
        while time.monotonic() < until or min(each.replies for each in self.learners.values()) < AT_LEAST:
            await asyncio.sleep(0.05)
            self.check()
            if self.count.over != seen:
                seen, latest = self.count.over, time.monotonic()
            elif time.monotonic() - latest > STUCK:
                owed = [each.owed for each in self.learners.values() if each.owed]
                self.fail(f"no reply for {STUCK:.0f} s; owed, as bits: {owed[:10]}")

    async def end(self) -> None:
        """Wait for what is under way; then nobody is owed anything, or Failed."""
        self.over = True
        until = time.monotonic() + STUCK
        while any(each.owed for each in self.learners.values()):
            await asyncio.sleep(0.01)
            if time.monotonic() > until:
                owed = [each.owed for each in self.learners.values() if each.owed]
                self.fail(f"{len(owed)} learners were left without an answer; owed, as bits: {owed[:10]}")
                break
        for learner in self.learners.values():
            learner.leave()
        if self.count.finished < (self.count.over - FIRST_UPDATES * len(self.learners)) / FEWEST_FINISHED:
            self.fail(f"only {self.count.finished} lessons were finished in {self.count.over} updates")
        self.check()

    def counts(self, seconds: float) -> None:
        """Count one update that is over."""
        self.count.over += 1
        if self.count.measuring:
            self.count.waits.append(seconds)

    def fail(self, why: str) -> None:
        """Note what went wrong; the run fails for it."""
        self.count.failed.append(why)

    def check(self) -> None:
        """Raise Failed with the first fault, if there was any."""
        if self.count.failed:
            self.over = True
            raise Failed(f"{len(self.count.failed)} faults, first: {self.count.failed[0]}")
