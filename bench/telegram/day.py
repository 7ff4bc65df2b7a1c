"""A launch day on one machine: so many people go through a lesson, so many updates a second, and nothing may be lost.

The updates come by the clock and not as answers do (an open loop): what the bot can't take at once waits, and
that counts. Each learner sends the next when the last was answered, on the connections that Telegram would use.
"""

import asyncio
import gc
import random
import statistics
import time
from collections import Counter, deque
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

import lesson
import psutil
from bots import SECRET, Running, Side, hocso, start
from load import OK, STUCK, Failed, comes, typed, webhook_head
from redis.asyncio import Redis
from reply import Keys, of_response
from sqlalchemy import func, select
from stand import Stand
from wire import Messages

from bot.channels.telegram import AT_ONCE
from bot.core.lesson import Ask
from bot.core.library import FIRST
from bot.core.progress import decode
from bot.stores.database import Database
from bot.stores.journal import Journal
from bot.stores.progress import RedisProgress
from bot.stores.tables import learners, records

ASTRAY: Final = 1 / 4  # of the answers to questions are by chance
TICK: Final = 0.002  # seconds
SLOW: Final = 0.5  # likewise
PIECE: Final = 1000  # learners looked after at once, when all is over
DRAIN_SECONDS: Final = 600.0
FIRST_CHAT: Final = 10_001
DAY = Side("day", "Học Số", hocso(lesson.REPO / "lessons", records="beside"))

_SAYS = lesson.SAYS
_DONE = lesson.say(_SAYS.redo_label)
_RIGHT = tuple(
    lesson.say(choice.text)
    for step in lesson.LIBRARY.lessons[lesson.KEY][FIRST].steps
    if isinstance(step, Ask)
    for choice in step.choices
    if choice.right
)
_WANTED = (
    *(lesson.say(each) for each in (_SAYS.agree_label, _SAYS.read_label, _SAYS.next_label, _SAYS.done_label_do)),
    *_RIGHT,
)


@dataclass(slots=True)
class Person:
    """One learner. `text` is what they send next; empty: they come by the lesson's link."""

    chat: int
    text: bytes = b""
    sent: int = 0
    due: float = 0.0


@dataclass
class Day:
    """All of them, and what became of what they sent."""

    rate: int
    people: dict[int, Person]
    ready: deque[Person]
    waiting: deque[Person] = field(default_factory=deque)  # for a connection
    free: deque["_Line"] = field(default_factory=deque)  # the longest unused first: the bot hangs up idle ones
    finished: int = 0
    waits: list[float] = field(default_factory=list)  # seconds from when an update was due to its reply
    failed: list[str] = field(default_factory=list)
    slow: Counter[int] = field(default_factory=Counter)  # by the second of the day
    began: float = 0.0
    ended: float = 0.0
    answered: asyncio.Event = field(default_factory=asyncio.Event)  # the first update
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    async def wake(self) -> None:
        """Let the first one come alone, until the bot has read its libraries; their wait doesn't count."""
        person = self.ready.popleft()
        person.due = time.perf_counter()
        self._send(person)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.answered.wait(), STUCK)
        self.waits.clear()
        self.slow.clear()

    async def go(self) -> None:
        """Let the day pass. Raises Failed when the bot answers wrongly or falls silent."""
        self.began, given = time.perf_counter(), 0.0
        seen, latest = 0, self.began
        while self.finished < len(self.people):
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            owed = int((now - self.began) * self.rate - given)
            for _ in range(min(owed, len(self.ready))):
                person = self.ready.popleft()
                person.due = now
                self._send(person)
            given += owed  # what nobody was there to send is not made up for
            if self.failed:
                raise Failed(f"{len(self.failed)} faults, first: {self.failed[0]}")
            if len(self.waits) != seen:
                seen, latest = len(self.waits), now
            elif now - latest > STUCK:
                raise Failed(f"no reply for {STUCK:.0f} s, {self.finished} of {len(self.people)} had finished")
        self.ended = time.perf_counter()

    def _send(self, person: Person) -> None:
        if self.free:
            self.free.popleft().send(person)
        else:
            self.waiting.append(person)

    def freed(self, line: "_Line") -> None:
        """Give a connection to who waits for one."""
        if self.waiting:
            line.send(self.waiting.popleft())
        else:
            self.free.append(line)

    def heard(self, person: Person, keys: Keys) -> None:
        """Take a reply, and choose what to say to it."""
        now = time.perf_counter()
        self.waits.append(now - person.due)
        if self.waits[-1] > SLOW:
            self.slow[round(now - self.began)] += 1
        self.answered.set()
        labels = [key.text for key in keys.flat]
        if any(label.endswith(_DONE) for label in labels):
            self.finished += 1
            return
        goes_on = next((at for at, label in enumerate(labels) if label.endswith(_WANTED)), 0)
        asked = labels[goes_on].endswith(_RIGHT)
        chosen = self.chance.randrange(len(labels)) if asked and self.chance.random() < ASTRAY else goes_on
        person.text = b"%d" % (chosen + 1)
        self.ready.append(person)


