"""What people can read aloud for the lessons: each part that is heard, how it is written, and where it stands.

A recording is tied to its text by `text_hash`, so that nobody hears one that says something else.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

from bot.core.aloud import Reader
from bot.core.library import FIRST, Library
from bot.core.pronunciation import Pronunciation
from bot.core.sayable import sayable_in
from bot.core.wording import FORMS


class Named(NamedTuple):
    """One part of what can be heard. `written` is the text before it was spelled out; both are words."""

    name: str
    lesson: str
    step: str
    text: str
    written: str


def text_hash(text: str) -> str:
    """Return what ties a recording to its text: 16 hexadecimal digits of sha256 over its NFC form."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:16]


class _Noting(Reader):
    """Remembers how what it read was written."""

    def __init__(self, pronunciation: Pronunciation) -> None:
        super().__init__(pronunciation)
        self.written: dict[str, str] = {}

    def aloud(self, text: str, lang: str) -> str:
        """Return the text as it is said."""
        said = super().aloud(text, lang)
        if said.rstrip(".") not in self.written:
            self.written[said.rstrip(".")] = " ".join(text.replace("**", "").split())
        return said


@dataclass(frozen=True)
class Noting(Library):
    """A library that knows how its spoken parts were written."""

    @cached_property
    def reader(self) -> _Noting:
        """Reads its texts aloud."""
        return _Noting(self.pronunciation)

    def written(self, text: str) -> str:
        """Return how a part was written."""
        return self.reader.written.get(text.rstrip("."), text)


def noting(library: Library) -> Noting:
    """Return the same library, which from now on remembers."""
    return Noting(**{each.name: getattr(library, each.name) for each in fields(Library)})


class Readable:
    """The parts of lessons as volunteers get them to read. Each lesson is walked when it is asked for, and once.

    A part is named by its place alone, `vneid-01/hoi`: numbers, as `voice.names` has them, hang on all other lessons.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._noting = noting(library)
        self._texts: dict[tuple[str, str, str], tuple[Named, ...]] = {}

    def every(self, lang: str) -> Iterator[tuple[str, Named]]:
        """Find every part with the form of address it is said to: all for the first form, then what others add."""
        found: set[str] = set()
        for address in FORMS if lang == FIRST else ("ban",):
            for key in self.library.order:
                for part in self.of(lang, address, key):
                    if part.text not in found:
                        found.add(part.text)
                        yield address, part

    def find(self, lang: str, address: str, lesson: str, mark: str) -> Named | None:
        """Find the part of a lesson with this hash; None where it says that no longer."""
        return next((each for each in self.of(lang, address, lesson) if text_hash(each.text) == mark), None)

    def of(self, lang: str, address: str, lesson: str) -> tuple[Named, ...]:
        """Return the parts of a lesson, step by step; none where it isn't taught in this language."""
        key = lang, address, lesson
        if key not in self._texts:
            self._texts[key] = tuple(self._walk(*key)) if lang in self.library.lessons.get(lesson, ()) else ()
        return self._texts[key]

    def _walk(self, lang: str, address: str, lesson: str) -> Iterator[Named]:
        for part in sayable_in(self._noting, lang, address, lesson):
            place = "/".join(filter(None, (lesson, part.step)))
            yield Named(place, lesson, part.step, part.text, self._noting.written(part.text))


def readable_of(library: Library) -> Readable:
    """Return the texts of a library, the same for everybody who asks."""
    found = library.notebook.get("")
    if found is None:
        found = library.notebook.setdefault("", Readable(library))
    return found
