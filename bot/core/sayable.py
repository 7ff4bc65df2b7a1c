"""Everything learners can come to hear, found by walking the talk itself: clips are made of it ahead.

Left out is what hangs on one learner: days, receipts, what they typed, the number of the step they
rest at. Such a part is made when it is needed.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from bot.core.here import Here
from bot.core.library import FIRST, Library
from bot.core.phrases import Says
from bot.core.progress import Done, Progress
from bot.core.spoken import NEW, spoken
from bot.core.talk import show, take_turn, trouble
from bot.core.turn import Asked, Event, Moment, Opened, Reply, Tapped
from bot.core.wording import FORMS, PLACEHOLDERS

NOW = Moment(datetime.fromtimestamp(0, UTC))
TRIES = 4  # of a question at most; what stands at a step hangs on no more


class Sayable(NamedTuple):
    """A part of some reply. `lesson` is a key, empty for what is said anywhere; so is `step`, at a finish."""

    lesson: str
    step: str
    text: str


def sayable(
    library: Library, lang: str, addresses: Iterable[str] = FORMS, courses: Collection[str] | None = None
) -> Iterator[Sayable]:
    """Find every part there is, each once, in the order of the lessons: first what is said anywhere.

    `addresses` are codes of FORMS; only Vietnamese makes a difference of them. `courses` are ids;
    None means all. A lesson that isn't translated into `lang` is left out.
    """
    found: set[str] = set()
    for address in addresses if lang == FIRST else ("ban",):
        walk = _Walk(library, Progress(lang=lang, address=address, listens=True, agreed=1, place="menu"))
        for each in walk.all(courses):
            if each.text not in found:
                found.add(each.text)
                yield each


def sayable_in(library: Library, lang: str, address: str, key: str) -> list[Sayable]:
    """Find what one lesson says to whoever is addressed so, each text once, step by step. Takes about 0.01 seconds."""
    walk = _Walk(library, Progress(lang=lang, address=address, listens=True, agreed=1, place="menu"))
    found: dict[str, Sayable] = {}
    for each in walk.lesson(key):
        found.setdefault(each.text, each)
    places = library.lessons[key][FIRST].index
    return sorted(found.values(), key=lambda each: places.get(each.step, len(places)))


class _Walk:
    """One learner who does everything there is to do."""

    def __init__(self, library: Library, fresh: Progress) -> None:
        self._library = library
        self._fresh = fresh

    def all(self, courses: Collection[str] | None) -> Iterator[Sayable]:
        yield from self._anywhere()
        for key in self._library.order:
            languages = self._library.lessons[key]
            taken = courses is None or languages[FIRST].course in courses
            if taken and self._fresh.lang in languages:
                yield from self.lesson(key)

    def _heard(self, reply: Reply, lesson: str = "", step: str = "", before: str = "") -> Iterator[Sayable]:
        """Find the parts of a reply; notes tell of the step `before`."""
        notes = Reply(reply.turn, reply.lang, "", notes=reply.notes)
        yield from (Sayable(lesson, before, text) for text in spoken(notes, self._library))
        yield from (Sayable(lesson, step, text) for text in spoken(replace(reply, notes=()), self._library))

    def _shown(self, progress: Progress) -> Iterator[Sayable]:
        yield from self._heard(show(self._library, progress, NOW))

    def _anywhere(self) -> Iterator[Sayable]:
        fresh = self._fresh
        for place in ("welcome", "address", "manner"):
            yield from self._shown(replace(fresh, place=place))
        yield from self._menus()
        yield from self._on_paths()
        for aside in ("help", "urgent", "call", "delete"):
            yield from self._shown(replace(fresh, aside=aside))
        for slow, saver in ((False, False), (True, True)):
            yield from self._shown(replace(fresh, aside="settings", slow=slow, saver=saver))
        yield from self._heard(trouble(self._library, fresh, fresh.lang))
        here = Here(self._library, fresh, NOW)
        for name in Says.model_fields:
            text = getattr(here.says, name)
            if "_label" not in name and PLACEHOLDERS.issuperset(re.findall(r"\{(.*?)\}", text)):
                yield from self._heard(Reply(NEW, fresh.lang, here.say(text)))

    def _menus(self) -> Iterator[Sayable]:
        """Find the menu and the courses as they look to someone who learns straight on."""
        library, fresh = self._library, self._fresh
        done: dict[str, Done] = {}
        yield from self._shown(fresh)
        for key in library.order:
            begun = take_turn(library, replace(fresh, done=dict(done)), Opened(key), NOW).progress
            done[key] = Done(0, 0, 0)
            course = f"course:{library.lessons[key][FIRST].course}"
            for progress in (fresh, begun, replace(fresh, done=dict(done))):
                yield from self._shown(replace(progress, place=course, note=()))
            for progress in (begun, replace(fresh, done=dict(done))):
                for place in ("menu", "courses") if library.paths else ("menu",):
                    yield from self._shown(replace(progress, place=place, note=()))

    def _on_paths(self) -> Iterator[Sayable]:
        """Find how learning paths are chosen, and how each looks to someone who goes straight along it."""
        library, fresh = self._library, self._fresh
        for place, aside in (("paths", ""), ("courses", ""), ("menu", "paths")) if library.paths else ():
            yield from self._shown(replace(fresh, place=place, aside=aside))
        for path in library.paths:
            choosing = replace(fresh, aside="paths")
            chosen = take_turn(library, choosing, Tapped(choosing.turns, path[FIRST].id), NOW)
            yield from self._heard(chosen.reply)
            follows, done = chosen.progress, dict[str, Done]()
            for aside in ("paths", "settings"):
                yield from self._shown(replace(follows, aside=aside))
            for key in library.along(path[FIRST].id):
                course = library.lessons[key][FIRST].course
                begun = take_turn(library, replace(follows, done=dict(done)), Opened(key), NOW).progress
                done[key] = Done(0, 0, 0)
                for progress in (follows, begun, replace(follows, done=dict(done))):
                    for place in ("menu", "path", f"path:{course}"):
                        yield from self._shown(replace(progress, place=place, note=()))
                yield from self._shown(replace(follows, place=f"finish:{key}", done=dict(done)))

    def lesson(self, key: str) -> Iterator[Sayable]:
        """Find what is said in a lesson: each way from each place of it, once."""
        library = self._library
        earlier = library.order[: library.order.index(key)]
        ready = replace(self._fresh, done={each: Done(0, 0, 0) for each in earlier})
        for progress in (self._fresh, ready):
            begun = take_turn(library, progress, Opened(key), NOW)
            yield from self._heard(begun.reply, key, _step(begun.progress), _step(begun.progress))
        yield from self._heard(take_turn(library, begun.progress, Opened(key), NOW).reply, key)
        ahead, met = [begun.progress], {_place(begun.progress)}
        for progress in ahead:  # which grows
            for event in self._ways(progress):
                turn = take_turn(library, progress, event, NOW)
                yield from self._heard(turn.reply, key, _step(turn.progress), _step(progress))
                if turn.progress.place.startswith("finish"):
                    yield from self._scores(turn.progress, key)
                elif not turn.progress.aside and _place(turn.progress) not in met:
                    met.add(_place(turn.progress))
                    ahead.append(turn.progress)

    def _ways(self, progress: Progress) -> Iterator[Event]:
        reply = show(self._library, progress, NOW)
        yield from (Tapped(reply.turn, button.code) for button in reply.buttons)
        yield Asked("back")

    def _scores(self, finished: Progress, key: str) -> Iterator[Sayable]:
        asked = self._library.lessons[key][FIRST].questions
        for right in range(asked + 1):
            progress = replace(finished, done={**finished.done, key: Done(0, right, asked)}, note=())
            yield from self._heard(show(self._library, progress, NOW), key)


def _step(progress: Progress) -> str:
    return progress.spot.step if progress.spot else ""


def _place(progress: Progress) -> tuple[str, str, int]:
    spot = progress.spot
    return (spot.step, spot.line, min(spot.tries, TRIES)) if spot else ("", "", 0)
