"""A text in parts, for voices that take only so much at once: cut where a speaker would breathe."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.voice.engine import speakable

# Where to cut, the best first, and the seconds of pause that belong there beside what the voice leaves itself.
_CUTS = (
    (re.compile(r"[.!?…][\"'”’)\]]*(?= )"), 0.3),
    (re.compile(r"[,;:–—][\"'”’)\]]*(?= )"), 0.1),
    (re.compile(r"(?<=\S)(?= )"), 0.0),
)
_EARLIEST = 0.4  # share of a part that must be full before it is cut there; else many parts are made


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a text, with something to say in it, and the pause after it in seconds."""

    text: str
    pause: float


def parts(text: str, most: int) -> list[Part]:
    """Cut a text into few parts of at most `most` characters, each with a letter or digit; none if it has none."""
    found = list(_cut(" ".join(text.split()), most))
    return [part for part in found if speakable(part.text)]


def _cut(rest: str, most: int) -> Iterator[Part]:
    while len(rest) > most:
        size, pause = _place(rest, most)
        yield Part(rest[:size], pause)
        rest = rest[size:].lstrip()
    yield Part(rest, _CUTS[0][1])


def _place(rest: str, most: int) -> tuple[int, float]:
    """Return how many characters come before the best cut, and its pause."""
    for cut, pause in _CUTS:
        # One more is looked at: what is followed by a space may be full.
        ends = [match.end() for match in cut.finditer(rest, 0, most + 1)]
        if ends and ends[-1] >= most * (_EARLIEST if pause else 0):
            return ends[-1], pause
    size = most
    while size > 1 and unicodedata.combining(rest[size]):  # a letter keeps its marks
        size -= 1
    return size, 0.0
