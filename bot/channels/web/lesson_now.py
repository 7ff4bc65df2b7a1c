"""What is wrong with a lesson's files as they are now, and at which of its steps."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bot.core.lesson import Lesson, is_id, key_of
from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.core.rules.advice import advise
from bot.core.talk_example import ENDING, played
from bot.core.yaml_text import Source, decoded, parse
from bot.library import look_into


class Found(NamedTuple):
    """A problem; `step` is the id of the step it stands in, or empty."""

    problem: Problem
    step: str


def problems_now(path: Path, library: Library, today: dt.date) -> tuple[Found, ...]:
    """Find what `hocso check` tells of a lesson's file, of its translations and its talks, sorted by place."""
    problems, good = look_into(path)
    spoken = [each for each in good if each.lang in library.phrases]
    found = {*problems, *advise(library, spoken, today)}
    languages = library.lessons.get(key_of(path.stem))
    if languages and any(each.lang == FIRST for each in good):
        found.update(_of_talks(path.with_name(f"{path.stem}{ENDING}"), languages[FIRST], library))
    return placed(found, lambda file: decoded(Path(file).read_bytes(), ""))


def placed(problems: Iterable[Problem], read: Callable[[str], str | list[Problem]]) -> tuple[Found, ...]:
    """Find the step of each problem, sorted by place. `read` returns a file's text, or raises OSError."""
    problems = sorted(problems)
    steps = {file: tuple(_steps(file, read)) for file in {each.path for each in problems}}
    return tuple(Found(each, _step_at(each.line, steps[each.path])) for each in problems)


def _of_talks(path: Path, lesson: Lesson, library: Library) -> Iterator[Problem]:
    try:
        yield from played(path.read_bytes(), str(path), lesson, library)
    except FileNotFoundError:
        pass  # few lessons have talks
    except OSError as error:
        yield Problem.of(str(path), 1, 1, "cannot-read", why=error.strerror or "")


def lesson_files(folder: Path) -> Iterator[Path]:
    """Find the files of all lessons, good and bad, in their first language."""
    for course in sorted(folder.glob("*/course.yaml")):
        yield from (path for path in sorted(course.parent.glob("*.yaml")) if path != course and is_id(path.stem))


def _steps(path: str, read: Callable[[str], str | list[Problem]]) -> Iterator[tuple[int, str]]:
    """Find the lines on which steps begin, with their ids, and those on which something else does."""
    try:
        text = read(path)
    except OSError:
        return
    source = parse(text, "") if isinstance(text, str) else None
    if not isinstance(source, Source) or not isinstance(source.data, dict):
        return
    for loc, (line, _) in sorted(source.places.items(), key=lambda placed: placed[1]):
        match loc:
            case ("steps", int(place)):
                step = source.data["steps"][place]
                yield line, str(step.get("id", "")) if isinstance(step, dict) else ""
            case (_,):
                yield line, ""


def _step_at(line: int, steps: tuple[tuple[int, str], ...]) -> str:
    place = bisect_right(steps, line, key=lambda step: step[0])
    return steps[place - 1][1] if place else ""
