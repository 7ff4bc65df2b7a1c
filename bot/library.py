"""The lesson folder -> a Library; read again when a file changes, keeping the last good version."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import structlog
from watchfiles import awatch

from bot.core.lesson import AnyOf, Course, Lesson, is_id, key_of
from bot.core.lesson_file import read_course, read_course_translation, read_lesson, read_translation
from bot.core.library import FIRST, Library
from bot.core.phrases import Phrases
from bot.core.problem import Problem, nearest
from bot.core.pronunciation import NOTHING, Pronunciation
from bot.core.translation import LessonTranslation
from bot.core.yaml_file import parse, read

log = structlog.get_logger()

LOOK_MS = 500  # milliseconds between looks at whether to stop

T = TypeVar("T")


class NothingToTeach(Exception):
    """The folder has no phrases or no lesson that can be taught; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class _Reading:
    """One reading of the folder. Where a file is bad and `before` has its last good version, that stays."""

    folder: Path
    before: Library | None = None
    problems: list[Problem] = field(default_factory=list)

    def files(self, pattern: str) -> list[Path]:
        """Return the files, without those that text editors hide while they write."""
        found = sorted(self.folder.glob(pattern))
        return [path for path in found if not path.name.startswith(".") and not path.parent.name.startswith(".")]

    def text(self, path: Path) -> str | None:
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.told(path, "this is not UTF-8 text", "save the file as UTF-8", line)
        except OSError as error:
            self.told(path, f"the file can't be read ({error.strerror})", "see that it is there and readable")
        return None

    def told(self, path: Path, what: str, cure: str, line: int = 1) -> None:
        self.problems.append(Problem(str(path), line, 1, what, cure))

    def keep(self, found: T | list[Problem], last_good: T | None) -> T | None:
        """Return what was read; note the problems, and return the last good version, if it was bad."""
        if isinstance(found, list):
            self.problems += found
            return last_good
        return found

    def library(self) -> Library:
        phrases = self.phrases()
        courses: list[dict[str, Course]] = []
        lessons: dict[str, dict[str, Lesson]] = {}
        for path in self.files("*/course.yaml"):
            ids: list[str] = []
            course = self.course(path)
            for languages in self.taught(path.parent):
                first = languages[FIRST]
                if there := lessons.get(first.key):
                    other = there[FIRST]
                    what = f"progress can't tell {first.id!r} from {other.id!r} of course {other.course!r}"
                    self.told(path.parent / f"{first.id}.yaml", what, "give it another number")
                elif course:
                    lessons[first.key] = languages
                    ids.append(first.id)
            if course and ids:  # one without a lesson is nothing to choose yet
                courses.append({lang: each.model_copy(update={"lessons": tuple(ids)}) for lang, each in course.items()})
        courses.sort(key=lambda each: (each[FIRST].order, each[FIRST].id))
        library = Library(phrases, tuple(courses), lessons, self.pronunciation())
        self.needs(library)
        self.strays()
        return library

    def phrases(self) -> dict[str, Phrases]:
        found: dict[str, Phrases] = {}
        before = self.before.phrases if self.before else {}
        for path in self.files("phrases/*.yaml"):
            if not is_id(path.stem):
                continue
            text = self.text(path)
            read_now = read(Phrases, text, str(path)) if text is not None else []
            if kept := self.keep(read_now, before.get(path.stem)):
                found[path.stem] = kept
        where = self.folder / "phrases" / f"{FIRST}.yaml"
        if not where.exists():
            self.told(where, "the bot's Vietnamese phrases are missing", "restore the file")
            found.update({FIRST: before[FIRST]} if before else {})
        return found

    def pronunciation(self) -> Pronunciation:
        """Read how names are said; without the file everything is said as it is written."""
        path = self.folder / "pronunciation.yaml"
        if not path.exists():
            return NOTHING
        text = self.text(path)
        read_now = read(Pronunciation, text, str(path)) if text is not None else []
        return self.keep(read_now, self.before.pronunciation if self.before else None) or NOTHING

    def course(self, path: Path) -> dict[str, Course]:
        """Read a course in all its languages; none where it can't be taught."""
        name = path.parent.name
        courses = self.before.courses if self.before else ()
        before = next((each for each in courses if each[FIRST].id == name), {})
        text = self.text(path)
        read_now = read_course(text, str(path), name) if text is not None else []
        first = self.keep(read_now, before.get(FIRST))
        course = {FIRST: first} if first else {}
        for lang, each in self.translations(path):
            said = self.text(each)
            in_words = read_course_translation(said, str(each), first, lang) if said is not None else []
            if translated := self.keep(in_words, before.get(lang)):
                course[lang] = translated
        return course

    def taught(self, folder: Path) -> Iterator[dict[str, Lesson]]:
        """Read the lessons of a course, each in all its languages."""
        for path in self.files(f"{folder.name}/*.yaml"):
            if is_id(path.stem) and path.stem != "course" and (languages := self.lesson(path)):
                yield languages

    def lesson(self, path: Path) -> dict[str, Lesson]:
        before = self.before.lessons.get(key_of(path.stem), {}) if self.before else {}
        if before and (before[FIRST].id, before[FIRST].course) != (path.stem, path.parent.name):
            before = {}
        text = self.text(path)
        first = read_lesson(text, str(path), path.stem, path.parent.name) if text is not None else []
        texts = {lang: (each, self.text(each)) for lang, each in self.translations(path)}
        if isinstance(first, list):
            self.problems += first
            for each, said in texts.values():  # whether it fits can't be said
                self.keep(read(LessonTranslation, said, str(each)) if said is not None else [], None)
            return dict(before)
        languages = {FIRST: first}
        for lang, (each, said) in texts.items():
            last_good = before.get(lang) if before.get(FIRST) == first else None
            in_words = read_translation(said, str(each), first, lang) if said is not None else []
            if translated := self.keep(in_words, last_good):
                languages[lang] = translated
        return languages

    def translations(self, path: Path) -> Iterator[tuple[str, Path]]:
        """Find the files beside this one that say it in other languages."""
        for each in self.files(f"{path.parent.name}/{path.stem}.*.yaml"):
            lang = each.name.removeprefix(f"{path.stem}.").removesuffix(".yaml")
            if "." not in lang and lang != FIRST:
                yield lang, each

    def needs(self, library: Library) -> None:
        """Find needs that name no lesson file, and needs that go round in a circle."""
        there = {path.stem for path in self.files("*/*.yaml") if "." not in path.stem and path.parent.name != "phrases"}
        there.discard("course")
        circles = _circles({key: languages[FIRST] for key, languages in library.lessons.items()})
        for key, languages in library.lessons.items():
            lesson = languages[FIRST]
            where = self.folder / lesson.course / f"{lesson.id}.yaml"
            for number, need in enumerate(lesson.needs):
                for name in set(_names(need)) - there:
                    self.at(where, ("needs", number), f"it needs {name!r}, which is no lesson", nearest(name, there))
            if key in circles:
                self.at(where, ("needs",), "by way of its needs, the lesson needs itself", "take one need out")

    def at(self, path: Path, loc: tuple[str | int, ...], what: str, cure: str) -> None:
        source = parse(self.text(path) or "", str(path))
        if not isinstance(source, list):
            self.problems.append(source.problem(loc, what, cure))

    def strays(self) -> None:
        """Find files that look like lessons and would be read by nobody."""
        languages = {path.stem for path in self.files("phrases/*.yaml")} - {FIRST}
        for path in self.files("*/*.y*ml"):
            base, *lang = path.stem.split(".")
            if path.suffix == ".yml":
                self.told(path, "the name ends in .yml", "end it in .yaml")
            elif not is_id(base) or lang[1:]:
                cure = "small letters a to z, digits and single hyphens, then .yaml or .en.yaml"
                self.told(path, f"a lesson's file can't be called {path.name!r}", cure)
            elif path.parent.name == "phrases":
                continue
            elif not (path.parent / "course.yaml").exists():
                cure = "add one; docs/lessons.md shows it"
                self.told(path, f"folder {path.parent.name!r} has no course.yaml", cure)
            elif lang and not (path.parent / f"{base}.yaml").exists():
                cure = "name it after a lesson of this folder"
                self.told(path, f"it translates {base}.yaml, which isn't there", cure)
            elif lang == [FIRST]:
                self.told(path, f"Vietnamese stands in {base}.yaml itself", "delete this file")
            elif lang and lang[0] not in languages:
                self.told(path, f"there are no phrases for language {lang[0]!r}", nearest(lang[0], languages))


