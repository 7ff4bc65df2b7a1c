"""Clips made ahead: all that learners can come to hear, so that nobody waits for it.

Voices of this machine work in several threads, an online one in a thread of its own, at its own pace.
What is on the shelf already is left as it is, so this may be stopped, even killed, and begun again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import product
from math import ceil
from threading import Event

from bot.core.library import Library
from bot.core.sayable import sayable
from bot.voice import forms, guess
from bot.voice.clip import Clip, Format
from bot.voice.engine import CantSay, Engine, language_of
from bot.voice.voice import Voice

REQUEST = 100  # characters that an online voice takes at once
MAKING = 0.1  # seconds of a thread for a second of sound: making, levelling, encoding


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part that is to be on the shelf. `lang` may have a dialect; `lesson` and `step` as in Sayable."""

    lesson: str
    step: str
    text: str
    lang: str
    slow: bool
    form: Format = "ogg"


@dataclass
class Made:
    """What came of making clips ahead. `unsaid` are parts that no engine could say, with the last reason."""

    made: int = 0
    there: int = 0
    unsaid: list[tuple[Wanted, str]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # an engine's last reason for leaving parts to the next


@dataclass(frozen=True, slots=True)
class Estimate:
    """What making ahead would come to. `size` is bytes, `seconds` and `work` are seconds: of sound, of waiting."""

    clips: int
    there: int
    size: int
    seconds: float
    work: float


def wanted(  # noqa: PLR0913, PLR0917  each narrows it down
    library: Library,
    langs: Iterable[str],
    speeds: Iterable[bool],
    addresses: Collection[str],
    courses: Collection[str] | None = None,
    packed: Iterable[Format] = ("ogg",),
) -> Iterator[Wanted]:
    """Find all that is to be on the shelf, one language after the other; `speeds`: False normal, True slow."""
    kinds = tuple(product(speeds, packed))
    for lang in langs:
        for part in sayable(library, language_of(lang), addresses, courses):
            for slow, form in kinds:
                yield Wanted(part.lesson, part.step, part.text, lang, slow, form)


def address(voice: Voice, engine: Engine, part: Wanted) -> str:
    """Return where this engine's clip of a part is kept; empty if it can't say it."""
    return voice.address(engine, part.text, part.lang, slow=part.slow, form=part.form)


def chosen(voice: Voice, only: str = "") -> tuple[Engine, ...]:
    """Return the engines that are to be tried, the best first."""
    return tuple(engine for engine in voice.speaker.engines if only in {"", engine.name})


def is_there(voice: Voice, part: Wanted, engines: Iterable[Engine]) -> bool:
    """Whether the best engine that has a voice for it has said it; the clip isn't read."""
    for engine in engines:
        if there := address(voice, engine, part):
            return voice.shelf.has(there)
    return False


def estimate(voice: Voice, parts: Iterable[Wanted], pace: float, threads: int, only: str = "") -> Estimate:
    """Guess from the number of letters; `pace` is seconds between two requests to an online voice."""
    engines = chosen(voice, only)
    asked: set[tuple[str, str, bool]] = set()  # an online voice says a text once, for all forms
    clips = there = size = 0
    seconds = online = local = 0.0
    for part in parts:
        clips += 1
        text = part.text, part.lang, part.slow
        if is_there(voice, part, engines):
            there += 1
            asked.add(text)
            continue
        length = guess.seconds_of(part.text, slow=part.slow)
        seconds += length
        size += guess.bytes_of(part.text, forms.kbit_of(part.form, voice.kbit), slow=part.slow)
        best = next((each for each in engines if each.voice(part.lang, part.text)), None)
        if best and best.online and text not in asked:
            asked.add(text)
            online += ceil(len(part.text) / REQUEST) * max(pace, MAKING)
        else:
            local += length * MAKING
    return Estimate(clips, there, size, seconds, max(online, local / threads))


class _Making:
    """The threads, and which part is in which."""

    def __init__(self, voice: Voice, engines: tuple[Engine, ...], threads: int) -> None:
        self._voice = voice
        self._engines = engines
        self._stopped = Event()
        self._local = ThreadPoolExecutor(threads, "ahead")
        self._online = ThreadPoolExecutor(1, "ahead-online")
        self._waiting: dict[Future[Clip | None], tuple[Wanted, int]] = {}
        self.result = Made()

    def add(self, part: Wanted, first: int = 0, why: str = "") -> bool:
        """Give it to the next engine that has a voice for it; returns whether it needs no more work."""
        for number in range(first, len(self._engines)):
            engine = self._engines[number]
            place = address(self._voice, engine, part)
            if place and self._voice.shelf.has(place):
                self.result.there += 1
                return True
            if place:
                threads = self._online if engine.online else self._local
                self._waiting[threads.submit(self._make, engine, part)] = part, number
                return False
        self.result.unsaid.append((part, why or "No voice is set up that can say it."))
        return True

    def run(self, done: Callable[[int], None]) -> None:
        """Wait until all is made; `done` hears how many parts came to an end."""
        while self._waiting:
            ended, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
            count = 0
            for future in ended:
                part, number = self._waiting.pop(future)
                try:
                    future.result()
                except CantSay as error:
                    name = self._engines[number].name
                    self.result.failed[name] = str(error).removeprefix(f"{name}: ")
                    count += self.add(part, number + 1, str(error))
                else:
                    self.result.made += 1
                    count += 1
            done(count)

    def close(self) -> None:
        """Let what is being made be finished, and nothing else be begun."""
        self._stopped.set()
        for threads in (self._local, self._online):
            threads.shutdown(wait=True, cancel_futures=True)

    def _make(self, engine: Engine, part: Wanted) -> Clip | None:
        if self._stopped.is_set():
            return None
        return self._voice.made(engine, part.text, part.lang, slow=part.slow, form=part.form)


def make(voice: Voice, parts: Iterable[Wanted], threads: int, done: Callable[[int], None], only: str = "") -> Made:
    """Make what isn't there; `done` hears, in this thread, how many more parts came to an end.

    A part that the best engine can't say now is said by the next; another time the best one is tried
    again. KeyboardInterrupt goes through once the clips under way are finished.

    Raises:
        NotKept: the disk is full, or the shelf can't be written to.
    """
    making = _Making(voice, chosen(voice, only), threads)
    try:
        done(sum(making.add(part) for part in parts))
        making.run(done)
    finally:
        making.close()
    if voice.shelf.due():
        voice.shelf.evict()
    return making.result
