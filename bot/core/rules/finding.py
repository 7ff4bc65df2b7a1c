"""What is found in a text before its place in the file is known."""

from typing import NamedTuple

from bot.core.problem import Value

UPPER = "".join(char for char in map(chr, range(ord("A"), ord("ỹ"))) if char.isupper())


class Finding(NamedTuple):
    """A rule that a text breaks: by these words, if it is by some and not by all; and what fills its sentence."""

    code: str
    words: str = ""
    fields: tuple[tuple[str, Value], ...] = ()


def quoting(code: str, words: str) -> Finding:
    """Return a finding whose sentence quotes the words."""
    return Finding(code, words, (("words", words),))
