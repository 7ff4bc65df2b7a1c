"""Rounds in which each bot takes its turn, and what they come to."""

import asyncio
import statistics
import sys
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import hot
import lesson
import table
from bots import HOCSO, SECRET, Running, Side, start
from load import Failed, Scenario, Stretch
from stand import Stand
from table import Figures

_COMMON = (lesson.say(lesson.SAYS.redo_label), lesson.say(lesson.SAYS.agree_label))
SCENARIOS = (
    Scenario("typed", taps=False, wanted=(*_COMMON, lesson.say(lesson.SAYS.listen_label)), finished=_COMMON[0]),
    Scenario("tap", taps=True, wanted=(*_COMMON, lesson.say(lesson.SAYS.read_label)), finished=_COMMON[0]),
)
LONGER = 3  # times as long a bot's first warm-up is: Node compiles what is called often


@dataclass(frozen=True, slots=True)
class Plan:
    """How many, and how long."""

    learners: int
    rounds: int
    warm: float  # seconds before each measured stretch
    seconds: float


async def compare(sides: Sequence[Side], plan: Plan, cores: set[int], where: str) -> None:
    """Let all sides take turns, round by round, and print the tables."""
    async with AsyncExitStack() as stack:
        stand = await Stand.set_up(stack, cores)
        bots = []
        for side in sides:
            bots.append(await start(side, stand))
            stack.callback(bots[-1].stop)
        found: dict[tuple[str, str], list[Figures]] = {}
        for number in range(plan.rounds):
            for bot in bots:
                for scenario in SCENARIOS:
                    print(f"round {number + 1} of {plan.rounds}: {bot.side.name}, {scenario.name}", file=sys.stderr)
                    figures = await _measure(bot, scenario, plan, stand, first=not number)
                    found.setdefault((scenario.name, bot.side.name), []).append(figures)
    print(f"{plan.learners} learners at once, medians of {plan.rounds} rounds of {plan.seconds:g} s; {where}.\n")
    for scenario in SCENARIOS:
        print(table.table(scenario.name, {side: found[scenario.name, side.name] for side in sides}))


async def profile(plan: Plan, cores: set[int]) -> None:
    """Print for each scenario where Học Số's time goes."""
    spied = bool(hot.spy())
    for scenario in SCENARIOS:
        async with AsyncExitStack() as stack:
            stand = await Stand.set_up(stack, cores)
            bot = await start(HOCSO, stand, None if spied else hot.under_cprofile)
            stack.callback(bot.stop)
            watch = hot.watch(bot.pid, plan.seconds, bot.folder) if spied else None
            figures = await _measure(bot, scenario, plan, stand, first=True, meanwhile=watch)
            bot.stop()
            lines = hot.seen(bot.folder) if spied else hot.counted(bot.folder)
        how = "seen by py-spy" if spied else "counted by cProfile, which makes it slower"
        print(f"{scenario.name}: {figures.cpu:.0f} µs of CPU per update, {how}\n\n{lines}\n")


async def _measure(  # noqa: PLR0913  what is measured, how, and where
    bot: Running, scenario: Scenario, plan: Plan, stand: Stand, *, first: bool, meanwhile: Awaitable[None] | None = None
) -> Figures:
    """Let learners walk through the lesson, for the plan's seconds or until `meanwhile` is done."""
    await stand.store.flushall()
    stand.api.stretch = stretch = Stretch(scenario, lesson.KEY)
    try:
        await stretch.start(bot.port, plan.learners, SECRET)
        await stretch.warm(plan.warm * LONGER if first else plan.warm)
        before, over = bot.used(), stretch.count.over
        stretch.count.measuring = True
        await (meanwhile or asyncio.sleep(plan.seconds))
        after, updates = bot.used(), stretch.count.over - over
        stretch.count.measuring = False
        await stretch.end()
    except (Failed, OSError) as error:
        raise Failed(f"{bot.side.name}, {scenario.name}: {error}\nIts log ends:\n{bot.says()}") from error
    waits = statistics.quantiles(stretch.count.waits, n=100)
    return Figures(
        cpu=(after.cpu - before.cpu) / updates * 1e6,
        rate=updates / (after.wall - before.wall),
        median=waits[49] * 1e3,
        slowest=waits[98] * 1e3,
        memory=after.memory,
        busy=(after.cpu - before.cpu) / (after.wall - before.wall),
    )
