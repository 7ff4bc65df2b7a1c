"""The store that comes with the program: a real server on a folder of ours, started, watched and stopped here.

Of several programs on one folder the first to take the lock is the owner and minds the server;
the others are guests that use it, and one of them becomes the owner when that goes away.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import structlog

from bot.core.saving import StoreDown
from bot.stores import server
from bot.stores.filelock import FileLock

FIRST_PAUSE = 0.1  # seconds before a dead server is started again; doubled each time, up to
LONGEST_PAUSE = 5.0  # and back to the first once it lived this long
GUEST_LOOK = 0.1  # seconds between a guest's tries for the lock

log = structlog.get_logger()


class EmbeddedServer:
    """A server on `folder`, kept alive from `start` to `stop`; what it acknowledged is on the disk.

    `prefix` stands before the server's command line, such as `("nice", "-n", "5")`. The folder
    belongs to the store alone. Use `url` with RedisProgress.connect.
    """

    def __init__(self, folder: Path, prefix: Sequence[str] = ()) -> None:
        self._folder = folder.resolve()
        self._prefix = tuple(prefix)
        self._lock = FileLock(self._folder / "lock")
        self._socket: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._minding: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The store's URL, known once started; raises RuntimeError before."""
        if self._socket is None:
            raise RuntimeError("The embedded server has no URL before it is started.")
        return f"unix://{quote(str(self._socket))}"

    @property
    def owner(self) -> bool:
        """Whether this program minds the server; False for a guest."""
        return self._lock.held

    @property
    def pid(self) -> int | None:
        """The server's process; None for a guest, and between a death and the next start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the server, or find another program's; returns when it answers.

        Raises StoreDown with a sentence when the folder or the server can't be used, or when the
        owner's server gives no sign of life for 10 seconds.
        """
        server.binary()
        self._socket = server.prepare(self._folder)
        try:
            with server.explained(self._folder):
                await self._start(self._socket)
        except BaseException:
            self._lock.release()
            raise
        self._minding = asyncio.create_task(self._mind(self._socket))

    async def stop(self) -> None:
        """Stop the server if it is ours, within about 5 seconds; a guest just leaves."""
        if self._minding:
            self._minding.cancel()
            await asyncio.gather(self._minding, return_exceptions=True)
            self._minding = None
        if self._process:
            await server.end(self._process)
            self._process = None
        if self._lock.held and self._socket:
            with suppress(OSError):
                self._socket.unlink(missing_ok=True)
            self._lock.release()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _start(self, socket: Path) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + server.START_SECONDS
        while not self._lock.take():
            answer = await server.say(socket, "PING")
            if answer.startswith(b"+PONG"):
                return
            if answer.startswith(b"-LOADING"):
                latest = loop.time() + server.START_SECONDS
            if loop.time() > latest:
                raise StoreDown(f"Another program minds the store in {self._folder}, but its server doesn't answer.")
            await asyncio.sleep(server.LOOK_SECONDS)
        self._process = await server.start(self._folder, socket, self._prefix)

    async def _become_owner(self) -> None:
        while True:
            with suppress(OSError):  # a folder that is away now may come back
                if self._lock.take():
                    return
            await asyncio.sleep(GUEST_LOOK)

    async def _mind(self, socket: Path) -> None:
        """As a guest, wait to become the owner; then start the server whenever there is none."""
        await self._become_owner()
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            if self._process:
                began = loop.time()
                code = await self._process.wait()
                self._process = None
                if loop.time() - began > LONGEST_PAUSE:
                    pause = FIRST_PAUSE
                said = server.last_words(self._folder) if code >= 0 else ""  # the killed have no last words
                log.warning("store died, starting it again", code=code, said=said, folder=str(self._folder))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._process = await server.start(self._folder, socket, self._prefix)
            except StoreDown as error:
                log.error("store doesn't start, trying again", why=str(error), seconds=pause)  # noqa: TRY400  said whole
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
