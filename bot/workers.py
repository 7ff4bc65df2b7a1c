"""Several server processes on one machine: they share the listening socket and the stores, nothing else.

The parent serves nobody. It starts the workers, starts anew whichever ends, and stops all of them.
A worker whose parent is gone, however it went, ends too: its standard input is a pipe that closes.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

import structlog

log = structlog.get_logger()

ENVIRONMENT = "HOCSO_WORKER"  # set in a worker
READY = b"ready\n"  # what a worker writes when it serves
START_SECONDS = 60.0  # until it must have said so
STOP_SECONDS = 15.0  # until one that was told to stop is killed
PAUSES = (0.5, 30.0)  # seconds before a worker that ended is started anew: at first, at most
STEADY_SECONDS = 60.0  # after which it counts as well again


class WorkerFailed(Exception):
    """A worker could not start; it has said why."""


class Workers:
    """`count` processes of one command. A worker gets its number, from 0, and the socket to listen on.

    `ended` hears the process id of each that ended by itself.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        count: int,
        listening: int,
        environment: Mapping[str, str],
        ended: Callable[[int], None],
    ) -> None:
        self._command = command
        self._count = count
        self._listening = listening
        self._environment = environment
        self._ended = ended
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Ask all workers to come to their end; `run` returns when they have."""
        self._stop.set()

    async def start(self) -> list[Process]:
        """Start all of them and wait until they serve; raises WorkerFailed when one can't."""
        workers = [await self._started(number) for number in range(self._count)]
        ready = await asyncio.gather(*map(_ready, workers))
        if not all(ready):
            await asyncio.gather(*map(_end, workers))
            raise WorkerFailed("A server process did not start; the lines before this one say why.")
        return workers

    async def run(self, workers: list[Process]) -> None:
        """Keep as many running until `stop` is called."""
        await asyncio.gather(*(self._keep(number, worker) for number, worker in enumerate(workers)))

    async def _keep(self, number: int, worker: Process) -> None:
        pause, _ = PAUSES
        while not self._stop.is_set():
            began = time.monotonic()
            await self._first(worker.wait())
            if self._stop.is_set():
                break
            self._ended(worker.pid)
            pause = PAUSES[0] if time.monotonic() - began > STEADY_SECONDS else pause
            log.error("a server process ended", worker=number, code=worker.returncode, again_in=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
            pause = min(pause * 2, PAUSES[1])
            if not self._stop.is_set():
                worker = await self._started(number)
        await _end(worker)

    async def _first(self, ended: Coroutine[Any, Any, int]) -> None:
        """Wait until the worker ends or all must."""
        tasks: set[asyncio.Task[Any]] = {asyncio.create_task(ended), asyncio.create_task(self._stop.wait())}
        _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()

    async def _started(self, number: int) -> Process:
        command = (*self._command, "--number", str(number), "--fd", str(self._listening))
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=(self._listening,),
            env={**self._environment, ENVIRONMENT: str(number)},
            start_new_session=True,  # Ctrl+C reaches the parent alone, which passes it on once
        )


async def keep_beside(command: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """Keep one process of a command running until cancelled. It ends with us, however we go: its input closes."""
    pause = PAUSES[0]
    while True:
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, env=dict(environment), start_new_session=True
        )
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                await _end(process)
        pause = PAUSES[0] if time.monotonic() - began > STEADY_SECONDS else pause
        log.error("a process beside this one ended", what=command[2], code=process.returncode, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSES[1])


async def _ready(worker: Process) -> bool:
    assert worker.stdout  # noqa: S101  it was started with a pipe
    try:
        return await asyncio.wait_for(worker.stdout.readline(), START_SECONDS) == READY
    except TimeoutError:
        return False


async def _end(worker: Process) -> None:
    """Let it answer what it has begun; kill it when that takes too long."""
    with suppress(ProcessLookupError):
        worker.terminate()
    try:
        await asyncio.wait_for(worker.wait(), STOP_SECONDS)
    except TimeoutError:
        log.warning("a server process had to be killed", pid=worker.pid)
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


def mine() -> bool:
    """Whether this process is a worker."""
    return ENVIRONMENT in os.environ


def until_orphaned(stop: Callable[[], None]) -> None:
    """In a worker: call `stop` when the parent is gone."""
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _orphaned, stop)


def _orphaned(stop: Callable[[], None]) -> None:
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop()


def say_ready() -> None:
    """In a worker: tell the parent that it serves."""
    os.write(sys.stdout.fileno(), READY)
