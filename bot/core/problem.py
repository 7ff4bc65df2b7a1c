"""What is wrong with a file somebody wrote, where, and what would be right."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of one file. Lines and columns count from 1."""

    path: str
    line: int
    column: int
    what: str
    cure: str

    def __str__(self) -> str:
        """`path:line:column: what is wrong; what would be right`."""
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.cure}"


def closest(word: str, known: "Iterable[str]") -> str | None:
    """Return the known word that was probably meant, if any is near."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def nearest(word: str, known: "Iterable[str]") -> str:
    """Advise on a word that isn't known: the closest known one, or all of them."""
    names = sorted(known)
    if close := closest(word, names):
        return f"did you mean {close!r}?"
    return f"known here: {', '.join(names)}" if names else "there is none to name"
