"""How near two wordings are: a slip of the finger, a part of a longer one, words with others between."""

from typing import TYPE_CHECKING, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from bot.core.fold import Typed

T = TypeVar("T")

SLIPS = (5, 10)  # letters from which one slip of the finger is allowed, and two; in fewer it makes another word
SLIPPED, PART = 95.0, 90.0  # likeness (0-100) of what differs by a slip, and of a part
CLEAR = 4  # by how much the best must lead the second
BETWEEN = 2  # other words that may stand between two that are looked for: `hỏi bác cái mã`


def ranked(cores: "Sequence[Typed]", wordings: "Iterable[tuple[Typed, T]]") -> list[tuple[float, T]]:
    """What the wordings stand for by how near they are to what was typed, the nearest first; each once."""
    best: dict[T, float] = {}
    for wording, meant in wordings:
        best[meant] = max(best.get(meant, 0.0), *(_likeness(typed, wording) for typed in (cores[0], cores[-1])))
    return sorted(((score, meant) for meant, score in best.items()), key=lambda pair: -pair[0])


def slips(
    cores: "Sequence[Typed]", wordings: "Iterable[tuple[Typed, T]]", besides: "Container[str]"
) -> list[tuple[float, T]]:
    """What is meant, `besides` what is on offer, if a slip of the finger is all the difference."""
    return [
        (SLIPPED, meant)
        for wording, meant in wordings
        if any(_slipped(typed, wording) for typed in cores) and wording.bare not in besides
    ]


def leading(found: "Iterable[tuple[float, T]]") -> T | None:
    """Return what is likest, if it leads clearly."""
    ranks = sorted(found, key=lambda pair: -pair[0])
    rivals = [score for score, meant in ranks if meant != ranks[0][1]]
    return ranks[0][1] if ranks and (not rivals or ranks[0][0] - rivals[0] >= CLEAR) else None


def _likeness(typed: "Typed", wording: "Typed") -> float:
    """0 to 100: how alike by letters; two words or more that are a part of it count for much."""
    if typed.letters == wording.letters:
        return 100.0
    if _slipped(typed, wording):
        return SLIPPED
    if typed.inside(wording):
        return PART if len(typed.letters) > 1 else 0.9 * PART
    whole, shared = fuzz.ratio(typed.bare, wording.bare), fuzz.token_set_ratio(typed.bare, wording.bare)
    return 0.8 * max(whole, shared) + 0.05 * whole


def _slipped(typed: "Typed", wording: "Typed") -> bool:
    """Whether a slip of the finger or a missing space is all the difference; not the first letter, nor typed marks."""
    if typed.letters and wording.letters and typed.letters[0][:1] != wording.letters[0][:1]:
        return False  # of most wordings there are; what follows would come to the same, at many times the cost
    one, other = typed.bare, wording.bare
    if len(typed.letters) == len(wording.letters) and not all(map(frozenset.issubset, typed.marks, wording.marks)):
        return False
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    return one[:1] == other[:1] and OSA.distance(one, other) <= sum(len(one) >= letters for letters in SLIPS)


def follows(wording: "Typed", typed: "Typed") -> bool:
    """Whether the words of `wording` stand in `typed` in their order, with few others between."""
    return any(_onward(wording, typed, 0, start, 0) for start in range(len(typed.letters)))


def _onward(wording: "Typed", typed: "Typed", at: int, start: int, between: int) -> bool:
    if at == len(wording.letters):
        return True
    return any(
        _same(wording.part(at, at + 1), typed.part(there, there + 1))
        and _onward(wording, typed, at + 1, there + 1, BETWEEN)
        for there in range(start, min(start + between + 1, len(typed.letters)))
    )


def _same(word: "Typed", typed: "Typed") -> bool:
    return typed.may_mean(word) or _slipped(typed, word)
