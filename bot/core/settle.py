"""Finds a learner's place in the library as it is now: lessons change while people are inside."""

import msgspec

from bot.core.lesson import DEBRIEF, Scene
from bot.core.library import FIRST, Library
from bot.core.progress import Progress, Spot


def settle(library: Library, progress: Progress) -> tuple[Progress, bool]:
    """Return the progress with spots that the library has, and whether the learner was moved.

    A renamed step is followed (`was:`); one that is gone leads to the lesson's first step, where
    the score starts anew. Spots in lessons that are gone are dropped.
    """
    if progress.lang not in library.phrases:
        progress = msgspec.structs.replace(progress, lang=FIRST)
    moved = False
    spots: dict[str, Spot] = {}
    for key, spot in progress.spots.items():
        if key in library.lessons:
            spots[key], lost = _settled(library, key, spot)
            moved = moved or (lost and key == progress.lesson)
    if spots == progress.spots:
        return progress, False
    note = ("moved",) if moved else progress.note
    return msgspec.structs.replace(progress, spots=spots, note=note), moved


def _settled(library: Library, key: str, spot: Spot) -> tuple[Spot, bool]:
    """Return the spot in the lesson as it is now, and whether its step was lost."""
    lesson = library.lessons[key][FIRST]
    step_id = spot.step if spot.step in lesson.index else lesson.renamed.get(spot.step, "")
    if not step_id:
        return Spot(lesson.steps[0].id), True
    step = lesson.steps[lesson.index[step_id]]
    known = step.by_id.keys() | {DEBRIEF} if isinstance(step, Scene) else set()
    line = spot.line if spot.line in known else ""
    if (step_id, line) == (spot.step, spot.line):
        return spot, False
    return msgspec.structs.replace(spot, step=step_id, line=line), line != spot.line
