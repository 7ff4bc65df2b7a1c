"""The name of a text that editors write: a lesson, a course's own page, or the translation of one of them."""

import re
from typing import NamedTuple

from bot.core.lesson import is_id
from bot.core.library import FIRST

_lang = re.compile(r"[a-z]{2,3}")
_COURSE = "course"  # the file of a course has this name in each of them
_BEHIND = f"~{_COURSE}"  # so it is called with the course's id before it; no lesson's id has such a sign


class TextName(NamedTuple):
    """Of a lesson's id, or a course's such as `an-toan~course`, and a language."""

    lesson: str
    lang: str = FIRST

    @classmethod
    def read(cls, name: str) -> "TextName | None":
        """Read `at-01-nam-dau-hieu` or `an-toan~course.en`; None for what can't be such a name."""
        lesson, dot, lang = name.partition(".")
        if not is_id(lesson.removesuffix(_BEHIND)) or lesson == _COURSE:
            return None
        if not dot:
            return cls(lesson)
        return cls(lesson, lang) if _lang.fullmatch(lang) and lang != FIRST else None

    @classmethod
    def at(cls, course: str, stem: str) -> "TextName | None":
        """Return the name of a file, without its ending, in the folder of a course."""
        name, dot, lang = stem.partition(".")
        return cls.read(f"{course}{_BEHIND}{dot}{lang}" if name == _COURSE else stem)

    def __str__(self) -> str:
        """As `read` reads it."""
        return self.lesson if self.lang == FIRST else f"{self.lesson}.{self.lang}"

    @property
    def course(self) -> str:
        """The id of the course whose own page it is; empty for a lesson."""
        return self.lesson.removesuffix(_BEHIND) if self.lesson.endswith(_BEHIND) else ""

    @property
    def first(self) -> str:
        """The name of the file in the first language."""
        return f"{_COURSE}.yaml" if self.course else f"{self.lesson}.yaml"

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.first if self.lang == FIRST else f"{self.first.removesuffix('.yaml')}.{self.lang}.yaml"
