"""What a text would do if it stood in the lesson folder: its problems, and who would be touched."""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bot.core.lesson import Do, Tell, key_of
from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.core.rules.advice import advise
from bot.core.rules.changed import changed_since
from bot.core.rules.rule import LessonSource
from bot.core.standing import Impact, Stand, impact_of, stands
from bot.core.talk_example import ENDING, played
from bot.core.yaml_text import Source, decoded, parse
from bot.library import NothingToTeach, look_through

COURSE = "course"  # the name of a course's own file, and of its translations


class Trial(NamedTuple):
    """`problems` are the text's own, `elsewhere` those of other files that come by it alone; both sorted by place.

    `library` is what would be taught: of what is broken the last good version; None where it would be nothing.
    """

    problems: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    library: Library | None

    @property
    def good(self) -> bool:
        """Whether the text can be taught."""
        return self.library is not None and all(each.severity != "error" for each in self.problems)


def try_text(folder: Path, before: Library, path: Path, text: str, today: dt.date) -> Trial:
    """Look at a lesson's or a translation's text as `hocso check` does, within its folder and without writing it.

    `before` is what is taught now, `path` the file in a course of `folder` that would hold the text.
    """
    library, found = _looked(folder, before, path, {path: text.encode("utf-8", "surrogatepass")}, today)
    own = {each for each in found if each.path == str(path)}
    others = found - own
    if others:  # are they there in any case?
        others -= _looked(folder, before, path, {}, today)[1]
    return Trial(tuple(sorted(own)), tuple(sorted(others)), library)


def _looked(
    folder: Path, before: Library, path: Path, over: Mapping[Path, bytes], today: dt.date
) -> tuple[Library | None, set[Problem]]:
    """Look through the folder; of lessons that can be taught as they are, only this one's advice is told."""
    name = path.name.partition(".")[0]
    prints = {key: held for key, held in before.prints.items() if key != key_of(name)}  # this one is read in any case
    try:
        library, problems, good = look_through(folder, replace(before, prints=prints), over)
    except NothingToTeach as error:
        return None, set(error.problems)
    ours = [each for each in good if each.lesson.id == name and each.lang in library.phrases]
    found = {*problems, *advise(library, ours, today), *lost_pictures(ours)}
    if name == COURSE:
        found.update(marks_of_courses(folder, library, over))
    first = next((each.lesson for each in ours if each.lang == FIRST), None)
    talks = path.with_name(f"{name}{ENDING}")
    if first and talks.exists():
        try:
            found.update(played(talks.read_bytes(), str(talks), first, library))
        except OSError as error:
            found.add(Problem.of(str(talks), 1, 1, "cannot-read", why=error.strerror or ""))
    return library, found


def marks_of_courses(folder: Path, library: Library, over: Mapping[Path, bytes] | None = None) -> Iterator[Problem]:
    """Find marks that aren't today's texts in the translations of a lesson folder's courses."""
    for languages in library.courses:
        for lang in languages.keys() - {FIRST}:
            path = folder / languages[FIRST].id / f"{COURSE}.{lang}.yaml"
            data = over[path] if over and path in over else path.read_bytes()
            text = decoded(data, str(path))
            source = text if isinstance(text, list) else parse(text, str(path))
            if isinstance(source, Source):
                yield from (problem for problem, _ in changed_since(languages[FIRST], source))


def lost_pictures(files: Iterable[LessonSource]) -> Iterator[Problem]:
    """Find pictures that don't stand beside their lesson."""
    for file in files:
        for place, step in enumerate(file.lesson.steps if file.lang == FIRST else ()):
            picture = step.picture if isinstance(step, Tell | Do) else None
            if picture and picture.file and not (Path(file.source.path).parent / picture.file).is_file():
                yield file.source.problem(("steps", place, "picture", "file"), "no-picture-file", name=picture.file)


async def impact_on(library: Library, values: AsyncIterable[list[bytes]], lesson: str = "") -> Impact:
    """Count where everybody stands, and what this library makes of it. `values` are learners' kept values.

    With a `lesson`'s key, who stands in that one alone is counted.
    """
    counted = Counter[Stand]()
    async for some in values:
        counted.update(stands(library, some, lesson))
    return impact_of(counted)
