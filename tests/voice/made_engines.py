"""A clock that tests move, and an engine that does as it is told."""

from collections.abc import Callable
from threading import Lock

from made_sounds import speech

from bot.voice.clip import Quality
from bot.voice.sound import Sound


class Clock:
    """Seconds that pass when told to, or by sleeping."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class MadeEngine:
    """Hums, unless `does` returns another sound or raises; counts how often it was asked."""

    def __init__(
        self,
        name: str,
        does: Callable[[str], Sound] = speech,
        *,
        online: bool = False,
        langs: tuple[str, ...] = ("vi",),
    ) -> None:
        self.name = name
        self.quality = Quality.ROBOT
        self.online = online
        self.does = does
        self.asked = 0
        self._langs = langs
        self._lock = Lock()

    def voice(self, lang: str, text: str = "") -> str:  # noqa: ARG002
        return f"{lang}-hum" if lang in self._langs else ""

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:  # noqa: ARG002
        with self._lock:
            self.asked += 1
        return self.does(text)


def raises(error: Exception) -> Callable[[str], Sound]:
    def does(_text: str) -> Sound:
        raise error

    return does
