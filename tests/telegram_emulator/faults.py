"""What goes wrong on purpose: refusals, cut connections, slow answers, limits on how often a bot may call."""

import math
from dataclasses import dataclass, field
from enum import Enum

from telegram_emulator.clock import Clock
from telegram_emulator.refused import Json, Refused

POLL = "getUpdates"
OVERALL = 30  # messages a second
BURST = 5  # messages into one chat before one a second counts
GROUP = 20  # messages a minute into a group


class Cut(Enum):
    """When a connection breaks."""

    NEVER = 0
    BEFORE = 1  # the call is not carried out
    AFTER = 2  # it is, but its answer gets lost


@dataclass(eq=False)
class Fault:
    """Something that goes wrong with the calls it fits, so many times."""

    refused: Refused | None = None
    cut: Cut = Cut.NEVER
    seconds: float = 0  # that the answer comes late, though the call was carried out at once
    method: str = ""  # any but getUpdates
    chat_id: int = 0  # any
    times: int | None = 1  # None: until ended
    after: int = 0  # so many calls that fit go well first
    page: int = 0  # status of a web page that something in front of Telegram answers, which carries nothing out
    unseen: bool = False  # it happens to calls in the answers to webhooks too, and nobody tells the bot
    happened: int = 0
    passed: int = 0

    def fits(self, method: str, fields: Json, *, by_hook: bool = False) -> bool:
        if (self.times is not None and self.happened >= self.times) or (by_hook and not self.unseen):
            return False
        if self.method != method and (self.method or method == POLL):
            return False
        return not self.chat_id or str(fields.get("chat_id")) == str(self.chat_id)

    def end(self) -> None:
        self.times = 0


NOTHING = Fault()


@dataclass
class Bucket:
    """Lets so many through a second, and some more at first."""

    a_second: float
    most: float
    left: float = field(init=False)
    seen: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.most

    def wait(self, now: float) -> float:
        """Return how long until one more may pass; 0 takes it."""
        self.left = min(self.most, self.left + (now - self.seen) * self.a_second)
        self.seen = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.a_second


class Faults:
    """All faults that are switched on, and who was told to wait."""

    def __init__(self, clock: Clock, complaints: list[str]) -> None:
        self._clock = clock
        self._complaints = complaints
        self._on: list[Fault] = []
        self._told: dict[tuple[str, str], float] = {}  # (token, chat or method) -> not before
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.limits_rates = False

    def add(self, fault: Fault) -> Fault:
        self._on.append(fault)
        return fault

    def next(self, method: str, fields: Json, *, by_hook: bool = False) -> Fault:
        """Return what goes wrong with this call."""
        for fault in self._on:
            if fault.fits(method, fields, by_hook=by_hook):
                if fault.passed < fault.after:
                    fault.passed += 1
                    continue
                fault.happened += 1
                return fault
        return NOTHING

    def told_to_wait(self, token: str, method: str, fields: Json, seconds: float) -> None:
        self._told[self._who(token, method, fields)] = self._clock.now() + seconds

    def patience(self, token: str, method: str, fields: Json) -> None:
        """Refuse, and complain, if this was told to wait and did not."""
        who = self._who(token, method, fields)
        left = self._told.get(who, 0.0) - self._clock.now()
        if left > 0:
            self._complaints.append(f"{method} for {who[1]} came {left:.1f} s before retry_after had passed")
            raise Refused(429, retry_after=math.ceil(left))

    def rates(self, token: str, method: str, fields: Json) -> None:
        """Refuse a message too many, where limits are on."""
        if not (self.limits_rates and method.startswith(("send", "edit"))) or method == "sendChatAction":
            return
        chat = str(fields.get("chat_id", ""))
        group = chat.startswith("-")
        now = self._clock.now()
        own = Bucket(GROUP / 60, GROUP, seen=now) if group else Bucket(1, BURST, seen=now)
        buckets = [
            self._buckets.setdefault((token, ""), Bucket(OVERALL, OVERALL, seen=now)),
            self._buckets.setdefault((token, chat), own),
        ]
        wait = math.ceil(max(bucket.wait(now) for bucket in buckets))
        if wait:
            self.told_to_wait(token, method, fields, wait)
            raise Refused(429, retry_after=wait)

    @staticmethod
    def _who(token: str, method: str, fields: Json) -> tuple[str, str]:
        return token, str(fields.get("chat_id", method))
