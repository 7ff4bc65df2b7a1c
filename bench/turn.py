"""Turns a second: pure, and through the embedded store (load, turn, save with journal, fsync always).

Prints the median of several rounds, and the ratio of both, measured in turn in one run.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.core.library import Library
from bot.core.progress import Progress, encode
from bot.core.talk import take_turn
from bot.core.turn import Event, Moment, Tapped, Typed
from bot.library import read_folder
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor

ROUNDS = 5
TURNS = 2000
AT_ONCE = 50  # learners whose updates arrive in the same moment
LEARNED = Progress(turns=1, agreed=1, address="bac", place="menu")


def lap(library: Library, progress: Progress, turns: int, now: Moment) -> None:
    """Walk through lessons by tapping the first button, with every tenth answer typed."""
    turn = take_turn(library, progress, Typed("xin chào"), now)
    for number in range(turns):
        code = turn.reply.buttons[0].code
        event: Event = Typed("1") if number % 10 == 0 else Tapped(turn.progress.turns, code)
        turn = take_turn(library, turn.progress, event, now)
        encode(turn.progress)


async def through_the_store(tutor: Tutor, learners: int, turns: int, lap_name: str) -> None:
    """Let each learner take turns one after the other, all learners at once."""

    async def learn(name: str) -> None:
        reply = await tutor.hear(name, Typed("xin chào"), f"{name} 0")
        for number in range(turns):
            code = reply.buttons[0].code
            reply = await tutor.hear(name, Tapped(reply.turn, code), f"{name} {number}")

    await asyncio.gather(*(learn(f"{lap_name}:{number}") for number in range(learners)))


async def timed(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Return wall seconds and CPU seconds of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - wall, time.process_time() - cpu


async def main() -> None:
    library, _ = read_folder(Path(__file__).parent.parent / "lessons")
    now = Moment(datetime.now(UTC))
    pure: list[float] = []
    alone: list[float] = []
    batched: list[float] = []
    batched_cpu: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder) / "store")
        await server.start()
        store = RedisProgress.connect(server.url)
        tutor = Tutor(library, store)
        for number in range(ROUNDS):
            start = time.process_time()
            lap(library, LEARNED, TURNS, now)
            pure.append(TURNS / (time.process_time() - start))
            wall, _cpu = await timed(lambda: through_the_store(tutor, 1, 200, f"alone{number}"))  # noqa: B023  used at once
            alone.append(200 / wall)
            wall, cpu = await timed(lambda: through_the_store(tutor, AT_ONCE, 40, f"batch{number}"))  # noqa: B023
            batched.append(AT_ONCE * 40 / wall)
            batched_cpu.append(cpu / (AT_ONCE * 40) * 1e6)
        await store.close()
        await server.stop()
    rates = [statistics.median(each) for each in (pure, alone, batched)]
    print(f"pure turns                         {rates[0]:10,.0f} /s of CPU   ({1e6 / rates[0]:.0f} µs each)")
    print(f"load-turn-save, one learner        {rates[1]:10,.0f} /s           (fsync for every turn)")
    cpu_each = statistics.median(batched_cpu)
    print(f"load-turn-save, {AT_ONCE} learners        {rates[2]:10,.0f} /s           ({cpu_each:.0f} µs of CPU each)")
    print(f"pure : batched through the store   {rates[0] / rates[2]:10.1f} : 1")


if __name__ == "__main__":
    asyncio.run(main())
