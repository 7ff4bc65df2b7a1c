"""Figures for whoever runs the program, in Prometheus' format: counts and times, never words or names.

With several server processes each writes its figures to files in one folder (prometheus-client's
multiprocess mode, chosen by PROMETHEUS_MULTIPROC_DIR); whichever is asked adds them up.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.types import ASGIApp, Receive, Scope, Send

TOGETHER: Final = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable; read when it is imported

_NEAR = {"127.0.0.1", "::1"}
_FORWARDED = {b"forwarded", b"x-forwarded-for", b"x-real-ip"}
_FOR_THIS_MACHINE = b"Figures are for this machine alone; `web: metrics: open` in config.yaml opens them.\n"

UPDATES = Counter("hocso_updates", "Updates taken from a channel.", ["channel"])
REPLIES = Counter("hocso_replies", "Messages sent, in the webhook's response or by a call.", ["channel", "how"])
FAILURES = Counter("hocso_failures", "What could not be taken or sent, by kind.", ["channel", "kind"])
TURN_SECONDS = Histogram(
    "hocso_turn_seconds",
    "From an event to its saved reply.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
WAITING = Gauge("hocso_turns_waiting", "Turns that are under way now.", multiprocess_mode="livesum")
DUPLICATES = Counter("hocso_duplicates", "Updates that came again and were answered again.")
OVERTAKEN = Counter("hocso_saves_overtaken", "Saves overtaken by another turn of the same learner.")
UNSAVED = Counter("hocso_turns_unsaved", "Turns that could not be saved; such updates come again.")

LESSONS = Gauge("hocso_lessons", "Lessons that are taught now.", multiprocess_mode="livemin")
LESSON_PROBLEMS = Gauge(
    "hocso_lesson_problems",
    "Problems of lesson files; of a bad file the last good version stays.",
    multiprocess_mode="livemax",
)
LESSONS_READ = Gauge(
    "hocso_lessons_read_timestamp_seconds",
    "When the lessons that are taught now were read.",
    multiprocess_mode="livemin",
)
RELOADS = Counter(
    "hocso_reloads",
    "Readings of changed lesson files: published, nothing (to teach: all stays as it was), failed.",
    ["came_to"],
)

JOURNAL_WAITING = Gauge(
    "hocso_journal_waiting",
    "Entries of the journal that are not in the records yet; counted up to 1000 a shard.",
    multiprocess_mode="livemax",
)
JOURNAL_LAG = Gauge(
    "hocso_journal_lag_seconds",
    "How long the oldest of them has waited; 0 where none waits.",
    multiprocess_mode="livemax",
)
SET_ASIDE = Gauge(
    "hocso_records_set_aside",
    "Entries of the journal that could not be read and lie in the table set_aside.",
    multiprocess_mode="livemax",
)
ZALO_OA_LOGIN = Gauge(
    "hocso_zalo_oa_login_needed",
    "1: the tokens of Zalo's Official Account can't be refreshed any more; `hocso zalo login` gets new ones.",
    multiprocess_mode="livemax",
)

CLIPS = Counter(
    "hocso_clips", "Clips for learners, by the engine of their worst part; none: nobody could say it.", ["engine"]
)
CLIP_SECONDS = Histogram(
    "hocso_clip_seconds",
    "From a reply to its clip, found or made.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

PLAN_USED = Gauge(
    "hocso_plan_used",
    "What this month has used of a channel's plan: messages; and users of all time.",
    ["channel", "what"],
    multiprocess_mode="livemax",
)
PLAN_LIMIT = Gauge(
    "hocso_plan_limit", "What a channel's plan allows; 0: no limit.", ["channel", "what"], multiprocess_mode="livemax"
)


class Tally:
    """A count of the hot path, a plain number that is told on when somebody asks, and each second.

    Telling the library each time costs a lock and two looks, which was a twentieth of a turn (bench/telegram).
    """

    __slots__ = ("_tell", "_told", "number")
    kept: Final["list[Tally]"] = []

    def __init__(self, tell: Callable[[float], object]) -> None:
        self.number = 0
        self._told = 0
        self._tell = tell
        self.kept.append(self)

    def tell(self) -> None:
        """Tell what came to it since it was told last."""
        number = self.number
        if number != self._told:
            self._tell(number - self._told)
            self._told = number


def tell() -> None:
    """Tell all tallies on."""
    for tally in Tally.kept:
        tally.tell()


async def keep_telling() -> None:
    """Tell all tallies on each second, until cancelled: of several processes any may be asked for the figures."""
    try:
        while True:
            await asyncio.sleep(1)
            tell()
    finally:
        tell()


turns_waiting = Tally(WAITING.inc)


def taught(lessons: int, problems: int) -> None:
    """Note what is taught from now on, and how many problems its files have."""
    LESSONS.set(lessons)
    LESSON_PROBLEMS.set(problems)
    LESSONS_READ.set_to_current_time()


def report() -> bytes:
    """Return all figures, of every process on this machine that shares the folder."""
    tell()
    registry = REGISTRY
    if TOGETHER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    return generate_latest(registry)


def forget(folder: str, pid: int) -> None:
    """Take a process that ended out of what is so now, such as the turns under way; what it counted stays."""
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]  # it has no types


def from_here(scope: Scope) -> bool:
    """Whether a request comes from this machine; what came by way of a proxy counts as from elsewhere."""
    forwarded = any(name in _FORWARDED for name, _ in scope["headers"])
    return not forwarded and (scope.get("client") or ("",))[0] in _NEAR


def page(*, everywhere: bool) -> ASGIApp:
    """Return the endpoint `/metrics`: for this machine alone, unless it is open `everywhere`.

    What came by way of a proxy counts as from elsewhere.
    """

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        status, body = (200, report()) if everywhere or from_here(scope) else (403, _FOR_THIS_MACHINE)
        headers = [(b"content-type", CONTENT_TYPE_LATEST.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer
