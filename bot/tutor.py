"""The learner's one use case: load, take the turn, save if nothing moved meanwhile, reply.

What arrives in the same moment is loaded with one call to the store and saved with one.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

import msgspec
import structlog

from bot import metrics
from bot.accounts import Accounts, Heard
from bot.accounts.desk import NO_DESK, Desk
from bot.core.here import Here
from bot.core.library import Library
from bot.core.progress import FromTheFuture, Progress, Signposted, decode, encode, mark_of
from bot.core.reading import ToRead, to_read
from bot.core.saving import Save, StoreDown
from bot.core.talk import show, take_turn, trouble
from bot.core.teams import Teams
from bot.core.turn import Entry, Event, Moment, Read, Reply, Turn

log = structlog.get_logger()

TRIES = 20  # of one turn, when others of the same learner keep winning the race to save
PATIENCE = 0.05  # seconds for which a call to the store waits for the one before it
KEPT = 20_000  # learners whose last saved value is at hand, about 10 MB: it spares most turns the load
NEWS_SECONDS, LOOKS = 2.0, 20  # how long, how often a turn looks for newer lessons before it sends back
UNAGREED_FOR = 24 * 3600  # seconds: without consent nothing is kept for longer than a day


class ProgressStore(Protocol):
    """What the tutor needs of a store; `stores/` has several."""

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        """Return each learner's value, empty where there is none. Raises StoreDown."""

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        """Write each value if its learner's has not moved; say of each whether it was. Raises StoreDown."""

    async def offer(self, code: str, value: bytes, seconds: int) -> bool:
        """Have a code stand for a value, unless it stands for another. Raises StoreDown."""

    async def take(self, code: str, taker: str) -> bytes:
        """Return what a code stands for, to the first who takes it. Raises StoreDown."""

    async def count(self, what: str, seconds: int, by: int = 1) -> int:
        """Count what somebody does within so many seconds. Raises StoreDown."""


A = TypeVar("A")
B = TypeVar("B")


