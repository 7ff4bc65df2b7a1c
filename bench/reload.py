"""How turns fare while a thousand lessons are written and read again; and how soon a saved lesson is taught.

Both sides in one run: learners take turns at a steady pace through the embedded store, first in quiet, then
while all lessons change. Prints the median of several rounds. `--thread` reads in a thread of the
program instead, which is how it was once.
"""

import argparse
import asyncio
import logging
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.app import keep
from bot.core.library import Library
from bot.core.turn import Opened, Tapped
from bot.library import read_folder
from bot.reload import follow as module
from bot.reload.follow import follow
from bot.reload.reader import Read, Reader
from bot.reload.watch import traces
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor

LESSONS = 1000
RATE = 300  # turns a second
LEARNERS = 60
SECONDS = 6.0  # in quiet
ROUNDS = 5
SHIPPED = Path(__file__).parent.parent / "lessons"


def make(folder: Path) -> list[Path]:
    """Copy the lessons that are shipped until there are enough; return their files."""
    shutil.copytree(SHIPPED, folder)
    originals = sorted(path for path in folder.glob("*/*-*.yaml") if "." not in path.stem)
    made = list(originals)
    for number in range(LESSONS - len(originals)):
        original = originals[number % len(originals)]
        copy = original.with_name(f"them-{number}.yaml")
        shutil.copy(original, copy)
        english = original.with_suffix(".en.yaml")
        if english.exists():
            shutil.copy(english, copy.with_suffix(".en.yaml"))
        made.append(copy)
    return made


async def write(files: list[Path], number: int) -> None:
    """Change all of these, by another process as editors are."""
    command = ("sh", "-c", 'for file; do echo "# $0" >> "$file"; done', str(number), *map(str, files))
    await (await asyncio.create_subprocess_exec(*command)).wait()


async def turns(tutor: Tutor, name: str, going_on: Callable[[], bool]) -> list[float]:
    """Let learners take turns at the rate, whatever each takes; return how many seconds each took."""
    times: list[float] = []
    learners = [f"{name} {number}" for number in range(LEARNERS)]
    replies = {each: await tutor.hear(each, Opened(), each) for each in learners}
    tasks: set[asyncio.Task[None]] = set()

    async def take(learner: str, update: str) -> None:
        began = time.perf_counter()
        reply = replies[learner]
        replies[learner] = await tutor.hear(learner, Tapped(reply.turn, reply.buttons[0].code), update)
        times.append(time.perf_counter() - began)

    began, number = time.perf_counter(), 0
    while going_on():
        number += 1
        task = asyncio.create_task(take(learners[number % LEARNERS], str(number)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
    await asyncio.gather(*tasks)
    return times


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)] * 1000


class ReaderInThread(Reader):
    """Reads in a thread of the program."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._here = folder

    async def read(self, before: Library) -> Read:
        library, problems = await asyncio.to_thread(read_folder, self._here, before)
        return Read(library, problems, frozenset(), changed=library != before)


class Taught:
    """The tutor, taught from a folder that is followed."""

    def __init__(self, library: Library, store: RedisProgress) -> None:
        self.tutor = Tutor(library, store)
        self._old = set(library.prints.items())
        self._stay = 0  # how many lessons aren't written anew
        self.live = asyncio.Event()  # when every file of the last writing is taught

    def publish(self, fresh: Library) -> None:
        self.tutor.library = fresh
        keep()
        if len(self._old.intersection(fresh.prints.items())) <= self._stay:
            self.live.set()

    async def write(self, files: list[Path], number: int) -> None:
        self._old = set(self.tutor.library.prints.items())
        self._stay = len(self._old) - len(files)
        self.live.clear()
        await write(files, number)


async def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    options = argparse.ArgumentParser()
    options.add_argument("--thread", action="store_true", help="read in a thread of the program")
    if options.parse_args().thread:
        vars(module)["Reader"] = ReaderInThread
    quiet, busy, took, saves = list[float](), list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "lessons"
        files = make(folder)
        since = traces(folder)
        library, problems = read_folder(folder)
        lessons = len(library.lessons)
        assert lessons == len(library.prints) == LESSONS
        async with EmbeddedServer(Path(home) / "store") as server:
            store = RedisProgress.connect(server.url)
            taught = Taught(library, store)
            keep()
            following = asyncio.create_task(follow(folder, since, library, problems, taught.publish))
            for number in range(ROUNDS):
                ends = time.perf_counter() + SECONDS
                quiet.append(p99(await turns(taught.tutor, f"quiet {number}", lambda: time.perf_counter() < ends)))  # noqa: B023  used at once
                began = time.perf_counter()
                writing = asyncio.create_task(taught.write(files, number))
                await asyncio.sleep(0)
                busy.append(p99(await turns(taught.tutor, f"busy {number}", lambda: not taught.live.is_set())))
                took.append(time.perf_counter() - began)
                await writing
            for number in range(ROUNDS):
                began = time.perf_counter()
                await taught.write(files[:1], ROUNDS + number)
                await taught.live.wait()
                saves.append(time.perf_counter() - began)
            following.cancel()
            await asyncio.wait([following])
            await store.close()
    ratios = sorted(one / other for one, other in zip(busy, quiet, strict=True))
    print(f"p99 of turns in quiet, {RATE}/s              {statistics.median(quiet):8.1f} ms")
    print(f"p99 while {lessons} lessons are read again    {statistics.median(busy):8.1f} ms")
    span = f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
    print(f"ratio                                    {statistics.median(ratios):8.2f}   {span}")
    print(f"all {lessons} lessons live after              {statistics.median(took):8.1f} s")
    print(f"one saved lesson of {lessons} live after      {statistics.median(saves):8.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
