"""Finds a learner's place in the library as it is now: lessons change while people are inside."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from bot.core.lesson import DEBRIEF, Lesson, Scene
from bot.core.library import FIRST, Library
from bot.core.progress import Progress, Spot
from bot.core.shown import mark

Why = Literal["", "moved", "led", "altered"]


class Settled(NamedTuple):
    """A learner's progress as the library has it now, and what became of the step that they were shown.

    `moved`: it is gone, and they begin the lesson anew. `led`: it is gone, and they go on behind it.
    `altered`: it asks something else now, so that no answer to the old one counts.
    """

    progress: Progress
    why: Why


def settle(library: Library, progress: Progress) -> Settled:
    """Return the progress with a place in the present lesson that the library has.

    A renamed step is followed (`was:`). Of one that is gone the library may know what comes next (`carry`);
    else the lesson begins anew, and with it its score. Lessons that are gone, or that the learner isn't
    in now, are left as they are: they may come back, and so may the learner.
    """
    if progress.lang not in library.phrases:
        progress = msgspec.structs.replace(progress, lang=FIRST)
    spot = progress.spot
    why: Why = ""
    if spot and progress.place == "lesson" and progress.lesson in library.lessons:
        found, why = _found(library, library.lessons[progress.lesson][FIRST], spot)
        if found != spot:
            progress = _placed(progress, found, why)
    if why or not progress.shown or progress.shown == mark(library, progress):
        return Settled(progress, why)
    if progress.place != "lesson" or progress.aside:  # nothing of the lesson is being answered
        return Settled(msgspec.structs.replace(progress, note=()), "")
    if spot := progress.spot:
        progress = _placed(progress, msgspec.structs.replace(spot, line="", tries=0), "altered")
    return Settled(progress, "altered")


def arrive(library: Library, progress: Progress) -> Settled:
    """Settle someone who comes to a lesson from elsewhere: whatever it says now, they haven't seen it yet."""
    return settle(library, msgspec.structs.replace(progress, shown=0))


def _placed(progress: Progress, spot: Spot, why: Why) -> Progress:
    spots = {**progress.spots, progress.lesson: spot}
    return msgspec.structs.replace(progress, spots=spots, note=(why,) if why else progress.note)


def _found(library: Library, lesson: Lesson, spot: Spot) -> tuple[Spot, Why]:
    """Return the spot in the lesson as it is now, and whether its step was lost."""
    step_id = _present(lesson, spot.step)
    if step_id is None:
        led = _present(lesson, library.places.get(lesson.key, {}).get(spot.step, ""))
        if led is None:
            return Spot(lesson.steps[0].id), "moved"
        return msgspec.structs.replace(spot, step=led, line="", tries=0), "led"
    step = lesson.steps[lesson.index[step_id]]
    known = step.by_id.keys() | {DEBRIEF} if isinstance(step, Scene) else set()
    line = spot.line if spot.line in known else ""
    if (step_id, line) == (spot.step, spot.line):
        return spot, ""
    return msgspec.structs.replace(spot, step=step_id, line=line), ""


def _present(lesson: Lesson, step_id: str) -> str | None:
    return step_id if step_id in lesson.index else lesson.renamed.get(step_id)


def carry(before: Library, lessons: Mapping[str, Mapping[str, Lesson]]) -> dict[str, dict[str, str]]:
    """Return for each lesson the steps that are gone from it, and where whoever stands in one goes on.

    That is behind the last step before it that is still there: people haven't seen what comes then.
    """
    places = {key: dict(known) for key, known in before.places.items()}
    for key, languages in lessons.items():
        old, new = before.lessons.get(key, {}).get(FIRST), languages[FIRST]
        if old is None or old is new:
            continue
        found = places.get(key, {})
        for gone, led in _gone(old, new).items():
            found[gone] = led
            for earlier, there in found.items():  # they stood before what is gone now
                found[earlier] = led if there == gone else there
        if found:
            places[key] = found
    return places


def _gone(old: Lesson, new: Lesson) -> dict[str, str]:
    ahead, gone = new.steps[0].id, {}
    for step in old.steps:
        present = _present(new, step.id)
        if present is None:
            gone[step.id] = ahead
        else:
            after = min(new.index[present] + 1, len(new.steps) - 1)
            ahead = new.steps[after].id
        gone.update({name: present or ahead for name in step.was if _present(new, name) is None})
    return gone
