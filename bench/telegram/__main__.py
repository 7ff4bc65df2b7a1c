"""The Telegram webhook of Học Số beside the same lesson in other libraries: see README.md here."""

import argparse
import asyncio
import importlib
import sys
from collections.abc import Coroutine
from typing import Any

from bots import SIDES
from compare import Plan, compare, profile
from day import launch
from load import Failed
from stand import pin


def arguments() -> argparse.Namespace:
    names = [side.name for side in SIDES]
    parser = argparse.ArgumentParser(prog="bench/telegram", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--learners", type=int, default=64, help="at once, each waiting for its reply (64)")
    parser.add_argument("--rounds", type=int, help="of which the medians are taken (3)")
    parser.add_argument("--seconds", type=float, help="of each measured stretch (5)")
    parser.add_argument("--quick", action="store_true", help="one round of 1.5 seconds each: about a minute")
    parser.add_argument("--profile", action="store_true", help="say where Học Số's time goes, and compare nothing")
    parser.add_argument("--day", action="store_true", help="a launch day for Học Số alone, with nothing to be lost")
    parser.add_argument("--people", type=int, default=52_000, help="who go through a lesson then (52,000)")
    parser.add_argument("--rate", type=int, default=5_000, help="updates a second then (5,000)")
    return parser.parse_args()


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run it on uvloop where that is installed: the load must not be what is slow."""
    try:
        factory = importlib.import_module("uvloop").new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)


def main() -> None:
    given = arguments()
    rounds, seconds, warm = (1, 1.5, 0.5) if given.quick else (3, 5.0, 1.0)
    plan = Plan(given.learners, given.rounds or rounds, warm, given.seconds or seconds)
    try:
        if given.day:
            run(launch(given.people, given.rate))
            return
        cores, where = pin()
        if given.profile:
            run(profile(plan, cores))
            return
        wanted = [side for side in SIDES if not given.only or side.name in given.only]
        lacking = {side: side.lacks() for side in wanted}
        for side, what in lacking.items():
            if what:
                print(f"Left out: {side.title}: {what}.\n")
        run(compare([side for side in wanted if not lacking[side]], plan, cores, where))
    except Failed as error:
        sys.exit(f"bench/telegram: {error}")


if __name__ == "__main__":
    main()
