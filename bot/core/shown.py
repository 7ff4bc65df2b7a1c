"""A short number that tells what a learner was shown from what a lesson says now.

Buttons and typed answers only say which choice is meant, the first or the second. So an answer counts
only while the choices still are what the learner saw: editors change lessons while people are inside.
"""

from collections.abc import Iterable
from zlib import crc32

from bot.core.lesson import DEBRIEF, Ask, Choice, Line, Reaction, Scene, Step
from bot.core.library import Library
from bot.core.progress import Progress


def mark(library: Library, progress: Progress) -> int:
    """Return the number of what the progress shows: its step, and what the last answer came to.

    It takes two bytes; 0 means that nothing of a lesson is shown. Different texts have the same number once in 65,536.
    """
    if not progress.place.startswith(("lesson", "finish")):
        return 0
    spot = progress.spot
    step, line = (spot.step, spot.line) if spot else ("", "")
    noted = progress.note[1] if len(progress.note) > 1 else ""
    key = (progress.lang, progress.place, progress.lesson, step, line, noted)
    number = library.marks.get(key)  # it is asked for twice a turn
    if number is None:
        number = library.marks[key] = _mark(library, *key)
    return number


def _mark(library: Library, lang: str, place: str, lesson_key: str, step: str, line: str, noted: str) -> int:  # noqa: PLR0913, PLR0917  what is shown
    name, _, finished = place.partition(":")
    if name == "finish":
        lesson_key, step = finished, ""
    lesson = library.lesson(lesson_key, lang)
    if lesson is None:
        return 0
    parts = 0
    if step in lesson.index:
        parts ^= _number(_asked(lesson.steps[lesson.index[step]], line))
    noted = lesson.renamed.get(noted, noted)
    if noted in lesson.index:
        parts ^= _number(_explained(lesson.steps[lesson.index[noted]]))
    return parts


def _number(texts: Iterable[str]) -> int:
    return crc32("\n".join(texts).encode()) % 0xFFFF + 1


def _asked(step: Step, line: str) -> list[str]:
    """Return what a learner answers to. Other texts may be bettered: nothing is judged by them."""
    if isinstance(step, Ask):
        return [step.kind, step.text, *(choice.text for choice in step.choices)]
    if isinstance(step, Scene) and line and line != DEBRIEF:
        said = step.by_id[line]
        return [said.says, *(choice.text for choice in said.choices)]
    return [step.kind, line]


def _explained(step: Step) -> list[str]:
    """Return what says which answer was meant, and what it came to."""
    choices: tuple[Choice | Reaction, ...] = ()
    if isinstance(step, Ask):
        choices = step.choices
    elif isinstance(step, Scene):
        lines: tuple[Line, ...] = step.lines
        choices = tuple(choice for line in lines for choice in line.choices)
    return [step.kind, *(choice.model_dump_json() for choice in choices)]
