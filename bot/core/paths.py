"""Learning paths: lessons in a row for one kind of learner. `lessons/paths.yaml` and its translations."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.core.lesson import AnyOf, Audience, Id, Items, Lesson, key_of
from bot.core.problem import Problem, near
from bot.core.wording import Text
from bot.core.yaml_file import FileModel, Source, check, fault, parse

MAX_ID = 3  # characters: progress keeps the id, and has room for no more (400 bytes after 20 lessons)
MAX_OFFERED = 5  # at the welcome; with "later" they are as many answers as one can keep in mind


def check_path_id(name: str) -> str:
    """Return the id; raise what tells the editor which one would be right."""
    if len(name) > MAX_ID:
        raise fault("long-path-id", name=name, size=len(name), limit=MAX_ID)
    return name


PathId = Annotated[Id, AfterValidator(check_path_id), Field(json_schema_extra={"maxLength": MAX_ID})]


class LearningPath(FileModel):
    """A path in one language, with the ids of its lessons in their order."""

    id: PathId
    title: Text
    summary: Text
    audience: Annotated[Items[Audience], Field(min_length=1)]
    offered: bool = True  # at the welcome; any path may be chosen later
    lessons: Annotated[Items[Id], Field(min_length=1)]


class PathsFile(FileModel):
    """What `paths.yaml` holds."""

    format: Literal[1]
    paths: Annotated[Items[LearningPath], Field(min_length=1)]


class SaidPath(FileModel):
    """A path's texts in another language."""

    id: PathId
    title: Text
    summary: Text


class PathsTranslation(FileModel):
    """What `paths.<lang>.yaml` holds: the same paths, texts only."""

    format: Literal[1]
    paths: Annotated[Items[SaidPath], Field(min_length=1)]


def read_paths(
    text: str, path: str, known: Collection[str], lessons: Mapping[str, Lesson]
) -> tuple[LearningPath, ...] | list[Problem]:
    """YAML text -> the paths in their first language, or all that is wrong with them.

    `known` are the ids of all lesson files, `lessons` the good ones by key.
    """
    source = parse(text, path)
    if isinstance(source, list):
        return source
    file = check(PathsFile, source)
    if isinstance(file, list):
        return file
    return sorted(set(_untaught(file.paths, known, lessons, source))) or file.paths


def read_paths_translation(
    text: str, path: str, paths: tuple[LearningPath, ...]
) -> dict[str, LearningPath] | list[Problem]:
    """YAML text -> the paths in another language by id, or all in which it departs from `paths`."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    said = check(PathsTranslation, source)
    if isinstance(said, list):
        return said
    if problems := sorted(set(_departures(paths, said.paths, source))):
        return problems
    words = {each.id: each for each in said.paths}
    return {
        each.id: each.model_copy(update={"title": words[each.id].title, "summary": words[each.id].summary})
        for each in paths
    }


def _untaught(
    paths: tuple[LearningPath, ...], known: Collection[str], lessons: Mapping[str, Lesson], source: Source
) -> Iterator[Problem]:
    yield from _named_twice([each.id for each in paths], source)
    offered = [number for number, each in enumerate(paths) if each.offered]
    if len(offered) > MAX_OFFERED:
        loc = ("paths", offered[MAX_OFFERED], "id")
        yield source.problem(loc, "too-many-offered", count=len(offered), limit=MAX_OFFERED)
    for number, path in enumerate(paths):
        yield from _out_of_order(path, number, known, lessons, source)


def _out_of_order(
    path: LearningPath, number: int, known: Collection[str], lessons: Mapping[str, Lesson], source: Source
) -> Iterator[Problem]:
    """Find lessons of a path that aren't there, stand twice, or stand before what they need."""
    for place, name in enumerate(path.lessons):
        loc = ("paths", number, "lessons", place)
        if name not in known:
            yield source.problem(loc, "unknown-path-lesson", path=path.id, name=name, near=near(name, known))
        if name in path.lessons[:place]:
            yield source.problem(loc, "path-lesson-twice", path=path.id, name=name)
        lesson = lessons.get(key_of(name))
        for need in lesson.needs if lesson else ():
            names = need.any if isinstance(need, AnyOf) else (need,)
            later = [each for each in names if each in path.lessons[place:]]
            if later and not set(names) & set(path.lessons[:place]):
                yield source.problem(loc, "path-before-need", name=name, need=later[0])


def _departures(paths: tuple[LearningPath, ...], said: tuple[SaidPath, ...], source: Source) -> Iterator[Problem]:
    ids, names = [each.id for each in paths], [each.id for each in said]
    yield from _named_twice(names, source)
    for number, name in enumerate(names):
        if name not in ids:
            yield source.problem(("paths", number, "id"), "unknown-path", name=name, near=near(name, ids))
    for name in ids:
        if name not in names:
            yield source.problem(("paths",), "path-not-translated", name=name)


def _named_twice(names: list[str], source: Source) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name in names[:number]:
            first = source.place(("paths", names.index(name), "id"))[0]
            yield source.problem(("paths", number, "id"), "path-taken", name=name, first=first)