class _Together(Generic[A, B]):
    """Gathers into one call what is asked in one round of the event loop, and while a call is under way.

    A store takes calls one after the other, so waiting for the last one costs no time, and of a call
    that carries many each pays a little. One that takes long (a part of a cluster is down) holds up
    the next for PATIENCE at most.
    """

    def __init__(self, call: Callable[[Sequence[A]], Awaitable[list[B]]]) -> None:
        self._call = call
        self._waiting: list[tuple[A, asyncio.Future[B]]] = []
        self._tasks: set[asyncio.Task[None]] = set()  # calls under way
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, item: A) -> B:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[B] = loop.create_future()
        self._waiting.append((item, future))
        if len(self._waiting) == 1:
            if self._tasks:
                self._timer = loop.call_later(PATIENCE, self._go)
            else:
                self._go()
        return await future

    def _go(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        task = asyncio.create_task(self._flush())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._timer:  # somebody waits for a call to end
            self._go()

    async def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            answers = await self._call([item for item, _ in waiting])
        except Exception as error:  # noqa: BLE001  whatever it is, those who asked must hear it
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(waiting, answers, strict=True):
            if not future.done():
                future.set_result(answer)


class Tutor:
    """Answers learners of all channels. Knows nothing of them but what the store confirms in the same turn."""

    def __init__(
        self, library: Library, store: ProgressStore, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.library = library  # replaced whole when lessons or teams change; each turn uses one
        self.desk: Desk = NO_DESK  # where the office is asked
        self._clock = clock
        self._kept: dict[str, bytes] = {}  # the oldest first; believed only where a save then succeeds
        self._load = _Together(store.load)
        self._save = _Together(store.save)
        self._accounts = Accounts(
            store,
            self._load.ask,
            self._save.ask,
            lambda: self.library,
            clock,
            receipt=lambda: _receipt(),  # noqa: PLW0108  tests put another in its place
            news=self._newer,
            desk=lambda: self.desk,
        )

    def know(self, teams: Teams) -> None:
        """Go on with these teams."""
        self.library = replace(self.library, teams=teams)

    def teach(self, library: Library) -> None:
        """Go on with these lessons."""
        self.library = replace(library, teams=self.library.teams)

    async def hear(self, learner: str, event: Event, update: str, *, lang: str = "vi", order: int = 0) -> Reply:
        """Answer one event; `update` names it, so that it counts once however often it is delivered.

        `lang` is the language for someone who is new, `order` as in `Moment`. Never raises for what a learner
        does; when the store is down the reply has `failed` set and the same update should be sent again.
        """
        began = time.perf_counter()
        metrics.turns_waiting.number += 1
        try:
            return await self._turn(learner, event, mark_of(update), lang, order)
        except Signposted:
            return await self._signposted(Heard(learner, event, mark_of(update), lang, order))
        except (StoreDown, msgspec.DecodeError, msgspec.ValidationError, FromTheFuture) as error:
            metrics.UNSAVED.inc()
            return self._failed(error, lang)
        finally:
            metrics.turns_waiting.number -= 1
            metrics.TURN_SECONDS.observe(time.perf_counter() - began)

    async def look(self, learner: str, *, lang: str = "vi") -> Reply:
        """Show where a learner is, with a greeting after a pause. Changes nothing."""
        library = self.library
        try:
            value = await self._load.ask(learner)
            with suppress(Signposted):
                now = Moment(self._clock(), crew=self.desk.crew)
                return show(library, _read(value, lang), now, greet=True)
            return await self._accounts.look(learner, lang, greet=True) or await self.look(learner, lang=lang)
        except (StoreDown, msgspec.DecodeError, msgspec.ValidationError, FromTheFuture) as error:
            return self._failed(error, lang)

    async def to_read(self, learner: str, update: str) -> ToRead | None:
        """Return the text that a voice note reads: that of a volunteer of the office who was given one just now.

        None for everybody else, and for an update that was taken before: what is said then is words to be heard.
        """
        if not self.desk.crew:
            return None
        library, crew = self.library, self.desk.crew
        try:
            try:
                progress = _read(await self._load.ask(learner), "")
            except Signposted:
                found = await self._accounts.standing(learner)
                if found is None:
                    return None
                progress = found
        except (StoreDown, msgspec.DecodeError, msgspec.ValidationError, FromTheFuture):
            return None  # their turn says so
        if mark_of(update) in progress.seen:
            return None
        return to_read(Here(library, progress, Moment(self._clock(), crew=crew)))

    async def read(self, wanted: ToRead, raw: bytes) -> Read:
        """Have a voice note checked and kept as a reading of this text; returns the event of it. Never raises."""
        return Read(wanted.mark, await self.desk.read(wanted, raw, int(self._clock().timestamp())))

    def _failed(self, error: Exception, lang: str) -> Reply:
        log.error("a turn could not be saved", why=str(error))
        return trouble(self.library, None, lang)

    async def _turn(self, learner: str, event: Event, mark: int, lang: str, order: int) -> Reply:
        library = self.library
        for _ in range(TRIES):
            at_hand = self._kept.pop(learner, b"")
            value = at_hand or await self._load.ask(learner)
            progress = _read(value, lang)
            now = Moment(self._clock(), order=order, crew=self.desk.crew)
            again = mark in progress.seen
            turn = (
                Turn(progress, show(library, progress, now))
                if again
                else take_turn(library, progress, event, now, mark)
            )
            if turn.forget or turn.wish:
                if at_hand:
                    continue  # what is rare and grave is begun from what is there now
                chance = await self._chance(Heard(learner, event, mark, lang, order), turn, now)
                if isinstance(chance, Reply):
                    return chance
                now = msgspec.structs.replace(now, chance=chance)
                turn = take_turn(library, progress, event, now, mark)
            if turn.progress is progress:
                if at_hand:
                    continue  # perhaps another process has moved them on: only a save or a load is sure
                metrics.DUPLICATES.inc(again)
                return turn.reply
            if _sends_back(turn) and await self._news(library):
                library = self.library
                continue
            save = _save(learner, value, turn, now)
            if await self._save.ask(save):
                self._keep(save)
                if turn.forget:  # so that a receipt can be confirmed, though nothing says whose it is
                    log.info("all of a learner is deleted", receipt=now.chance)
                return turn.reply
            metrics.OVERTAKEN.inc(not at_hand)
        raise StoreDown(f"{TRIES} saves in a row were overtaken by others")

    async def _chance(self, heard: Heard, turn: Turn, now: Moment) -> Reply | str:
        """Return the chance with which the turn is to be taken again (dice cost more than most turns), or the reply."""
        return await self._accounts.grant(heard, turn.wish, now) if turn.wish else _receipt()

    async def _signposted(self, heard: Heard) -> Reply:
        """Answer one event of an account that isn't its own only learner, as long as it isn't."""
        try:
            for _ in range(TRIES):
                if reply := await self._accounts.hear(heard):
                    return reply
                with suppress(Signposted):
                    return await self._turn(heard.account, heard.event, heard.mark, heard.lang, heard.order)
        except (StoreDown, msgspec.DecodeError, msgspec.ValidationError, FromTheFuture) as error:
            metrics.UNSAVED.inc()
            return self._failed(error, heard.lang)
        raise AssertionError("an account can't become a signpost and cease to be one so often")

    async def _newer(self, library: Library, turn: Turn) -> bool:
        return _sends_back(turn) and await self._news(library)

    async def _news(self, library: Library) -> bool:
        """Wait a little for lessons that another process may have read before this one; say whether they came."""
        for _ in range(LOOKS):
            if self.library is not library:
                return True
            await asyncio.sleep(NEWS_SECONDS / LOOKS)
        return False

    def _keep(self, save: Save) -> None:
        if save.expires is None:  # who hasn't agreed, or is deleted, is not kept here either
            self._kept[save.learner] = save.value
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]


def _sends_back(turn: Turn) -> bool:
    """Whether a learner would begin a lesson anew, because this process doesn't know the step they are at."""
    return bool(turn.records) and turn.records[0].kind == "moved"


def _receipt() -> str:
    number = f"{secrets.randbelow(10**8):08}"
    return f"{number[:4]}-{number[4:]}"


def _read(value: bytes, lang: str) -> Progress:
    return decode(value) if value else Progress(lang=lang)


def _save(learner: str, before: bytes, turn: Turn, now: Moment) -> Save:
    progress = turn.progress
    entry = Entry(progress.turns, now.minute, now.day, turn.records)
    return Save(
        learner,
        before,
        encode(progress),
        record=msgspec.msgpack.encode(entry) if turn.records else b"",
        expires=None if progress.agreed else UNAGREED_FOR,
        purge=turn.forget,
    )
