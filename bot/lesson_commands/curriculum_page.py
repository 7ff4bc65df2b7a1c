"""docs/curriculum.md: each lesson with its length, its questions, its facts, and when these are due."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from bot.core import length
from bot.core.lesson import Ask, Course, Lesson, Scene
from bot.core.library import FIRST, Library
from bot.core.wording import plain
from bot.pictures.gallery import screens

HEAD = f"""# The curriculum

Written by `hocso curriculum --write` from the lessons; change those, not this page. docs/facts-ledger.md tells
which step rests on which fact, docs/curriculum/ what a second reading found.

- *minutes* is what the lesson promises; *told* how long its shortest way is with all right answers, heard at
  {length.LETTERS_A_SECOND:.0f} letters a second, with time to answer and to do.
- *questions*, *scenes* and *pictures* count steps that ask, that rehearse, and that have a drawn phone screen.
- *longest* is its longest text in characters, of 350 that are allowed; *words* how many words its sentences have:
  on average, and the longest. At most 15 is the aim.
- *kB* is what hearing it that way at 12 kbit/s and seeing its pictures come to. *facts* are files of the dossier
  with their sections.
"""
_sentence = re.compile(r"[.!?…:]+\s+|\n+")


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of one lesson, or of several together."""

    lessons: int
    minutes: int
    told: float  # minutes
    steps: int
    questions: int
    scenes: int
    pictures: int
    longest: int  # characters
    sentences: tuple[int, ...]  # words of each
    kilobytes: float

    def __add__(self, other: "Figures") -> "Figures":
        """Count two together."""
        return Figures(
            self.lessons + other.lessons,
            self.minutes + other.minutes,
            self.told + other.told,
            self.steps + other.steps,
            self.questions + other.questions,
            self.scenes + other.scenes,
            self.pictures + other.pictures,
            max(self.longest, other.longest),
            self.sentences + other.sentences,
            self.kilobytes + other.kilobytes,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """As cells of a table, from the minutes on."""
        words = f"{sum(self.sentences) / len(self.sentences):.1f}, {max(self.sentences)}"
        counts = (self.steps, self.questions, self.scenes, self.pictures, self.longest)
        return (str(self.minutes), f"{self.told:.1f}", *map(str, counts), words, f"{self.kilobytes:.0f}")


COUNTED = ("minutes", "told", "steps", "questions", "scenes", "pictures", "longest", "words", "kB")


def figures(lesson: Lesson) -> Figures:
    """Count one lesson."""
    texts = [plain(text) for text in _texts(lesson)]
    words = tuple(len(each.split()) for text in texts for each in _sentence.split(text) if each.strip())
    return Figures(
        1,
        lesson.minutes,
        length.shortest(lesson).minutes,
        len(lesson.steps),
        sum(isinstance(step, Ask) for step in lesson.steps),
        sum(isinstance(step, Scene) for step in lesson.steps),
        len(list(screens(lesson))),
        max(map(len, texts)),
        words,
        length.kilobytes(lesson),
    )


def curriculum(library: Library) -> str:
    """Return the page."""
    counted = {key: figures(library.lessons[key][FIRST]) for key in library.order}
    lines = [HEAD, *_summary(library, counted)]
    for course in library.courses:
        lines += _course(library, course[FIRST], counted)
    return "\n".join([*lines, *_due(library)])


def _summary(library: Library, counted: Mapping[str, Figures]) -> Iterator[str]:
    yield "## All courses\n"
    yield from _head("course", "lessons", *COUNTED, "in English")
    for course in library.courses:
        own = [key for key in library.order if library.lessons[key][FIRST].course == course[FIRST].id]
        yield _row(course[FIRST].title, *_together(library, own, counted))
    yield _row("**all**", *_together(library, library.order, counted))
    yield ""


def _together(library: Library, keys: Sequence[str], counted: Mapping[str, Figures]) -> tuple[str, ...]:
    whole = reduce(add, (counted[key] for key in keys))
    english = sum("en" in library.lessons[key] for key in keys)
    return (str(whole.lessons), *whole.cells, str(english))


def _course(library: Library, course: Course, counted: Mapping[str, Figures]) -> Iterator[str]:
    yield f"## {course.title} (`{course.id}`)\n"
    yield from _head("lesson", "title", *COUNTED, "facts", "checked", "recheck by")
    for key in library.order:
        lesson = library.lessons[key][FIRST]
        if lesson.course == course.id:
            facts = "; ".join(f"{fact.file} {', '.join(map(str, fact.sections))}" for fact in lesson.facts)
            dates = (lesson.checked.isoformat(), lesson.recheck_by.isoformat())
            yield _row(key, lesson.title, *counted[key].cells, facts, *dates)
    yield ""


def _due(library: Library) -> Iterator[str]:
    yield "## Due for recheck\n"
    yield from _head("by", "lessons", "which")
    lessons = [library.lessons[key][FIRST] for key in library.order]
    for day in sorted({lesson.recheck_by for lesson in lessons}):
        keys = [lesson.key for lesson in lessons if lesson.recheck_by == day]
        yield _row(day.isoformat(), str(len(keys)), ", ".join(keys))
    yield ""


def _texts(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        yield step.text
        if isinstance(step, Scene):
            yield step.debrief
            yield from (line.says for line in step.lines)


def _head(*names: str) -> tuple[str, str]:
    return _row(*names), "|" + "---|" * len(names)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
