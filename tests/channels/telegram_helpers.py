"""What the tests of Telegram's faults share: the channel at the emulator, a store to kill, the real program."""

import asyncio
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx
import msgspec
from needs import missing
from small import COURSE, FIRST_LESSON, REPO, SECOND_LESSON, small_library
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram_emulator import Emulator, Message, Person
from telegram_emulator.refused import Json

from bot.channels.telegram import Telegram
from bot.channels.telegram.client import Client
from bot.core.library import Library
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.turn import Entry, Opened, Record, Tapped
from bot.stores import server
from bot.stores.memory import MemoryProgress
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor
from bot.webhooks import TELEGRAM

SECRET = "hook-1"  # noqa: S105  of the webhook, in tests
HOME = "https://hocso.test"
SPEED = 20.0  # of time, Telegram's and the bot's
PATIENCE = 60.0  # seconds of ours until something that must happen has happened, on a busy machine

TO_QUESTION = ("1. Đồng ý, bắt đầu học", "1. Bác", "1. Đọc chữ", "1. Bài nên học: Bài một", "1. Tiếp")
LESSON = (
    *TO_QUESTION,
    "2. Không đưa cho ai",
    "1. Xong rồi",
    "2. Con cháu giữ hộ",  # wrong, so that not every answer has the same number
    "1. Bắt đầu diễn tập",
    "2. Cúp máy",
    "1. Tiếp",
    "1. Tiếp",
)
FINISHED = "Bác đã học xong bài Bài một."

