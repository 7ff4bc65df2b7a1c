"""The name of a text that editors write: a lesson in its first language, or its translation."""

import re
from typing import NamedTuple

from bot.core.lesson import is_id
from bot.core.library import FIRST

_lang = re.compile(r"[a-z]{2,3}")
_COURSE = "course"  # the file of a course has this name in each of them


class TextName(NamedTuple):
    """Of a lesson's id and a language."""

    lesson: str
    lang: str = FIRST

    @classmethod
    def read(cls, name: str) -> "TextName | None":
        """Read `at-01-nam-dau-hieu`, or `at-01-nam-dau-hieu.en`; None for what can't be such a name."""
        lesson, dot, lang = name.partition(".")
        if not is_id(lesson) or lesson == _COURSE:
            return None
        if not dot:
            return cls(lesson)
        return cls(lesson, lang) if _lang.fullmatch(lang) and lang != FIRST else None

    def __str__(self) -> str:
        """As `read` reads it."""
        return self.lesson if self.lang == FIRST else f"{self.lesson}.{self.lang}"

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self}.yaml"
