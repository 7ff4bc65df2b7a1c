"""Asks the engines in their order until one gives back a sound that can be the text."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import structlog

from bot.core.problem import nearest
from bot.voice.breaker import Breaker
from bot.voice.clip import Quality
from bot.voice.engine import MOST_LETTERS, AskedToWait, CantSay, Engine, speakable
from bot.voice.fault import fault
from bot.voice.level import levelled, trimmed
from bot.voice.sound import Sound

log = structlog.get_logger()

AGAIN = 60.0  # seconds after which an engine that failed without a word may work

# How an engine was of use: it spoke; it can't say this text; it failed; it was left alone, since it had failed.
Fate = Literal["said", "unable", "failed", "resting"]


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken text, ready to be encoded: trimmed, at one loudness."""

    sound: Sound
    engine: str
    voice: str
    quality: Quality


class Speaker:
    """Speaks by `engines`, the first that can; each has a breaker. Blocking, and safe in several threads."""

    def __init__(self, engines: Sequence[Engine], clock: Callable[[], float] = time.monotonic) -> None:
        self.engines = tuple(engines)
        self._breakers = {engine.name: Breaker(clock) for engine in self.engines}
        self._lock = Lock()
        self._counts: Counter[tuple[str, Fate]] = Counter()

    def say(self, text: str, lang: str, *, slow: bool = False, only: str = "") -> Speech:
        """Speak a text that is spelled out already; `only`: by the engine of this name, or not at all.

        Raises:
            CantSay: no engine can; it names every reason, and the soonest time when one may.
            ValueError: there is no engine `only`.
        """
        if not speakable(text):
            raise CantSay("There is nothing to say in the text.")
        if len(text) > MOST_LETTERS:
            raise CantSay(f"The text has {len(text):,} characters; at most {MOST_LETTERS:,} are spoken.")
        reasons: list[str] = []
        again: list[float] = []
        for engine in self._chosen(only):
            try:
                return self._by(engine, text, lang, slow=slow)
            except CantSay as error:
                reasons.append(f"{engine.name}: {error}")
                if error.again_in is not None:
                    again.append(error.again_in)
        why = " ".join(reasons) or "There is no voice engine in config.yaml."
        raise CantSay(why, min(again, default=None))

    def counts(self) -> Mapping[tuple[str, Fate], int]:
        """How often each engine was of which use, since the start of this process."""
        with self._lock:
            return dict(self._counts)

    def _chosen(self, only: str) -> Sequence[Engine]:
        if only and only not in self._breakers:
            raise ValueError(f"Voice engine {only!r} isn't set up; {nearest(only, self._breakers)}")
        return [engine for engine in self.engines if only in {"", engine.name}]

    def _by(self, engine: Engine, text: str, lang: str, *, slow: bool) -> Speech:
        """Speak by this engine or raise CantSay; its breaker and the counts are told."""
        voice = engine.voice(lang, text)
        if not voice:
            self._count(engine, "unable")
            raise CantSay("It has no voice for this.")
        breaker = self._breakers[engine.name]
        if rest := breaker.ask():
            self._count(engine, "resting")
            raise CantSay(f"It failed before and is left alone for {rest:.0f} seconds more.", rest)
        try:
            sound = _checked(engine, text, lang, slow=slow)
        except CantSay as error:
            self._failed(engine, error)
            raise
        except Exception as error:
            log.exception("voice engine broke down", engine=engine.name)
            broken = CantSay(f"It broke down ({type(error).__name__}).", AGAIN)
            self._failed(engine, broken)
            raise broken from error
        breaker.worked()
        self._count(engine, "said")
        return Speech(levelled(sound), engine.name, voice, engine.quality)

    def _failed(self, engine: Engine, error: CantSay) -> None:
        breaker = self._breakers[engine.name]
        if error.again_in is None:
            breaker.undecided()
            self._count(engine, "unable")
            return
        log.warning("voice engine failed", engine=engine.name, why=str(error))
        breaker.failed(error.again_in if isinstance(error, AskedToWait) else None)
        self._count(engine, "failed")

    def _count(self, engine: Engine, fate: Fate) -> None:
        with self._lock:
            self._counts[engine.name, fate] += 1


def _checked(engine: Engine, text: str, lang: str, *, slow: bool) -> Sound:
    sound = trimmed(engine.say(text, lang, slow=slow))
    if wrong := fault(sound, text):
        # On this machine the same text would give the same sound again; from elsewhere a better one may come.
        raise CantSay(wrong, AGAIN if engine.online else None)
    return sound
