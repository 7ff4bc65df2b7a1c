"""All lessons, courses and phrases as one value, ready to teach from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.core.lesson import AnyOf, Course, Lesson, key_of
from bot.core.phrases import Phrases, Says, vocabulary
from bot.core.understand import Offer, Vocabulary, offer

FIRST = "vi"  # the language every lesson and phrase has


@dataclass(frozen=True)
class Library:
    """What can be taught now. A turn uses one library from beginning to end."""

    phrases: Mapping[str, Phrases]  # by language; `vi` is always there
    courses: tuple[Mapping[str, Course], ...]  # in their order, each by language
    lessons: Mapping[str, Mapping[str, Lesson]] = field(default_factory=dict)  # by key, then language

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that work anywhere, of all languages."""
        return vocabulary(self.phrases.values())

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The keys of all lessons, course by course."""
        return tuple(key_of(name) for course in self.courses for name in course[FIRST].lessons)

    @cached_property
    def titles(self) -> tuple[Offer, ...]:
        """Every lesson as something that may be meant by its title, in any language."""
        return tuple(
            offer(f"l:{key}", [lesson.title for lesson in languages.values()])
            for key, languages in self.lessons.items()
        )

    def says(self, lang: str) -> Says:
        """The bot's sentences in this language, or in Vietnamese where there are none."""
        return self.phrases.get(lang, self.phrases[FIRST]).says

    def lesson(self, key: str, lang: str) -> Lesson | None:
        """The lesson in this language, or in Vietnamese while it isn't translated."""
        languages = self.lessons.get(key)
        return languages.get(lang, languages[FIRST]) if languages else None

    def course(self, course_id: str, lang: str) -> Course | None:
        """The course in this language, or in Vietnamese while it isn't translated."""
        for course in self.courses:
            if course[FIRST].id == course_id:
                return course.get(lang, course[FIRST])
        return None

    def ready(self, key: str, done: Mapping[str, object]) -> bool:
        """Whether all that the lesson needs is done. A need that isn't in the library holds nobody up."""
        return self.lacking(key, done) is None

    def lacking(self, key: str, done: Mapping[str, object]) -> str | None:
        """The key of a lesson that had better come first, or None."""
        for need in self.lessons[key][FIRST].needs:
            names = need.any if isinstance(need, AnyOf) else (need,)
            keys = [each for each in map(key_of, names) if each in self.lessons]
            if keys and not any(each in done for each in keys):
                return keys[0]
        return None

    def following(self, done: Mapping[str, object], after: str = "") -> str | None:
        """The key of the lesson that comes next: in the same course, else in the order of courses."""
        start = self.order.index(after) + 1 if after in self.order else 0
        course = self.lessons[after][FIRST].course if after in self.lessons else ""
        open_keys = [key for key in self.order[start:] + self.order[:start] if key not in done]
        ready = [key for key in open_keys if self.ready(key, done)] or open_keys
        near = [key for key in ready if self.lessons[key][FIRST].course == course]
        return next(iter(near or sorted(ready, key=self.order.index)), None)
