"""Hearing: a voice note -> the event it comes to, by a recogniser in a process of its own.

`Hearing.hear` never raises for what a learner sends. Sound and words are neither kept nor logged.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import structlog

from bot.core.turn import Spoke, Unheard
from bot.voice.hearing.decoding import MOST_BYTES, too_large
from bot.voice.hearing.ear import FLOOR, NONE, CantHear, Heard, kind_of
from bot.voice.hearing.frames import LENGTH, MOST_ANSWER, Answer, framed

__all__ = ["NONE", "Bounds", "CantHear", "Heard", "Hearing"]

log = structlog.get_logger()

WAIT_SECONDS = 30.0  # that a voice note waits for others
END_SECONDS = 2.0  # that the worker gets to end by itself
LANGS = frozenset({"vi"})  # languages of the recogniser; in another it would hear words nobody said

# All that a worker gets of our environment: no tokens, no passwords.
_PASSED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMPDIR")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each would reserve memory for every core


@dataclass(frozen=True, slots=True)
class Bounds:
    """What hearing may cost."""

    seconds: float = 30.0  # for one voice note, loading the model included; a minute of speech takes 10 on a busy core
    waiting: int = 8  # voice notes at once, with the one that is heard; whoever comes then is asked to come again
    megabytes: int = 1_500  # of address space for the worker; viet-asr takes 620 at most, 310 of them in memory


class Hearing:
    """One recogniser for all learners. `name` and `model` are as `ear.EARS` has them; `none` hears nothing.

    The worker starts with the first voice note, and anew after it crashed, hung or was killed.
    `counts` holds what happened: `certain`, `doubtful`, each reason of `Unheard`, `started`.
    """

    def __init__(
        self,
        name: str = NONE,
        model: str = "",
        *,
        langs: frozenset[str] = LANGS,
        bounds: Bounds = Bounds(),
    ) -> None:
        """Start nothing yet. Raises CantHear: there is no ear of this name."""
        self._kind = None if name == NONE else kind_of(name)
        self._arguments = (self._kind.place if self._kind else "", model, str(bounds.megabytes), str(bounds.seconds))
        self._langs = langs
        self._bounds = bounds
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._closed = False
        self._tasks: set[asyncio.Task[Heard]] = set()
        self.counts: Counter[str] = Counter()

    @property
    def lacks(self) -> str:
        """Why it can't hear on this machine at all, in one sentence for the operator, or ""."""
        return self._kind.lacks() if self._kind else "No ear is configured."

    async def hear(self, raw: bytes, lang: str = "vi") -> Spoke | Unheard:
        """Return what was said, or why nothing was heard. `raw` are the bytes of the voice note's file."""
        try:
            heard = await self.heard(raw, lang)
        except CantHear as error:
            self.counts[error.why] += 1
            log.info("a voice note wasn't heard", why=error.why, sentence=str(error))
            return Unheard(error.why)
        certain = heard.certainty >= FLOOR
        self.counts["certain" if certain else "doubtful"] += 1
        return Spoke(heard.text, certain)

    async def heard(self, raw: bytes, lang: str = "vi") -> Heard:
        """Return the words and their certainty; raises CantHear. Its caller may be cancelled at any time."""
        if lacks := self.lacks:
            raise CantHear("no ear", lacks)
        if lang not in self._langs:
            raise CantHear("no ear", f"The ear doesn't know the language {lang!r}.")
        if len(raw) > MOST_BYTES:
            raise too_large(len(raw))
        if len(self._tasks) >= self._bounds.waiting:
            raise CantHear("busy", f"{self._bounds.waiting} voice notes wait already.")
        # In a task of its own: should the caller be cancelled, the answer is still taken out of the pipe.
        task = asyncio.create_task(self._in_turn(raw))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End the worker. Who still waits is told to come again."""
        self._closed = True
        await self._end(END_SECONDS)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _forget(self, task: asyncio.Task[Heard]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # has been heard by the caller, or nobody is left to hear it

    async def _in_turn(self, raw: bytes) -> Heard:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._lock.acquire()
        except TimeoutError:
            raise CantHear("busy", f"A voice note waited {WAIT_SECONDS:g} seconds for others.") from None
        try:
            return await self._ask(raw)
        finally:
            self._lock.release()

    async def _ask(self, raw: bytes) -> Heard:
        """Send one job to the worker and wait for its answer; a worker that gives none is ended."""
        try:
            async with asyncio.timeout(self._bounds.seconds):
                answer = await _answered(await self._running(), raw)
        except TimeoutError:
            await self._end(0)
            raise CantHear(
                "busy", f"The ear gave no answer within {self._bounds.seconds:g} seconds; it was ended."
            ) from None
        except (asyncio.IncompleteReadError, OSError, msgspec.DecodeError):
            # Killed at once, it would be asyncio's guess with what it ended.
            code = await self._end(END_SECONDS)
            raise CantHear("busy", f"The ear ended in the middle of a voice note, with {code}.") from None
        if answer.why:
            raise CantHear(answer.why, answer.sentence)
        return Heard(answer.text, answer.certainty)

    async def _running(self) -> Process:
        """Return the worker, started if there is none; raises OSError."""
        if self._closed:
            raise CantHear("busy", "The program is ending.")
        if self._process is None or self._process.returncode is not None:
            self.counts["started"] += 1
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.voice.hearing.worker", *self._arguments),
                stdin=PIPE,
                stdout=PIPE,
                env=for_workers(),
                start_new_session=True,  # Ctrl-C is for the program, which then closes the pipe
            )
        return self._process

    async def _end(self, patience: float) -> int | None:
        """End the worker, by force after `patience` seconds; returns its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.stdin:
            process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await process.wait()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        return await process.wait()


def for_workers() -> dict[str, str]:
    """Return the environment of a process that decodes what strangers send."""
    return {**{name: os.environ[name] for name in _PASSED if name in os.environ}, **_ONE_THREAD}


async def _answered(process: Process, raw: bytes) -> Answer:
    """Pass a job through the pipes; raises OSError, IncompleteReadError or DecodeError where the worker fails."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the worker has no pipes")
    process.stdin.write(framed(raw))
    await process.stdin.drain()
    (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    if size > MOST_ANSWER:
        raise msgspec.DecodeError(f"an answer of {size} bytes")
    return msgspec.msgpack.decode(await process.stdout.readexactly(size), type=Answer)
