"""What is wrong with a file somebody wrote, where, and what would be right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE = 0.55  # share of letters, from 0 to 1, that two words have in common when one was meant for the other


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
    found = process.extractOne(word, sorted(known), scorer=OSA.normalized_similarity, score_cutoff=ALIKE)
    return found[0] if found else None


def nearest(word: str, known: "Iterable[str]") -> str:
    """Advise on a word that isn't known: the closest known one, or all of them."""
    names = sorted(known)
    if close := closest(word, names):
        return f"did you mean {close!r}?"
    return f"known here: {', '.join(names)}" if names else "there is none to name"
