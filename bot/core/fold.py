"""Words as people type them: without tone marks, with some of them, with the mark on another letter."""

import re
import unicodedata
from dataclasses import dataclass

MOST_DIGITS = 4  # no list of choices is that long

_unseen = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_words = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f])+|\\d+")  # `số2` is two
# Grave, acute, circumflex, tilde, breve, hook, horn, dot below; and the bar of đ, which isn't a mark to Unicode.
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
_UNMARKED: frozenset[str] = frozenset()
_BARRED = frozenset("đð")  # ð: what old Vietnamese fonts put in place of đ


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as a row of words: bare letters, and the marks each word carried.

    Two spellings of a syllable (`hòa`, `hoà`) have the same letters and the same marks.
    """

    letters: tuple[str, ...]
    marks: tuple[frozenset[str], ...]

    @property
    def bare(self) -> str:
        """The letters as one line: `tiếp tục` -> `tiep tuc`."""
        return " ".join(self.letters)

    @property
    def marked(self) -> bool:
        """Whether any word carries a mark."""
        return any(self.marks)

    @property
    def words(self) -> "tuple[Typed, ...]":
        """Each word by itself."""
        return tuple(self.part(at, at + 1) for at in range(len(self.letters)))

    @property
    def number(self) -> int:
        """The number this is in digits, or -1."""
        return int(self.bare) if self.bare.isdecimal() and len(self.bare) <= MOST_DIGITS else -1

    def may_mean(self, said: "Typed") -> bool:
        """Whether this is `said` with all its letters and none but its marks (perhaps fewer)."""
        return self.letters == said.letters and all(map(frozenset.issubset, self.marks, said.marks))

    def inside(self, said: "Typed") -> bool:
        """Whether these words stand in a row in `said`, by letters."""
        size = len(self.letters)
        return any(said.letters[at : at + size] == self.letters for at in range(len(said.letters) - size + 1))

    def part(self, first: int, last: int) -> "Typed":
        """Return the words from `first` up to, but not with, `last`."""
        return Typed(self.letters[first:last], self.marks[first:last])


def even(text: str) -> str:
    """Return the text in small letters, with plain digits and nothing invisible."""
    if text.isascii():
        return text.lower()
    return _unseen.sub("", unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> Typed:
    """Text -> words and numbers. Full-width and circled digits become digits; emoji and punctuation part words."""
    words = map(_word, _words.findall(even(text)))
    kept = [(letters, marks) for letters, marks in words if letters]
    return Typed(tuple(letters for letters, _ in kept), tuple(marks for _, marks in kept))


def _word(word: str) -> tuple[str, frozenset[str]]:
    if word.isascii():
        return word, _UNMARKED
    letters: list[str] = []
    marks: set[str] = set()
    for char in unicodedata.normalize("NFD", word):
        if char in _MARKS:
            marks.add(char)
        elif char in _BARRED:
            letters.append("d")
            marks.add("đ")
        elif not unicodedata.combining(char):
            letters.append(char)
    return "".join(letters), frozenset(marks)
