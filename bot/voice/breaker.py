"""Leaves a voice alone that fails again and again, and tries it again in good time."""

from collections.abc import Callable
from threading import Lock
from typing import Literal

FAULTS = 3  # in a row, until it is left alone
PAUSES = (30.0, 1_800.0)  # seconds: at first, at most; doubled each time it fails again
TRIAL = 120.0  # seconds after which a trial that nobody told about is forgotten


class Breaker:
    """Whether one engine may be asked. `clock` tells seconds that only go forward.

    *closed*: everybody may ask. After some faults in a row it is *open*: nobody may, for a pause.
    Then it is *half-open*: one may ask, and the others may when that went well; else comes a longer
    pause. Whoever was let through tells how it went: `worked`, `failed` or `undecided`.
    """

    def __init__(
        self, clock: Callable[[], float], faults: int = FAULTS, first: float = PAUSES[0], longest: float = PAUSES[1]
    ) -> None:
        self._clock = clock
        self._most = faults
        self._first = self._pause = first
        self._longest = longest
        self._lock = Lock()
        self._state: Literal["closed", "open", "half-open"] = "closed"
        self._faults = 0
        self._until = 0.0  # open: when the pause ends; half-open: when the trial is forgotten

    def ask(self) -> float:
        """Return 0.0 if the engine may be asked now, else in how many seconds."""
        with self._lock:
            now = self._clock()
            if self._state == "closed":
                return 0.0
            if now < self._until:
                return self._until - now
            self._state, self._until = "half-open", now + TRIAL
            return 0.0

    def worked(self) -> None:
        """All is well; but who asked before the pause began doesn't end it."""
        with self._lock:
            if self._state != "open":
                self._state, self._faults, self._pause = "closed", 0, self._first

    def failed(self, wait: float | None = None) -> None:
        """Count a fault. `wait`: the engine itself asked to be left alone for so many seconds, from now."""
        with self._lock:
            now = self._clock()
            self._faults += 1
            if self._state == "open":
                self._until = max(self._until, now + (wait or 0.0))
            elif wait is not None:
                self._state, self._until = "open", now + wait
            elif self._state == "half-open" or self._faults >= self._most:
                self._state, self._until = "open", now + self._pause
                self._pause = min(2 * self._pause, self._longest)

    def undecided(self) -> None:
        """It was about this one text, and tells nothing about the engine: the next may try."""
        with self._lock:
            if self._state == "half-open":
                self._state, self._until = "open", self._clock()
