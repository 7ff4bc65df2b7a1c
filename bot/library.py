"""The lesson folder -> a Library, keeping the last good version of what is broken."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from bot.core.contacts import NO_CONTACTS, Contacts, read_contacts
from bot.core.lesson import Course, Lesson, is_id, key_of
from bot.core.lesson_file import lesson_of, read_course, read_course_translation, translation_of
from bot.core.library import FIRST, Library
from bot.core.needs import circles, names_of
from bot.core.paths import LearningPath, read_paths, read_paths_translation
from bot.core.phrases import Phrases
from bot.core.problem import Problem, Value, near
from bot.core.pronunciation import NOTHING, Pronunciation
from bot.core.rules.rule import LessonSource
from bot.core.settle import carry
from bot.core.talk_example import ENDING
from bot.core.translation import LessonTranslation
from bot.core.yaml_file import Source, check, parse, read
from bot.core.yaml_text import decoded

T = TypeVar("T")


class NothingToTeach(Exception):
    """The folder has no phrases or no lesson that can be taught; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class _Reading:
    """One reading of the folder. Where a file is bad and `before` has its last good version, that stays.

    A lesson of whose files no byte has changed since is not read again. Each file is looked into once only.
    What is laid `over` the folder counts as a file's bytes, whether there is such a file or not.
    """

    folder: Path
    before: Library | None = None
    over: Mapping[Path, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: dict[Path, bytes] = field(default_factory=dict)  # what the files hold
    prints: dict[str, bytes] = field(default_factory=dict)  # as `Library.prints`
    good: list[LessonSource] = field(default_factory=list)  # lessons and translations as they are written

    def files(self, pattern: str) -> list[Path]:
        """Return the files, without talks beside lessons and those that text editors hide while they write."""
        there = {*self.folder.glob(pattern), *(path for path in self.over if self.fits(path, pattern))}
        found = [path for path in sorted(there) if not path.name.endswith(ENDING)]
        return [path for path in found if not path.name.startswith(".") and not path.parent.name.startswith(".")]

    def fits(self, path: Path, pattern: str) -> bool:
        """Whether a glob of the folder would find this path."""
        names, wanted = path.relative_to(self.folder).parts, pattern.split("/")
        return len(names) == len(wanted) and all(map(fnmatchcase, names, wanted))

    def text(self, path: Path) -> str | None:
        try:
            return self.keep(decoded(self.held(path), str(path)), None)
        except OSError as error:
            self.told(path, "cannot-read", why=error.strerror or "")
        return None

    def held(self, path: Path) -> bytes:
        if path not in self.found:
            self.found[path] = self.over[path] if path in self.over else path.read_bytes()
        return self.found[path]

    def print_of(self, *paths: Path) -> bytes:
        """Return what tells these files from others, and from what they held before; nothing if one can't be read."""
        made = hashlib.blake2b(digest_size=16)
        for path in paths:
            try:
                held = self.held(path)
            except OSError:
                return b""
            made.update(f"{path.relative_to(self.folder)}\0{len(held)}\0".encode() + held)
        return made.digest()

    def source(self, path: Path) -> Source | list[Problem]:
        """Read a file as plain data with its places."""
        text = self.text(path)
        return parse(text, str(path)) if text is not None else []

    def told(self, path: Path, code: str, **fields: Value) -> None:
        self.problems.append(Problem.of(str(path), 1, 1, code, **fields))

    def keep(self, found: T | list[Problem], last_good: T | None) -> T | None:
        """Return what was read; note the problems, and return the last good version, if it was bad."""
        if isinstance(found, list):
            self.problems += found
            return last_good
        return found

    def library(self) -> Library:
        phrases = self.phrases()
        courses: list[dict[str, Course]] = []
        lessons: dict[str, Mapping[str, Lesson]] = {}
        for path in self.files("*/course.yaml"):
            ids: list[str] = []
            course = self.course(path)
            for languages in self.taught(path.parent):
                first = languages[FIRST]
                if there := lessons.get(first.key):
                    other = there[FIRST]
                    file = path.parent / f"{first.id}.yaml"
                    self.told(file, "same-number", name=first.id, other=other.id, course=other.course)
                elif course:
                    lessons[first.key] = languages
                    ids.append(first.id)
            if course and ids:  # one without a lesson is nothing to choose yet
                courses.append({lang: each.model_copy(update={"lessons": tuple(ids)}) for lang, each in course.items()})
        courses.sort(key=lambda each: (each[FIRST].order, each[FIRST].id))
        paths = self.paths(lessons, phrases)
        places = carry(self.before, lessons) if self.before else {}
        library = Library(
            phrases, tuple(courses), lessons, self.pronunciation(), paths, self.contacts(), places, self.prints
        )
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
            self.told(where, "no-phrases")
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

    def contacts(self) -> Contacts:
        """Read the hotlines and offices; without the file there are none."""
        path = self.folder / "contacts.yaml"
        if not path.exists():
            return NO_CONTACTS
        text = self.text(path)
        read_now = read_contacts(text, str(path)) if text is not None else []
        return self.keep(read_now, self.before.contacts if self.before else None) or NO_CONTACTS

    def paths(
        self, lessons: Mapping[str, Mapping[str, Lesson]], phrases: Collection[str]
    ) -> tuple[dict[str, LearningPath], ...]:
        """Read the learning paths in all their languages; without the file there are none."""
        path = self.folder / "paths.yaml"
        if not path.exists():
            return ()
        before = self.before.paths if self.before else ()
        text = self.text(path)
        good = {key: languages[FIRST] for key, languages in lessons.items()}
        read_now = read_paths(text, str(path), self.lesson_ids(), good) if text is not None else []
        first = self.keep(read_now, tuple(each[FIRST] for each in before)) or ()
        # One without a lesson is nothing to choose yet.
        found = {each.id: {FIRST: each} for each in first if any(key_of(name) in good for name in each.lessons)}
        for file in self.files("paths.*.yaml"):
            lang = file.name.removeprefix("paths.").removesuffix(".yaml")
            if lang == FIRST:
                self.told(file, "vietnamese-twice", name=path.name)
            elif lang not in phrases:
                self.told(file, "unknown-language", lang=lang, near=near(lang, set(phrases) - {FIRST}))
            elif (said := self.text(file)) is not None and first:
                last_good = {each[FIRST].id: each[lang] for each in before if lang in each}
                in_words = self.keep(read_paths_translation(said, str(file), first), last_good) or {}
                for name in found.keys() & in_words.keys():
                    found[name][lang] = in_words[name]
        return tuple(found.values())

    def lesson_ids(self) -> set[str]:
        """Return the ids of all lesson files, good or bad."""
        there = {path.stem for path in self.files("*/*.yaml") if "." not in path.stem and path.parent.name != "phrases"}
        return there - {"course"}

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

    def taught(self, folder: Path) -> Iterator[Mapping[str, Lesson]]:
        """Read the lessons of a course, each in all its languages."""
        for path in self.files(f"{folder.name}/*.yaml"):
            if is_id(path.stem) and path.stem != "course" and (languages := self.lesson(path)):
                yield languages

    def lesson(self, path: Path) -> Mapping[str, Lesson]:
        before: Mapping[str, Lesson] = self.before.lessons.get(key_of(path.stem), {}) if self.before else {}
        if before and (before[FIRST].id, before[FIRST].course) != (path.stem, path.parent.name):
            before = {}
        files = dict(self.translations(path))
        print_ = self.print_of(path, *files.values())
        if before and print_ and self.before and self.before.prints.get(before[FIRST].key) == print_:
            self.prints[before[FIRST].key] = print_
            return before
        faults = len(self.problems)
        source = self.source(path)
        first = source if isinstance(source, list) else lesson_of(source, path.stem, path.parent.name)
        translations = {lang: self.source(each) for lang, each in files.items()}
        if isinstance(source, list) or isinstance(first, list):
            self.keep(first, None)
            for said in translations.values():  # whether it fits can't be said
                self.keep(said if isinstance(said, list) else check(LessonTranslation, said), None)
            return before
        self.good.append(LessonSource(source, first, FIRST))
        languages = {FIRST: first}
        for lang, said in translations.items():
            last_good = before.get(lang) if before.get(FIRST) == first else None
            in_words = said if isinstance(said, list) else translation_of(said, first, lang)
            if translated := self.keep(in_words, last_good):
                languages[lang] = translated
            if isinstance(said, Source) and isinstance(in_words, Lesson):
                self.good.append(LessonSource(said, in_words, lang))
        if print_ and len(self.problems) == faults:
            self.prints[first.key] = print_
        return languages

    def translations(self, path: Path) -> Iterator[tuple[str, Path]]:
        """Find the files beside this one that say it in other languages."""
        for each in self.files(f"{path.parent.name}/{path.stem}.*.yaml"):
            lang = each.name.removeprefix(f"{path.stem}.").removesuffix(".yaml")
            if "." not in lang and lang != FIRST:
                yield lang, each

    def needs(self, library: Library) -> None:
        """Find needs that name no lesson file, and needs that go round in a circle."""
        there = self.lesson_ids()
        round_in_circles = circles({key: languages[FIRST] for key, languages in library.lessons.items()})
        for key, languages in library.lessons.items():
            lesson = languages[FIRST]
            where = self.folder / lesson.course / f"{lesson.id}.yaml"
            for number, need in enumerate(lesson.needs):
                for name in set(names_of(need)) - there:
                    self.at(where, ("needs", number), "unknown-need", name=name, near=near(name, there))
            if key in round_in_circles:
                self.at(where, ("needs",), "needs-itself")

    def at(self, path: Path, loc: tuple[str | int, ...], code: str, **fields: Value) -> None:
        source = self.source(path)
        if not isinstance(source, list):
            self.problems.append(source.problem(loc, code, after=None, **fields))

    def strays(self) -> None:
        """Find files that look like lessons and would be read by nobody."""
        languages = {path.stem for path in self.files("phrases/*.yaml")} - {FIRST}
        for path in self.files("*/*.y*ml"):
            base, *lang = path.stem.split(".")
            if path.suffix == ".yml":
                self.told(path, "yml-ending")
            elif not is_id(base) or lang[1:]:
                self.told(path, "bad-file-name", name=path.name)
            elif path.parent.name == "phrases":
                continue
            elif not (path.parent / "course.yaml").exists():
                self.told(path, "no-course-file", folder=path.parent.name)
            elif lang and not self.files(f"{path.parent.name}/{base}.yaml"):
                self.told(path, "translates-nothing", name=f"{base}.yaml")
            elif lang == [FIRST]:
                self.told(path, "vietnamese-twice", name=f"{base}.yaml")
            elif lang and lang[0] not in languages:
                self.told(path, "unknown-language", lang=lang[0], near=near(lang[0], languages))


def read_folder(folder: Path, before: Library | None = None) -> tuple[Library, tuple[Problem, ...]]:
    """Read all lesson files: what can be taught, and every problem, sorted by place.

    Bad files are left out; with `before`, their last good version is kept instead.

    Raises:
        NothingToTeach: there are no Vietnamese phrases, or not one good lesson.
    """
    library, problems, _ = look_through(folder, before)
    return library, problems


def look_through(
    folder: Path, before: Library | None = None, over: Mapping[Path, bytes] | None = None
) -> tuple[Library, tuple[Problem, ...], tuple[LessonSource, ...]]:
    """Read as `read_folder` does, and return besides the good files of lessons as they are written.

    `over` has what files of the folder would hold; only those of lessons and their translations are laid over it.

    Raises:
        NothingToTeach: there are no Vietnamese phrases, or not one good lesson.
    """
    reading = _Reading(folder, before, over or {})
    library = reading.library()
    problems = tuple(sorted(set(reading.problems)))
    if FIRST not in library.phrases or not library.lessons:
        raise NothingToTeach(problems or (Problem.of(str(folder), 1, 1, "nothing-to-teach", folder=str(folder)),))
    return library, problems, tuple(reading.good)


def look_into(path: Path) -> tuple[tuple[Problem, ...], tuple[LessonSource, ...]]:
    """Read one lesson with its translations: every problem of these files, and the good ones of them."""
    reading = _Reading(path.parent.parent)
    reading.lesson(path)
    return tuple(sorted(set(reading.problems))), tuple(reading.good)
