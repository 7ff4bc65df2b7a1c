"""What is wrong with a file somebody wrote, where, and what would be right, in Vietnamese and English.

A problem holds the code of its rule and what fills the rule's sentence; bot/core/rules has the sentences.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.rules.rule import Rule, Severity

ALIKE = 0.55  # share of letters, from 0 to 1, that two words have in common when one may be meant for the other
CERTAIN = 0.7  # where one must be meant, if no other has that much in common
MANY = 20  # names that nobody wants to read in one sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a sentence in both languages."""

    en: str
    vi: str

    def said(self, lang: str) -> str:
        """Return it in this language."""
        return self.vi if lang == "vi" else self.en


Value = str | int | Phrase  # what fills a place of a rule's sentence


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a file: at this place, the text `old` becomes `new`. Lines and columns count from 1."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file. Lines and columns count from 1; `fields` are names and values, sorted by name."""

    path: str
    line: int
    column: int
    code: str
    fields: tuple[tuple[str, Value], ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @classmethod
    def of(cls, path: str, line: int, column: int, code: str, /, **fields: Value) -> "Problem":
        """Make one; `fields` fill the sentence of the rule `code`."""
        return cls(path, line, column, code, tuple(sorted(fields.items())))

    def mended_by(self, fix: Fix | None) -> "Problem":
        """Return it with what would mend it."""
        return replace(self, fix=fix)

    @property
    def rule(self) -> "Rule":
        """What it breaks."""
        return _rules()[self.code]

    @property
    def severity(self) -> "Severity":
        """Whether the file can't be taught (`error`) or had better be changed (`warning`)."""
        return self.rule.severity

    def what(self, lang: str) -> str:
        """Return what is wrong."""
        return self.rule.what[lang].format_map(self._said(lang))

    def cure(self, lang: str) -> str:
        """Return what would be right."""
        return self.rule.cure[lang].format_map(self._said(lang))

    def _said(self, lang: str) -> "Mapping[str, str | int]":
        return {name: value.said(lang) if isinstance(value, Phrase) else value for name, value in self.fields}

    def sentence(self, lang: str) -> str:
        """`what is wrong; what would be right`."""
        return f"{self.what(lang)}; {self.cure(lang)}"

    def told(self, lang: str) -> str:
        """`path:line:column: error|warning code: what is wrong; what would be right`. Tools look for the first part."""
        return f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code}: {self.sentence(lang)}"

    def __str__(self) -> str:
        """As it is told in English."""
        return self.told("en")

    def __lt__(self, other: "Problem") -> bool:
        """By path, then place, then words."""
        here, there = (self.path, self.line, self.column), (other.path, other.line, other.column)
        return here < there if here != there else str(self) < str(other)


@cache
def _rules() -> "Mapping[str, Rule]":
    from bot.core.rules import ALL  # noqa: PLC0415  rules look at lessons, and reading a lesson makes problems

    return ALL


def closest(word: str, known: "Iterable[str]") -> str | None:
    """Return the known word that was probably meant, if any is near."""
    found = process.extractOne(word, sorted(known), scorer=OSA.normalized_similarity, score_cutoff=ALIKE)
    return found[0] if found else None


def certain(word: str, known: "Iterable[str]") -> str | None:
    """Return the known word that must have been meant: no other is nearly as near."""
    found = process.extract(word, sorted(known), scorer=OSA.normalized_similarity, score_cutoff=CERTAIN, limit=2)
    return found[0][0] if len(found) == 1 else None


def near(word: str, known: "Iterable[str]") -> Phrase:
    """Advise on a word that isn't known: the closest known one, or all of them where they aren't many."""
    names = sorted(known)
    if close := closest(word, names):
        return Phrase(f"did you mean {close!r}?", f"có phải ý là {close!r} không?")
    if len(names) > MANY:
        return Phrase(f"none of the {len(names)} known here is near", f"không tên nào trong {len(names)} tên gần giống")
    if names:
        return Phrase(f"known here: {', '.join(names)}", f"ở đây dùng được: {', '.join(names)}")
    return Phrase("there is none to name", "ở đây chưa có tên nào dùng được")


def nearest(word: str, known: "Iterable[str]") -> str:
    """`near` in English, for what is said to operators."""
    return near(word, known).en
