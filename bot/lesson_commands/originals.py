"""All that can be translated in a lesson folder, each with its translation as it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from bot.core.lesson import Course, Lesson
from bot.core.library import FIRST, Library
from bot.core.po import Original, Translated
from bot.core.problem import Problem
from bot.core.spots import MARKS, said_at
from bot.core.translation import CourseTranslation, LessonTranslation
from bot.core.yaml_file import FileModel, check, parse
from bot.core.yaml_text import Source, decoded
from bot.library import look_through


@dataclass(frozen=True, slots=True)
class Translatable:
    """What can be translated, by name; and by name too what is wrong with translations that can't be read."""

    originals: Mapping[str, Original]
    broken: Mapping[str, tuple[Problem, ...]]
    library: Library
    problems: tuple[Problem, ...]  # of the whole folder


def translatable(folder: Path, lang: str) -> Translatable:
    """Read a lesson folder: courses in their order, each before its lessons.

    Raises:
        NothingToTeach: there are no Vietnamese phrases, or not one good lesson.
        OSError: a file can't be read.
    """
    library, problems, files = look_through(folder)
    sources = {file.lesson.id: file.source for file in files if file.lang == FIRST}
    known = lang in library.phrases and lang != FIRST
    originals: dict[str, Original] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    for part, source in _parts(folder, library, sources):
        model = CourseTranslation if isinstance(part, Course) else LessonTranslation
        there = _there(translation_path(folder, part, lang), model) if known else Translated()
        original = Original(part, source, Translated() if isinstance(there, list) else there)
        originals[original.name] = original
        if isinstance(there, list):
            broken[original.name] = tuple(there)
    return Translatable(originals, broken, library, problems)


def translation_path(folder: Path, part: Lesson | Course, lang: str) -> Path:
    """Return where its translation stands."""
    if isinstance(part, Course):
        return folder / part.id / f"course.{lang}.yaml"
    return folder / part.course / f"{part.id}.{lang}.yaml"


def _parts(folder: Path, library: Library, sources: Mapping[str, Source]) -> Iterator[tuple[Lesson | Course, Source]]:
    lessons = {languages[FIRST].id: languages[FIRST] for languages in library.lessons.values()}
    for languages in library.courses:
        course = languages[FIRST]
        path = folder / course.id / "course.yaml"
        source = parse(path.read_text(encoding="utf-8-sig"), str(path))
        if isinstance(source, Source):
            yield course, source
        yield from ((lessons[name], sources[name]) for name in course.lessons if name in sources)


def _there(path: Path, model: type[FileModel]) -> Translated | list[Problem]:
    """Return what a translation's file says, whether or not it fits its lesson, or why it can't be read."""
    if not path.exists():
        return Translated()
    text = decoded(path.read_bytes(), str(path))
    source = parse(text, str(path)) if isinstance(text, str) else text
    said = source if isinstance(source, list) else check(model, source)
    if isinstance(source, list) or isinstance(said, list):
        return said if isinstance(said, list) else []
    data = said.model_dump(exclude_none=True)
    allow = [dict(each) for each in said.model_dump(exclude_unset=True).get("allow", ())]
    notes = "".join(f"{line}\n" for line in takewhile(lambda line: line.startswith("#"), source.text.split("\n")))
    return Translated(said_at(data), data.get(MARKS, {}), allow, notes)