Store = MemoryProgress | RedisProgress


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time can run faster than ours: all that waits in it waits that much shorter."""

    def __init__(self) -> None:
        self.speed = 1.0
        self._then = self._since = time.monotonic()
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
                return super().select(timeout and timeout / loop.speed)

        super().__init__(Selector())

    def time(self) -> float:
        return self._then + (time.monotonic() - self._since) * self.speed

    def hurry(self, speed: float) -> None:
        self._then, self._since, self.speed = self.time(), time.monotonic(), speed


class Memory(MemoryProgress):
    """A store in memory that can be away."""

    down = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self._answer()
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self._answer()
        return await super().save(saves)

    def _answer(self) -> None:
        if self.down:
            raise StoreDown("away")


class Bot:
    """The channel at the emulator, by `webhook` or by `polling`; its clock is the emulator's."""

    def __init__(self, telegram: Emulator, way: str, store: Store, library: Library | None = None) -> None:
        self.telegram, self.store = telegram, store
        clock = telegram.clock
        self.tutor = Tutor(library or small_library(), store, lambda: datetime.fromtimestamp(clock.now(), UTC))
        self.channel = Telegram(self.tutor, Client(telegram.token, telegram.url), SECRET)
        self.memory = store if isinstance(store, Memory) else None  # that can be away
        self._polls = way == "polling"
        self._task: asyncio.Task[None] | None = None
        self._up = True

    async def start(self) -> None:
        if not self._polls:
            self.telegram.resolves(HOME, self._front)
        await self.channel.introduce("" if self._polls else HOME + TELEGRAM)
        await self.go_on()

    async def pause(self) -> None:
        """Take no updates; they wait."""
        self._up = False
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def go_on(self) -> None:
        self._up = True
        if self._polls:
            self._task = asyncio.create_task(self.channel.poll())

    async def end(self) -> None:
        try:
            await self.pause()
        finally:
            await self.channel.close()

    async def kept(self, person: Person) -> Progress:
        return decode((await self.store.load([learner(person)]))[0])

    async def records(self, person: Person, *kinds: str) -> list[Record]:
        """Return what the journal has of someone, in order; of these kinds only, if any are named."""
        return await records(self.store, person, *kinds)

    async def answers(self, person: Person) -> list[tuple[str, str]]:
        """Return which answers of someone count: (step, choice), in order."""
        return [(record.step, record.choice) for record in await self.records(person, "answered")]

    async def post(self, body: Json) -> tuple[int, str]:
        """Bring an update to the webhook by hand; returns the status, and the text that is sent in the response."""
        status, answer = await self.post_raw(json.dumps(body).encode())
        return status, json.loads(answer)["text"] if answer else ""

    async def post_raw(self, raw: bytes) -> tuple[int, bytes]:
        transport = httpx.ASGITransport(self.channel.webhook)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as http:
            answer = await http.post(TELEGRAM, content=raw, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        return answer.status_code, answer.content

    async def _front(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.channel.webhook if self._up else Response(status_code=502))(scope, receive, send)


def learner(person: Person) -> str:
    return f"telegram:{person.chat.id}"


async def records(store: Store, person: Person, *kinds: str) -> list[Record]:
    entries = [msgspec.msgpack.decode(raw, type=Entry) for who, raw in await store.journal() if who == learner(person)]
    return [record for entry in entries for record in entry.records if not kinds or record.kind in kinds]


@asynccontextmanager
async def started(
    way: str, *, speed: float = SPEED, store: Store | None = None, library: Library | None = None
) -> AsyncIterator[Bot]:
    """Run the channel at a Telegram that must have no complaint at the end; time runs so much faster for both."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, HurriedLoop)
    loop.hurry(speed)
    try:
        async with Emulator() as telegram:
            bot = Bot(telegram, way, store or Memory(), library)
            try:
                await bot.start()
                yield bot
            finally:
                await bot.end()
            assert telegram.complaints == []
    finally:
        loop.hurry(1.0)


async def walk(person: Person, labels: Sequence[str] = TO_QUESTION) -> Message:
    """Start, then tap one label after the other; returns the last message."""
    await person.start()
    (seen,) = await person.hears(1)
    for label in labels:
        await person.taps(label)
        (seen,) = await person.hears(1)
    return seen


async def quiet(telegram: Emulator) -> None:
    """Wait until nothing is under way any more, so that a message too many would have come."""
    await telegram.delivered()
    for _ in range(20):
        await asyncio.sleep(0)


async def path_of_records(labels: Sequence[str] = LESSON) -> list[Record]:
    """Return what the journal must have of someone who walked this path without any fault."""
    store = MemoryProgress()
    tutor = Tutor(small_library(), store)
    reply = await tutor.hear("an", Opened(), "0")
    for number, label in enumerate(labels, 1):
        pick = reply.buttons[int(label[0]) - 1]
        assert label.endswith(pick.label)
        reply = await tutor.hear("an", Tapped(reply.turn, pick.code), str(number))
    entries = [msgspec.msgpack.decode(raw, type=Entry) for _, raw in await store.journal()]
    return [record for entry in entries for record in entry.records]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """A real store's server on loopback that can be stopped, and killed and started again on its data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        try:
            program = server.binary()
        except StoreDown as error:
            missing(f"store's server ({error})")
        settings = "--bind 127.0.0.1 --appendonly yes --appendfsync always"
        self._process = await asyncio.create_subprocess_exec(
            *(str(program), "--port", str(self.port), "--save", "", *settings.split()), cwd=self._folder, stdout=DEVNULL
        )
        store = RedisProgress.connect(self.url)
        latest = time.monotonic() + PATIENCE
        while True:
            try:
                await store.ready()
                break
            except StoreDown:
                assert time.monotonic() < latest
                await asyncio.sleep(0.02)
        await store.close()

    def stop(self) -> None:
        """Let it answer no more, though it lives."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def real_store(folder: Path) -> AsyncIterator[tuple[Server, RedisProgress]]:
    """Start a server, and connect to it."""
    running = Server(folder)
    await running.start()
    store = RedisProgress.connect(running.url)
    try:
        yield running, store
    finally:
        await store.close()
        await running.kill()


def make_home(folder: Path, way: str) -> None:
    """Make a folder with settings and the small course's lessons, for the real program."""
    shutil.copytree(REPO / "tests/lessons", folder / "lessons")
    for course in (folder / "lessons").glob("*/course.yaml"):
        shutil.rmtree(course.parent)
    ours = folder / "lessons" / "khoa"
    ours.mkdir()
    for name, text in (("course", COURSE), ("bai-01-mot", FIRST_LESSON), ("bai-02-hai", SECOND_LESSON)):
        (ours / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "config.yaml").write_text(f"lessons: lessons\ndata: var\ntelegram: {{mode: {way}}}\n", encoding="utf-8")


class Program:
    """`hocso run` or `hocso serve` as an operator starts it; killed at the end, if it still lives."""

    def __init__(self, home: Path, telegram: Emulator, store: Server, command: Sequence[str]) -> None:
        self._home = home
        self._command = command
        self._process: Process | None = None
        port = str(free_port())
        mine = {name: value for name, value in os.environ.items() if name not in {"HOST", "HOCSO_CONFIG"}}
        self._environment = {
            **mine,
            "PYTHONPATH": str(REPO),
            "PYTHONUNBUFFERED": "1",
            "PORT": port,
            "REDIS_URL": store.url,
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE": telegram.url,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

    @property
    def log(self) -> str:
        return (self._home / "log").read_text()

    @property
    def address(self) -> str:
        return self._environment["PUBLIC_URL"]

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    async def start(self) -> None:
        with (self._home / "log").open("a") as log:
            self._process = process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *self._command),
                cwd=self._home,
                env=self._environment,
                stdout=PIPE,
                stderr=log,
            )
        assert process.stdout is not None
        first = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        assert b"http://" in first, self.log

    async def end(self, number: signal.Signals) -> int:
        """Send the signal; returns how it ended, and fails if that takes more than 10 seconds."""
        assert self._process
        self._process.send_signal(number)
        return await asyncio.wait_for(self._process.wait(), 10)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def learn(person: Person, labels: Sequence[str], *, types: bool) -> None:
    """Walk the path as people do: do the next thing when the newest message shows it. Answers may come twice."""
    await person.start()
    turn = -1
    for label in labels:
        turn = await _shown(person, label, turn)
        await (person.types(label[0]) if types else person.taps(label))


async def _shown(person: Person, label: str, after: int) -> int:
    """Wait until the newest message has this button, of a later turn; returns its turn."""

    def turn() -> int:
        button = person.sees[-1].button(label) if person.sees else None
        return int(button["callback_data"].partition("|")[0]) if button else -1

    def waited() -> str:
        return f"{person.json['first_name']} waited for {label!r}: {[each.text for each in person.sees[-2:]]}"

    await person.bot.bell.until(lambda: turn() > after, waited, PATIENCE)
    return turn()
