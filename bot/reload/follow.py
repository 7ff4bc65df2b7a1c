"""Keeps the library up with its folder while people are taught from it."""

import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import structlog

from bot import metrics
from bot.core.library import Library
from bot.core.problem import Problem
from bot.library import NothingToTeach
from bot.reload.reader import Read, Reader, ReadingFailed
from bot.reload.watch import Traces, looks

log = structlog.get_logger()

PATIENCE = 0.4  # seconds for which something must be gone before it is believed
PAUSES = (0.5, 30.0)  # seconds before a reading that failed is tried again: at first, at most


async def follow(
    folder: Path, since: Traces, library: Library, told: tuple[Problem, ...], publish: Callable[[Library], None]
) -> None:
    """Publish the library anew whenever its files change. Never returns: cancel it.

    `library` was read from the folder, `told` are its problems, `since` the folder's traces from just before.
    What is broken keeps its last good version. A lesson, a step or a language that is gone is believed to be so
    only when it has been for PATIENCE: half a file, or half a folder, mustn't move anybody.
    """
    reader = Reader(folder)
    read: Read | None = None  # what isn't published yet, because it lacks something
    lacking = pause = 0.0  # since when; how long to wait before another try
    again = float("inf")  # when that is
    async with aclosing(looks(folder, since)) as all_looks:
        async for changed in all_looks:
            now = time.monotonic()
            if changed or now >= again:
                again = float("inf")
                before = read.lost if read else frozenset()
                try:
                    read = await reader.read(library)
                except NothingToTeach as error:
                    _tell_nothing(error, told)
                    read, told = None, error.problems
                except ReadingFailed as error:
                    pause = min(2 * pause or PAUSES[0], PAUSES[1])
                    read, again = None, now + pause
                    _tell_failure(error, pause)
                else:
                    pause = 0.0
                    lacking = time.monotonic() if read.lost - before else lacking
            if read and (not read.lost or time.monotonic() - lacking >= PATIENCE):
                if read.changed or read.problems != told:
                    library, told = read.library, read.problems
                    _publish(library, told, publish)
                read = None


def _publish(library: Library, problems: tuple[Problem, ...], publish: Callable[[Library], None]) -> None:
    publish(library)
    metrics.taught(len(library.lessons), len(problems))
    metrics.RELOADS.labels("published").inc()
    log.info("lessons read again", lessons=len(library.lessons), problems=[str(each) for each in problems])


def _tell_nothing(error: NothingToTeach, told: tuple[Problem, ...]) -> None:
    metrics.RELOADS.labels("nothing").inc()
    metrics.LESSON_PROBLEMS.set(len(error.problems))
    if error.problems != told:
        log.warning("lessons can't be read, the ones before stay", problems=[str(each) for each in error.problems])


def _tell_failure(error: ReadingFailed, pause: float) -> None:
    metrics.RELOADS.labels("failed").inc()
    log.error("lessons can't be read now, it is tried again", why=str(error), seconds=pause)
