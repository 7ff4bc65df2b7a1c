"""What the tests of the embedded server share."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from store_servers import gone, wait_until

from bot.core.saving import Save, StoreDown
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress

PROGRAM = Path(__file__).with_name("embedded_program.py")


@asynccontextmanager
async def opened(running: EmbeddedServer) -> AsyncIterator[RedisProgress]:
    store = RedisProgress.connect(running.url)
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def program(folder: Path, learner: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another program that owns the folder (or is a guest: pid 0), and the pid of its server."""
    command = [sys.executable, str(PROGRAM), str(folder), learner]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout
        pid = 0
        try:
            pid = int(running.stdout.readline())
            yield running, pid
        finally:
            running.kill()
            if pid and not gone(pid):  # a test that failed
                os.kill(pid, signal.SIGKILL)


async def value(store: RedisProgress, learner: str) -> bytes:
    [found] = await store.load([learner])
    return found


async def works(store: RedisProgress, learner: str = "probe") -> bool:
    """Whether the store can save now."""
    try:
        [before] = await store.load([learner])
        await store.save([Save(learner, before, bytes([before[0] + 1 if before else 1]), b"x" * 64)])
    except StoreDown:
        return False
    return True


def pid_of(running: EmbeddedServer) -> int:
    assert running.pid
    return running.pid


def sockets(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*.sock")]


def die(pid: int) -> None:
    """Kill the server and wait until it is dead, while this program's loop stands still."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: gone(pid))
