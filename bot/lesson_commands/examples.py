"""The talks beside lessons: played when lessons are checked."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.core.lesson import key_of
from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.core.talk_example import ENDING, played


def talk_problems(files: Iterable[Path], library: Library) -> Iterator[Problem]:
    """Play the talks in these files; tell all that is wrong with a file, or what is heard differently in its talks."""
    for path in files:
        if not path.name.startswith("."):
            yield from _problems(path, library)


def _problems(path: Path, library: Library) -> Iterator[Problem]:
    name = path.name.removesuffix(ENDING)
    languages = library.lessons.get(key_of(name))
    lesson = languages[FIRST] if languages and languages[FIRST].id == name else None
    try:
        yield from played(path.read_bytes(), str(path), lesson, library)
    except OSError as error:
        yield Problem.of(str(path), 1, 1, "cannot-read", why=error.strerror or "")
    if lesson is None and not path.with_name(f"{name}.yaml").exists():  # else the lesson is bad, and is told of itself
        yield Problem.of(str(path), 1, 1, "talk-without-lesson", name=name)
