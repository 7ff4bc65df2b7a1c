"""The plan that Zalo lets a bot have: how much of it is used, and when to be silent.

Zalo's own numbers are as others report them, so they are settings. What is left when little is left is for
a word of farewell to each learner; after that, and after Zalo's own 429, nothing is sent for a while.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog

from bot import metrics
from bot.channels.zalo_bot.kept import Kept, Used

log = structlog.get_logger()

WARN = 0.8  # of a limit
FAREWELLS = 0.02  # of the month's messages that are kept for the last words
FEWEST = 1  # of those
VIETNAM = timedelta(hours=7)
FLUSH_SECONDS = 1.0

Verdict = Literal["send", "farewell", "silent"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan allows; 0 is no limit. `both`: what learners write counts too. `rests`: minutes after each 429."""

    messages: int = 3000
    users: int = 50
    both: bool = False
    rests: tuple[float, ...] = (1, 60, 360)


class Plan:
    """One bot's plan. `clock` tells seconds since 1970."""

    def __init__(self, limits: Limits, kept: Kept, clock: Callable[[], float] = time.time) -> None:
        self.limits = limits
        self._kept, self._clock = kept, clock
        self._warned: set[tuple[str, str, float]] = set()
        self._refusals = 0
        self._rest_until = 0.0
        self._flushed = 0.0

    @property
    def month(self) -> str:
        """This month in Vietnam, such as 2026-11."""
        return f"{datetime.fromtimestamp(self._clock(), UTC) + VIETNAM:%Y-%m}"

    def used(self) -> Used:
        """Return what this month has used."""
        return self._kept.used(self.month)

    def received(self, chat: str) -> None:
        """Count what somebody wrote."""
        self._kept.meet(chat)
        self._kept.count(self.month, received=1)
        self.look()

    def verdict(self, chat: str) -> Verdict:
        """Tell whether somebody may be answered now."""
        if self._clock() < self._rest_until:
            return "silent"
        most = self.limits.messages
        counted = self._counted(self.used())
        if not most or counted < most - max(FEWEST, min(self.limits.users or most, int(most * FAREWELLS))):
            return "send"
        return "farewell" if counted < most and self._kept.bid_farewell(chat, self.month) else "silent"

    def sent(self) -> None:
        """Count what was sent."""
        self._refusals = 0
        self._kept.count(self.month, sent=1)
        self.look()

    def refused(self) -> None:
        """Rest: Zalo said 429. Longer each time, until something was sent."""
        rests = self.limits.rests
        minutes = rests[min(self._refusals, len(rests) - 1)]
        self._refusals += 1
        self._rest_until = self._clock() + minutes * 60
        log.warning("Zalo takes no more messages (429); the bot is silent for a while", minutes=minutes)

    @property
    def resting(self) -> float:
        """For how many seconds nothing may be sent after a 429."""
        return max(0.0, self._rest_until - self._clock())

    def look(self) -> None:
        """Now and then write the counts down, show them, and warn where a limit is near."""
        if abs(self._clock() - self._flushed) < FLUSH_SECONDS:
            return
        self._flushed = self._clock()
        self._kept.flush()
        used = self.used()
        self._show("messages", self._counted(used), self.limits.messages)
        self._show("users", used.people, self.limits.users)

    def _counted(self, used: Used) -> int:
        return used.sent + (used.received if self.limits.both else 0)

    def _show(self, what: str, number: int, most: int) -> None:
        metrics.PLAN_USED.labels("zalo-bot", what).set(number)
        metrics.PLAN_LIMIT.labels("zalo-bot", what).set(most)
        for share in (1.0, WARN):
            if most and number >= most * share:
                warning = (self.month, what, share)
                if warning not in self._warned:
                    self._warned |= {warning, (self.month, what, WARN)}
                    log.warning("the Zalo bot's plan is nearly used up", what=what, used=number, of=most)
                return
