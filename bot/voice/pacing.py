"""When an online voice may be asked: one request after the other, by all threads and processes that share a file."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import msgspec
import structlog

from bot.voice.one_maker import LOCKED, alone_anywhere

LOCK_SECONDS = 2.0  # that another may hold the file: it does so for a millisecond, unless it was stopped
IN_ROW = 100  # paces: nobody books further ahead, so a later moment was noted by a clock that was set back
LONGEST_REST = 86_400.0  # seconds, likewise

log = structlog.get_logger()


class _Told(msgspec.Struct):
    """What processes tell each other, in seconds since 1970."""

    free_at: float = 0.0  # when the next request may be sent
    rests_until: float = 0.0


class Pacing:
    """Gives out moments that lie `pace` seconds apart, and none while the voice is to be left alone.

    `beside` is the file by which processes know of each other; where there is none, or it can't be
    written, only the threads of this process keep the pace. `clock` tells seconds since 1970.
    """

    def __init__(self, pace: float, beside: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._pace = pace
        self._beside = beside
        self._clock = clock
        self._lock = Lock()
        self._told = _Told()

    def rests(self) -> float:
        """Return for how many seconds nothing may be asked; 0.0: it may."""
        with self._together() as told:
            return max(0.0, told.rests_until - self._clock())

    def book(self) -> float:
        """Take the next free moment and return in how many seconds it comes."""
        with self._together() as told:
            now = self._clock()
            moment = max(now, told.free_at)
            told.free_at = moment + self._pace
            return moment - now

    def rest(self, seconds: float) -> None:
        """Let nothing be asked for so long, a day at most."""
        with self._together() as told:
            told.rests_until = max(told.rests_until, self._clock() + min(seconds, LONGEST_REST))

    @contextmanager
    def _together(self) -> Iterator[_Told]:
        """Change what all know. A process that is killed here has at most booked a moment that nobody uses."""
        with self._lock:
            if self._beside is None:
                yield self._sane(self._told)
                return
            lock = self._beside.with_name(self._beside.name + LOCKED)
            with alone_anywhere(lock, time.monotonic() + LOCK_SECONDS):
                self._told = self._sane(_read(self._beside) or self._told)
                before = msgspec.structs.replace(self._told)
                yield self._told
                if self._told != before:
                    self._write(self._beside)

    def _sane(self, told: _Told) -> _Told:
        now = self._clock()
        if told.free_at > now + IN_ROW * self._pace:
            told.free_at = now
        if told.rests_until > now + LONGEST_REST:
            told.rests_until = now
        return told

    def _write(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(msgspec.json.encode(self._told))
        except OSError as error:
            log.warning("the pace of an online voice can't be shared", path=str(path), why=error.strerror)


def _read(path: Path) -> _Told | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Told)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):  # not there yet, or its writer was killed
        return None