class _Line(asyncio.Protocol):
    """A connection of Telegram's: one update at a time."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._head = webhook_head(SECRET)
        self._messages = Messages()
        self._person: Person | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio gives a Transport
        self._day.free.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._day.ended:
            self._day.failed.append(f"the bot closed a connection ({exc or 'without a word'})")

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            person, self._person = self._person, None
            assert person
            said = of_response(head, body) if OK in head[:16] else None
            if not said or said.chat_id != person.chat or not said.reply_markup:
                self._day.failed.append(f"{head.splitlines()[0].decode()} for {person.text!r}: {body[:300]!r}")
                return
            self._day.heard(person, said.reply_markup)
            self._day.freed(self)

    def send(self, person: Person) -> None:
        """Send a learner's update."""
        self._person = person
        person.sent += 1
        update = typed(person.chat, person.text) if person.text else comes(person.chat, lesson.KEY)
        assert self._transport
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(update), update))

    def leave(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of CPU so far of all that runs."""

    bot: float
    writer: float
    store: float
    load: float


def _used(bot: Running) -> Used:
    main, ours = psutil.Process(bot.pid), psutil.Process()
    writer, store = main.children(recursive=True), [each for each in ours.children() if each.pid != bot.pid]
    return Used(_cpu(main), _cpu(*writer), _cpu(*store), _cpu(ours))


def _cpu(*processes: psutil.Process) -> float:
    seconds = 0.0
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            seconds += times.user + times.system
    return seconds


async def launch(people: int, rate: int) -> None:
    """Let the day pass and print what came of it. Raises Failed when anything was lost."""
    everybody = {chat: Person(chat) for chat in range(FIRST_CHAT, FIRST_CHAT + people)}
    day = Day(rate, everybody, deque(everybody.values()))
    gc.freeze()  # else the load looks through all of them again and again
    gc.set_threshold(100_000, 50, 50)
    async with AsyncExitStack() as stack:
        stand = await Stand.set_up(stack, set())
        bot = await start(DAY, stand)
        stack.callback(bot.stop)
        loop = asyncio.get_running_loop()
        for _ in range(AT_ONCE):
            line = (await loop.create_connection(lambda: _Line(day), "127.0.0.1", bot.port))[1]
            stack.callback(line.leave)
        await day.wake()
        before = _used(bot)
        try:
            await day.go()
        except Failed as error:
            raise Failed(f"{error}\nThe bot's log ends:\n{bot.says()}") from error
        seconds, after = day.ended - day.began, _used(bot)
        journal = Journal.connect(f"unix://{stand.socket}")
        behind = await _drained(journal)
        await journal.close()
        late = time.perf_counter() - day.ended
        drained = _used(bot)
        memory = psutil.Process(bot.pid).memory_info().rss / 1e6
        took = await Redis.info(stand.store, "memory")
        lost = await _lost(day, stand, bot)
    _tell(day, seconds, lost)
    each = 1e6 / len(day.waits)
    cpu = {
        "the bot": after.bot - before.bot,
        "the store": after.store - before.store,
        "the load": after.load - before.load,
        "the records' writer, to its end": drained.writer - before.writer,
    }
    told = ", ".join(f"{name} {spent * each:.0f}" for name, spent in cpu.items())
    print(
        f"CPU µs per update: {told}; memory of the bot {memory:.0f} MB, of the store {took['used_memory'] / 1e6:.0f} MB"
    )
    print(f"records: {behind:,} entries or more still waited when the last answer came, none {late:.0f} s later")
    if lost:
        raise Failed(f"{len(lost)} things were lost, first: {lost[0]}")


def _tell(day: Day, seconds: float, lost: list[str]) -> None:
    sent, cuts = sum(each.sent for each in day.people.values()), statistics.quantiles(day.waits, n=1000)
    print(
        f"{len(day.people):,} learners, each through {lesson.KEY}: {sent:,} updates in {seconds:.0f} s, "
        f"{len(day.waits) / seconds:,.0f} a second ({day.rate:,} were asked)"
    )
    print(
        f"waiting for the answer: p50 {cuts[499] * 1e3:.1f} ms, p99 {cuts[989] * 1e3:.1f} ms, "
        f"p99.9 {cuts[998] * 1e3:.1f} ms, the longest {max(day.waits) * 1e3:.0f} ms"
    )
    if day.slow:
        print(
            "over half a second: " + ", ".join(f"{number:,} at second {at}" for at, number in sorted(day.slow.items()))
        )
    print(f"lost: {len(lost) or 'nothing'}; looked at: each answer, each learner's progress, each row of the records")


async def _drained(journal: Journal) -> int:
    """Wait until all records are written; return how many entries waited at first."""
    first = (behind := await journal.behind()).entries
    until = time.monotonic() + DRAIN_SECONDS
    while behind.entries:
        await asyncio.sleep(0.5)
        behind = await journal.behind()
        if time.monotonic() > until:
            raise Failed(f"records: {behind.entries} entries still wait after {DRAIN_SECONDS:.0f} s")
    return first


async def _lost(day: Day, stand: Stand, bot: Running) -> list[str]:
    """Say what isn't there: of each learner the turns in the store, the lesson's end, the records in the database."""
    lost = []
    store = RedisProgress.connect(f"unix://{stand.socket}")
    people = list(day.people.values())
    for at in range(0, len(people), PIECE):
        piece = people[at : at + PIECE]
        for person, value in zip(piece, await store.load([f"telegram:{each.chat}" for each in piece]), strict=True):
            progress = decode(value) if value else None
            if progress is None or progress.turns != person.sent or lesson.KEY not in progress.done:
                turns = progress and progress.turns
                lost.append(f"learner {person.chat} sent {person.sent} updates, and {turns} turns are kept")
    await store.close()
    database = Database.at("sqlite", bot.folder)
    async with database.reading() as connection:
        there = await connection.scalar(select(func.count()).select_from(learners))
        ended = await connection.scalar(select(func.count()).select_from(records).where(records.c.kind == "finished"))
    await database.close()
    if there != len(people) or ended != len(people):
        lost.append(f"the records have {there} learners and {ended} ends of the lesson, not {len(people)} of each")
    return lost
