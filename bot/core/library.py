"""All lessons, courses and phrases as one value, ready to teach from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from bot.core.aloud import Reader
from bot.core.contacts import NO_CONTACTS, Contacts
from bot.core.lesson import AnyOf, Course, Lesson, key_of
from bot.core.paths import LearningPath
from bot.core.phrases import Answers, Phrases, Says, vocabulary
from bot.core.pronunciation import NOTHING, Pronunciation
from bot.core.teams import NO_TEAMS, Teams
from bot.core.understand import Hidden, Vocabulary, offer
from bot.core.wording import words

if TYPE_CHECKING:
    from bot.core.here import Screen
    from bot.core.readable import Readable

FIRST = "vi"  # the language every lesson and phrase has


@dataclass(frozen=True)
class Library:
    """What can be taught now. A turn uses one library from beginning to end."""

    phrases: Mapping[str, Phrases]  # by language; `vi` is always there
    courses: tuple[Mapping[str, Course], ...]  # in their order, each by language
    lessons: Mapping[str, Mapping[str, Lesson]] = field(default_factory=dict)  # by key, then language
    pronunciation: Pronunciation = NOTHING
    paths: tuple[Mapping[str, LearningPath], ...] = ()  # in their order, each by language
    contacts: Contacts = NO_CONTACTS
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # as `settle.carry` finds them
    prints: Mapping[str, bytes] = field(default_factory=dict)  # by key: of the files of a lesson without a fault
    teams: Teams = NO_TEAMS  # that can be joined; they come from the records, not from a folder

    @cached_property
    def reader(self) -> Reader:
        """Reads its texts aloud."""
        return Reader(self.pronunciation)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that work anywhere, of all languages."""
        return vocabulary(self.phrases.values())

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The keys of all lessons, course by course."""
        return tuple(key_of(name) for course in self.courses for name in course[FIRST].lessons)

    @cached_property
    def titles(self) -> Hidden:
        """Every lesson as something that may be meant by its title, in any language."""
        return Hidden(
            tuple(
                offer(f"l:{key}", [lesson.title for lesson in languages.values()])
                for key, languages in self.lessons.items()
            )
        )

    @cached_property
    def screens(self) -> "dict[tuple[str, str, str, bool, str, str], Screen]":
        """Screens of steps as they were drawn before (teach.InLesson): drawing them was a third of a turn."""
        return {}

    @cached_property
    def notebook(self) -> "dict[str, Readable]":
        """What people can read aloud of it (`readable.readable_of`), once somebody has asked."""
        return {}

    @cached_property
    def marks(self) -> dict[tuple[str, str, str, str, str, str], int]:
        """Numbers that `shown.mark` made before."""
        return {}

    def addressed(self, text: str, lang: str, address: str) -> str:
        """Return a text of this library, without placeholders of its own, as such a learner is addressed."""
        key = (text, lang, address)
        said = self._addressed.get(key)
        if said is None:
            said = self._addressed[key] = text.format_map(words(lang, address))
        return said

    @cached_property
    def _addressed(self) -> dict[tuple[str, str, str], str]:
        """Texts as they were said before: there are only so many, and the same are said to everybody."""
        return {}

    def wordings(self, code: str) -> tuple[str, ...]:
        """Return further wordings of one of the bot's own buttons, in all languages."""
        return self._wordings[code]

    @cached_property
    def _wordings(self) -> dict[str, tuple[str, ...]]:
        spoken = self.phrases.values()
        return {
            code: tuple(each for phrases in spoken for each in getattr(phrases.answers, code))
            for code in Answers.model_fields
        }

    def says(self, lang: str) -> Says:
        """The bot's sentences in this language, or in Vietnamese where there are none."""
        return self.phrases.get(lang, self.phrases[FIRST]).says

    def lesson(self, key: str, lang: str) -> Lesson | None:
        """The lesson in this language, or in Vietnamese while it isn't translated."""
        languages = self.lessons.get(key)
        if languages is None:
            return None
        return languages.get(lang) or self._addressed_to_all(languages[FIRST])

    def _addressed_to_all(self, lesson: Lesson) -> Lesson:
        """Return a Vietnamese lesson for those who chose another language: no English word may get into it."""
        if lesson.key not in self._for_all:
            text = lesson.model_dump_json()
            for slot, word in words(FIRST, "ban").items():
                text = text.replace(f"{{{slot}}}", word)
            self._for_all[lesson.key] = Lesson.model_validate_json(text)
        return self._for_all[lesson.key]

    @cached_property
    def _for_all(self) -> dict[str, Lesson]:
        return {}

    def course(self, course_id: str, lang: str) -> Course | None:
        """The course in this language, or in Vietnamese while it isn't translated."""
        for course in self.courses:
            if course[FIRST].id == course_id:
                return course.get(lang, course[FIRST])
        return None

    def path(self, path_id: str, lang: str) -> LearningPath | None:
        """The learning path in this language, or in Vietnamese while it isn't translated."""
        for path in self.paths:
            if path[FIRST].id == path_id:
                return path.get(lang, path[FIRST])
        return None

    def along(self, path_id: str) -> tuple[str, ...]:
        """The keys of a path's lessons in their order, without those that can't be taught now."""
        return self._along.get(path_id, ())

    @cached_property
    def _along(self) -> dict[str, tuple[str, ...]]:
        paths = [languages[FIRST] for languages in self.paths]
        return {path.id: tuple(key for key in map(key_of, path.lessons) if key in self.lessons) for path in paths}

    def ready(self, key: str, done: Mapping[str, object]) -> bool:
        """Whether all that the lesson needs is done. A need that isn't in the library holds nobody up."""
        return self.lacking(key, done) is None

    def lacking(self, key: str, done: Mapping[str, object]) -> str | None:
        """The key of a lesson that had better come first, or None."""
        for keys in self._needs[key]:
            if not any(each in done for each in keys):
                return keys[0]
        return None

    @cached_property
    def _needs(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """What each lesson needs, by key: of the lessons in each row one is enough."""
        needs: dict[str, tuple[tuple[str, ...], ...]] = {}
        for key, languages in self.lessons.items():
            names = [need.any if isinstance(need, AnyOf) else (need,) for need in languages[FIRST].needs]
            rows = [tuple(each for each in map(key_of, row) if each in self.lessons) for row in names]
            needs[key] = tuple(filter(None, rows))
        return needs

    def following(self, done: Mapping[str, object], after: str = "", path: str = "") -> str | None:
        """The key of the lesson that comes next: on the path, else in the same course, else in the order of courses.

        Lessons whose needs aren't done come when there are no others.
        """
        for key in self.along(path):
            if key not in done:
                return key  # whoever made the path minded its order
        least = None
        for key in chain(self._mates.get(after, ()), self.order):
            if key not in done:
                if self.ready(key, done):
                    return key
                least = least or key
        return least

    @cached_property
    def _mates(self) -> dict[str, tuple[str, ...]]:
        """The lessons of each lesson's course, by key: those behind it, those before it, itself."""
        mates: dict[str, tuple[str, ...]] = {}
        for course in self.courses:
            keys = tuple(map(key_of, course[FIRST].lessons))
            mates |= {key: keys[at + 1 :] + keys[: at + 1] for at, key in enumerate(keys)}
        return mates
