"""Zalo's Official Account: what people do there comes by webhook, and is answered by calls.

Zalo wants 200 within two seconds, and switches a webhook off that fails for two hours. So a delivery is
answered as soon as the turn is saved, and after ACK_SECONDS at the latest: from then on it is held here and
tried until the store takes it (docs/decisions/0009). What is to be sent goes out after that.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import Chats
from bot.channels.zalo_oa.client import BadToken, Client, NeedsOperator, failed
from bot.channels.zalo_oa.kept import Kept, Notes, Window
from bot.channels.zalo_oa.message import MAX_BUTTONS, Extras, SendText, Shape, Taps, messages
from bot.channels.zalo_oa.sending import Sending
from bot.channels.zalo_oa.signature import HEADER, TIMESTAMP, Signatures
from bot.channels.zalo_oa.texts import DELETE_IT
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.update import Delivery, Heard, read
from bot.channels.zalo_oa.voice import Listening, Speaking
from bot.core.library import FIRST
from bot.core.reading import not_read
from bot.core.saving import StoreDown
from bot.core.turn import Blocked, Event, Reply, Sent, Unheard
from bot.tutor import Tutor
from bot.webhooks import Answer, Webhook

log = structlog.get_logger()

MAX_BODY = 1_000_000  # bytes; Zalo's own are far smaller
ACK_SECONDS = 1.5  # after which a delivery is answered, saved or not; Zalo waits for two
OLDEST_MINUTES = (
    150  # of a delivery; Zalo's last try comes after 111. Below turn.FAR_BEHIND, so that late words are told
)
HELD = 10_000  # deliveries that may wait for the store
BURST_SECONDS = 20.0  # in which several pictures of one person are answered once
DRAIN_SECONDS = 6.0  # at the end, for what was taken
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds between two tries to save

_updates = metrics.Tally(metrics.UPDATES.labels("zalo-oa").inc)


@dataclass(frozen=True, slots=True)
class Manners:
    """What Zalo leaves open, as the operator has found it to be (config.yaml, `zalo_oa`)."""

    shape: Shape = "plain"
    taps: Taps = "both"
    oldest_minutes: int = OLDEST_MINUTES
    store_away: Literal["hold", "refuse"] = "hold"
    billed: bool = False  # whether what Zalo charges for may be sent
    ack_seconds: float = ACK_SECONDS


class ZaloOA(Webhook):
    """One Official Account. `clock` tells seconds since 1970; `sleep` waits for so many of its seconds."""

    largest = MAX_BODY

    def __init__(  # noqa: PLR0913  what a channel is made of
        self,
        tutor: Tutor,
        client: Client,
        notes: Notes,
        signatures: Signatures,
        *,
        speaking: Speaking | None = None,
        listening: Listening | None = None,
        lang: str = FIRST,
        manners: Manners = Manners(),
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._tutor, self._client, self._signatures = tutor, client, signatures
        self._speaking, self._listening = speaking, listening
        self._lang, self._manners = lang, manners
        self._clock, self._sleep = clock, sleep
        self._kept = Kept(notes, client.app_id)
        self.tokens = Tokens(client, notes, clock=clock, sleep=sleep)
        self._sending = Sending(
            client,
            self.tokens,
            gone=self._shut_out,
            closed=self._too_long_silent,
            shape=manners.shape,
            clock=clock,
            sleep=sleep,
        )
        self._taking: Chats[str] = Chats(failed)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._looking: list[asyncio.Task[None]] = []
        self._bursts: deque[tuple[str, float]] = deque(maxlen=1000)  # who was told that pictures aren't looked at
        self._ending = False

    def refuses(self, _headers: Mapping[bytes, bytes], size: int) -> Answer | None:
        """Refuse what is too large; the signature is one of the body."""
        return _refused("too large", 413) if size > MAX_BODY else None

    async def hook(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Take one delivery, as `webhooks.Hook`. 413 and 401 refuse; 503 asks for it again."""
        if refused := self.refuses(headers, len(body)):
            return refused
        if HEADER not in headers and body.strip() in {b"", b"{}"}:
            return _TAKEN  # the probe of Zalo's console
        delivery = read(body, headers.get(TIMESTAMP, b"").decode("ascii", "replace"))
        stamp, oa_id = (delivery.timestamp, delivery.oa_id) if delivery else ("", "")
        if not self._signatures.fits(headers, body, stamp, oa_id):
            return _refused("wrong signature", 401)
        _updates.number += 1
        if delivery and delivery.heard and not self._too_old(delivery):
            return await self._taken(delivery, delivery.heard)
        if delivery is None or not delivery.understood:
            failed("not understood")
        elif delivery.kind.startswith("oa_send_"):
            failed("echo")
        elif delivery.heard is None:
            failed("other event")
        return _TAKEN

    def _too_old(self, delivery: Delivery) -> bool:
        if self._clock() * 1000 - delivery.at <= self._manners.oldest_minutes * 60_000:
            return False
        failed("too old")
        log.warning("a delivery is too old, or this machine's clock is wrong; nothing is done", kind=delivery.kind)
        return True

    async def _taken(self, delivery: Delivery, heard: Heard) -> Answer:
        """Answer as soon as it is saved, or must be answered."""
        if self._ending or len(self._tasks) >= HELD:
            return _refused("later", 503, 5)
        saved: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._aside(self._take(delivery, heard, saved))
        try:
            done = await asyncio.wait_for(asyncio.shield(saved), self._manners.ack_seconds)
        except TimeoutError:
            failed("held")
            return _TAKEN
        return _TAKEN if done else _refused("later", 503, 30)

    async def _take(self, delivery: Delivery, heard: Heard, saved: "asyncio.Future[bool]") -> None:
        """Take the turn of what somebody did, then answer them. `saved` hears False where Zalo must bring it again."""
        async with self._taking.line(heard.person):
            reply = await self._until_saved(delivery, heard, saved)
            if reply is None:
                return
            sending = asyncio.create_task(self._sending.send(heard.person, lambda: self._said(reply)))
            await asyncio.sleep(0)  # so that it stands in line before the next of this person
        await sending

    async def _until_saved(self, delivery: Delivery, heard: Heard, saved: "asyncio.Future[bool]") -> Reply | None:
        """Return the reply; None where there is nothing to answer."""
        pause, event = FIRST_PAUSE, None
        while True:
            try:
                if await self._kept.taken(heard.update):
                    failed("came again")
                    _tell(saved, done=True)
                    return None
                event = event or await self._heard(heard)
                reply = await self._turn(delivery, heard, event)
                if not reply.failed:
                    _tell(saved, done=True)
                    await self._note(delivery, heard)
                    return None if isinstance(event, Blocked) or self._again_so_soon(heard, event) else reply
            except StoreDown as error:
                if pause == FIRST_PAUSE:
                    log.warning("a delivery waits for the store", why=str(error))
            if self._manners.store_away == "refuse":
                _tell(saved, done=False)
                return None
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _heard(self, heard: Heard) -> Event:
        if not heard.sound or self._listening is None:
            return heard.event
        wanted = await self._tutor.to_read(_account(heard.person), heard.update)
        if wanted is None:
            return await self._listening.hear(heard, self._lang)
        raw = await self._listening.fetched(heard)
        return not_read(wanted, raw) if isinstance(raw, Unheard) else await self._tutor.read(wanted, raw)

    async def _turn(self, delivery: Delivery, heard: Heard, event: Event) -> Reply:
        # A clock of ours that is behind Zalo's must not make all that follows look late.
        order = min(delivery.at, int(self._clock() * 1000))
        return await self._tutor.hear(_account(heard.person), event, heard.update, lang=self._lang, order=order)

    async def _note(self, delivery: Delivery, heard: Heard) -> None:
        """Remember the delivery, and that this person was here."""
        away = isinstance(heard.event, Blocked)
        try:
            await self._kept.take(heard.update, "" if away else heard.person, delivery.at / 1000)
            if away:
                await self._kept.close(heard.person)
        except StoreDown as error:  # the progress knows its last deliveries too
            log.warning("a delivery was not noted", why=str(error))

    def _again_so_soon(self, heard: Heard, event: Event) -> bool:
        """Whether this is one of several pictures at once, of which one was answered."""
        if not isinstance(event, Sent):
            return False
        now = self._clock()
        while self._bursts and now - self._bursts[0][1] > BURST_SECONDS:
            self._bursts.popleft()
        if any(person == heard.person for person, _ in self._bursts):
            return True
        self._bursts.append((heard.person, now))
        return False

    async def _said(self, reply: Reply) -> list[SendText]:
        """Return what to send."""
        library, speaking, shape = self._tutor.library, self._speaking, self._sending.shape
        link = await speaking.link(reply, library) if speaking else ""
        hear = await speaking.label(reply, library) if speaking and len(reply.buttons) < MAX_BUTTONS else ""
        after = DELETE_IT.get(reply.lang, DELETE_IT[FIRST]) if reply.secret else ""
        return messages(reply, Extras(hear, link, after), shape, self._manners.taps)

    async def _shut_out(self, person: str) -> None:
        update = f"unreachable {person} {time.time_ns()}"
        await self._tutor.hear(_account(person), Blocked(away=True), update, lang=self._lang)

    async def _too_long_silent(self, person: str) -> None:
        try:
            await self._kept.close(person)
        except StoreDown as error:
            log.warning("a closed window was not noted", why=str(error))

    async def window(self, account: str, at: float) -> Window:
        """Tell what sending to an account (`zalo-oa:<id>`) at this time would be. Raises StoreDown."""
        return await self._kept.window(account.removeprefix(_account("")), at)

    async def may_send(self, account: str, at: float) -> bool:
        """Whether something that nobody asked for, such as a reminder, may be sent; where not, that is counted."""
        window = await self.window(account, at)
        if window == "free" or (window == "billed" and self._manners.billed):
            return True
        if window == "billed":
            failed("window billed")
        else:
            failed("window closed")
        log.info("a message is not sent: its window is over", window=window)
        return False

    async def tell(self, account: str, text: str) -> bool:
        """Send an account what it didn't ask for; False where its window is over, or Zalo is away."""
        if not await self.may_send(account, self._clock()):
            return False

        async def made() -> list[SendText]:
            return [SendText(text)]

        return await self._sending.send(account.removeprefix(_account("")), made)

    def start(self) -> None:
        """Look after the tokens, and say who the Official Account is, from now on until `close`."""
        self._looking = [asyncio.create_task(self.tokens.keep()), asyncio.create_task(self._introduce())]

    async def _introduce(self) -> None:
        """Tell the log who we are at Zalo. Tries until it is reached; what an operator must do is said once."""
        pause = 1.0
        while True:
            try:
                access = await self.tokens.access()
                try:
                    name = await self._client.who(access)
                except BadToken:
                    name = await self._client.who(await self.tokens.after(access))
                log.info("zalo's official account is ready", name=name)
            except (TryLater, StoreDown) as error:
                log.warning("zalo is away", why=str(error), again_in=pause)
                await self._sleep(max(pause, error.seconds if isinstance(error, TryLater) else 0.0))
                pause = min(pause * 2, 30.0)
            except NeedsOperator as error:
                self._sending.tell(error)
                return
            except (Refused, Unreachable) as error:
                log.warning("zalo doesn't say who we are", why=str(error))
                return
            else:
                return

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        async def done() -> None:
            try:
                await work
            except Exception:
                log.exception("a delivery can't be answered")

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Answer what was taken, for DRAIN_SECONDS; then close the connections."""
        self._ending = True
        for task in self._looking:
            task.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
        if left := len(self._tasks):
            log.error("deliveries could not be answered before the end", number=left)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.tokens.close(DRAIN_SECONDS)
        await self._client.close()


_TAKEN = Answer(200)


def _account(person: str) -> str:
    return f"zalo-oa:{person}"


def _tell(saved: "asyncio.Future[bool]", *, done: bool) -> None:
    if not saved.done():
        saved.set_result(done)


def _refused(kind: str, status: int, later: int = 0) -> Answer:
    failed(kind)
    return Answer(status, b"", later)
