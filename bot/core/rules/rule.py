"""What a rule is: its code, how bad breaking it is, and the sentences that tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.core.problem import Fix, Phrase, Problem

if TYPE_CHECKING:
    from bot.core.lesson import Lesson
    from bot.core.yaml_text import Source

__all__ = ["Fix", "LessonSource", "Phrase", "Problem", "Rule", "Severity", "Told", "error", "warning"]

Severity = Literal["error", "warning"]
Told = tuple[str, str]  # what is wrong, what would be right


@dataclass(frozen=True, slots=True)
class Rule:
    """What a file must be, told by language (`en`, `vi`); `{name}` in a sentence is filled by the problem."""

    code: str
    severity: Severity
    what: Mapping[str, str]
    cure: Mapping[str, str]


def error(code: str, *, en: Told, vi: Told) -> Rule:
    """Return a rule without which a file can't be taught."""
    return _rule(code, "error", en, vi)


def warning(code: str, *, en: Told, vi: Told) -> Rule:
    """Return a rule without which a file is taught, but worse."""
    return _rule(code, "warning", en, vi)


def _rule(code: str, severity: Severity, en: Told, vi: Told) -> Rule:
    return Rule(code, severity, {"en": en[0], "vi": vi[0]}, {"en": en[1], "vi": vi[1]})


@dataclass(frozen=True, slots=True)
class LessonSource:
    """A good file of a lesson or of its translation: the text with its places, and what it means."""

    source: "Source"
    lesson: "Lesson"
    lang: str