def _names(need: str | AnyOf) -> tuple[str, ...]:
    return need.any if isinstance(need, AnyOf) else (need,)


def _circles(lessons: Mapping[str, Lesson]) -> set[str]:
    """Return the lessons that can never be ready because, by way of others, they need themselves."""
    waiting = dict(lessons)
    while able := [key for key, lesson in waiting.items() if not _wait(lesson, waiting)]:
        for key in able:
            del waiting[key]
    return {key for key in waiting if key in _behind(key, waiting)}


def _wait(lesson: Lesson, waiting: Collection[str]) -> set[str]:
    """Return what the lesson waits for while these wait too: nothing once each need has one that doesn't."""
    keys = [set(map(key_of, _names(need))) for need in lesson.needs]
    return {key for each in keys if each.issubset(waiting) for key in each}


def _behind(key: str, waiting: Mapping[str, Lesson]) -> set[str]:
    met: set[str] = set()
    ahead = {key}
    while ahead:
        ahead = {each for name in ahead for each in _wait(waiting[name], waiting)} - met
        met |= ahead
    return met


def read_folder(folder: Path, before: Library | None = None) -> tuple[Library, tuple[Problem, ...]]:
    """Read all lesson files: what can be taught, and every problem, sorted by place.

    Bad files are left out; with `before`, their last good version is kept instead.

    Raises:
        NothingToTeach: there are no Vietnamese phrases, or not one good lesson.
    """
    reading = _Reading(folder, before)
    library = reading.library()
    problems = tuple(sorted(set(reading.problems)))
    if FIRST not in library.phrases or not library.lessons:
        there = f"{folder} has no lesson that can be taught"
        raise NothingToTeach(
            problems or (Problem(str(folder), 1, 1, there, "name the lessons' folder in config.yaml"),)
        )
    return library, problems


async def follow(folder: Path, library: Library, publish: Callable[[Library], None], stop: asyncio.Event) -> None:
    """Read the folder again whenever a file in it changes, and publish what is good. Ends with `stop`.

    Once the watch has begun it is read in any case: a file may have changed since `library` was read.
    """
    told: tuple[Problem, ...] = ()
    begun = False
    async for changes in awatch(folder, stop_event=stop, yield_on_timeout=True, rust_timeout=LOOK_MS):
        if begun and not changes:
            continue
        begun = True
        try:
            fresh, problems = await asyncio.to_thread(read_folder, folder, library)
        except NothingToTeach as error:
            log.warning("lessons can't be read, the ones before stay", problems=[str(each) for each in error.problems])
            continue
        if fresh != library or problems != told:
            library, told = fresh, problems
            publish(library)
            log.info("lessons read again", lessons=len(library.lessons), problems=[str(each) for each in problems])
