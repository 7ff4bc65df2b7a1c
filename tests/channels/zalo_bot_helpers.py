"""What the tests of the Zalo bot share: the channel at the emulator, served as the program serves it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import uvicorn
from small import small_library
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.channels.zalo_bot import Manners, ZaloBot
from bot.channels.zalo_bot.arriving import introduce, poll
from bot.channels.zalo_bot.client import Client
from bot.channels.zalo_bot.kept import Kept
from bot.channels.zalo_bot.voice import Clips, Listening, Speaking
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.turn import Entry, Record
from bot.dev.zalo_bot import Chat, Emulator
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor
from bot.webhooks import ZALO_BOT, ZALO_BOT_CLIPS, protocol

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.voice.hearing import Hearing
    from bot.voice.voice import Voice

SECRET = "hook-secret-1"  # noqa: S105  of the webhook, in tests
TO_QUESTION = ("xin chào", "1", "1", "1", "1", "1")  # welcome, consent, address, manner, lesson, first step


class Memory(MemoryProgress):
    """A store in memory that can be away."""

    down = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        if self.down:
            raise StoreDown("away")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        if self.down:
            raise StoreDown("away")
        return await super().save(saves)


class Bot:
    """The channel at the emulator, by `webhook` or by `polling`. `restart` is a kill, and a new beginning."""

    def __init__(self, zalo: Emulator, folder: Path, way: str = "webhook", store: Memory | None = None) -> None:
        self.zalo, self.way = zalo, way
        self.store = store or Memory()
        self.library: Library = small_library()
        self.manners = Manners()
        self.voice: Voice | None = None
        self.ear: Hearing | None = None
        self.hosts: tuple[str, ...] = (zalo.base,)
        self.seconds = 15.0
        self.channel: ZaloBot
        self.tutor: Tutor
        self.public = ""
        self._folder = folder
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._make()
        await self.channel.heal()
        url = f"{self.public}{ZALO_BOT}" if self.way == "webhook" else ""
        known = await introduce(self.channel, self.channel.client, url, SECRET)
        if known and self.way == "polling":
            self._task = asyncio.create_task(poll(self.channel, self.channel.client))

    def _make(self) -> None:
        self.tutor = Tutor(self.library, self.store)
        self.channel = ZaloBot(
            self.tutor,
            Client(self.zalo.token, self.zalo.base, frozenset({410}), seconds=self.seconds),
            Kept(self._folder / "zalo-bot.db", "t"),
            secret=SECRET,
            manners=self.manners,
            listening=Listening(self.ear, self.hosts, "vi"),
        )
        if self.voice:
            self.channel.speaking = Speaking(Clips(self.voice, self.public, "t"), self.channel.say_clip)

    async def kill(self) -> None:
        """End as by SIGKILL: nothing is brought to its end."""
        await self._stop_polling()
        for task in list(self.channel._tasks):  # noqa: SLF001  nobody else would kill them
            task.cancel()
        await asyncio.gather(*self.channel._tasks, return_exceptions=True)  # noqa: SLF001
        await self.channel.close()

    async def end(self) -> None:
        """End as by SIGTERM."""
        await self._stop_polling()
        await self.channel.close()

    async def _stop_polling(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def restart(self) -> None:
        await self.kill()
        await self.start()

    async def kept(self, chat: Chat) -> Progress:
        return decode((await self.store.load([f"zalo-bot:{chat.id}"]))[0])

    async def records(self, chat: Chat, *kinds: str) -> list[Record]:
        found = [
            record
            for learner, raw in await self.store.journal()
            if learner == f"zalo-bot:{chat.id}"
            for record in msgspec.msgpack.decode(raw, type=Entry).records
        ]
        return [record for record in found if not kinds or record.kind in kinds]

    async def webhook(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.channel.webhook(scope, receive, send)

    async def hook(self, headers: Any, body: bytes) -> Any:
        return await self.channel.hook(headers, body)


class _Server(uvicorn.Server):
    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # both are context managers
        return nullcontext()


@asynccontextmanager
async def served(bot: Bot) -> AsyncIterator[Bot]:
    """Serve a bot on a port of this machine, the short way and the general one; start it, end it."""

    async def clip(request: Any) -> Any:
        assert bot.channel.speaking
        return await bot.channel.speaking.clips.page(request)

    site = Starlette(routes=[Route(ZALO_BOT_CLIPS + "{name}.aac", clip)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (bot.webhook if scope["path"] == ZALO_BOT else site)(scope, receive, send)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        bot.public = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            app, http=protocol({ZALO_BOT: bot.hook}), log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn has no event for it
                await asyncio.sleep(0.01)
            await bot.start()
            yield bot
        finally:
            await bot.end()
            server.should_exit = True
            await serving


async def say(zalo: Emulator, chat: Chat, texts: Sequence[str]) -> str:
    """Let somebody write these, each after the answer to the one before; return the last answer."""
    answer = ""
    for text in texts:
        answer = await zalo.answer(chat, text)
    return answer


async def until(is_so: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)
