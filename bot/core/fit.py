"""Cutting what is said to a channel's limit, counted in UTF-16 code units as the platforms do."""

import re
from collections.abc import Iterator
from itertools import pairwise

ROOM = 200  # code units kept free for cutting between sentences

_sentence_end = re.compile(r"(?<=[.!?…”\n])\s+")


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def fits(text: str, limit: int) -> bool:
    """Whether the text has no more code units than that."""
    return 2 * len(text) <= limit or units(text) <= limit  # a character has two at most


def cut(text: str, limit: int) -> Iterator[str]:
    """Cut a text between sentences into parts within the limit; a bold name is never cut in two."""
    if fits(text, limit):
        yield text
        return
    part = ""
    for sentence in _pieces(text, limit - ROOM):
        if part and units(part) + units(sentence) > limit:
            yield part.rstrip()
            part = ""
        part += sentence
    yield part.rstrip()


def _pieces(text: str, limit: int) -> Iterator[str]:
    """Sentences with the white space after them; one that alone is too long is cut between words."""
    starts = [0, *(match.end() for match in _sentence_end.finditer(text)), len(text)]
    for first, last in pairwise(starts):
        sentence = text[first:last]
        while units(sentence) > limit:
            at = sentence.rfind(" ", 0, limit // 2) + 1 or limit // 2
            yield sentence[:at]
            sentence = sentence[at:]
        yield sentence
