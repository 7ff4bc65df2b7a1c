"""Two texts compared line by line, and three merged, so that they can be heard as well as seen."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

AROUND: Final = 3  # lines that stay as they were and are shown around a change
MARKS: Final = ("<<<<<<<", "=======", ">>>>>>>")  # how lines begin that set two versions apart

Kind = Literal["same", "removed", "added", "left out"]


class Row(NamedTuple):
    """A line of a comparison. `number` counts from 1, in the newer text unless the line was removed.

    Of lines that are left out there is one row: `number` is how many they are, `text` is empty.
    """

    kind: Kind
    number: int
    text: str


class Merged(NamedTuple):
    """What became of two texts with a common origin, and in how many places a person must choose."""

    text: str
    clashes: int


def compared(old: str, new: str) -> list[Row]:
    """Tell what was removed and added, with a few lines around it; nothing for texts that are the same."""
    before, after = _lines(old), _lines(new)
    codes = _matcher(before, after).get_opcodes()
    return [row for place, code in enumerate(codes) for row in _rows(code, place, len(codes), before, after)]


def _rows(
    code: tuple[str, int, int, int, int], place: int, codes: int, before: Sequence[str], after: Sequence[str]
) -> Iterator[Row]:
    tag, start, end, there, to = code
    if tag != "equal":
        yield from (Row("removed", number + 1, before[number]) for number in range(start, end))
        yield from (Row("added", number + 1, after[number]) for number in range(there, to))
        return
    head = AROUND if place > 0 else 0  # behind a change
    tail = AROUND if place < codes - 1 else 0  # before one
    if to - there <= head + tail:
        head, tail = to - there, 0
    yield from (Row("same", number + 1, after[number]) for number in range(there, there + head))
    if left := to - there - head - tail:
        yield Row("left out", left, "")
    yield from (Row("same", number + 1, after[number]) for number in range(to - tail, to))


def merged(base: str, ours: str, theirs: str, our_name: str, their_name: str) -> Merged:
    """Merge two texts that began from `base`, by lines: what only one changed is taken.

    Where both changed the same lines, both versions stand one after the other between lines that begin with MARKS and
    have the names of the texts. No lesson with such lines can be read, so none is published by mistake.
    """
    whole, one, two = _lines(base), _lines(ours), _lines(theirs)
    lines: list[str] = []
    clashes = 0
    at = first = second = 0
    for start, a, b, size in _kept(whole, one, two):
        origin, mine, other = whole[at:start], one[first:a], two[second:b]
        if other in (mine, origin):
            lines += mine
        elif mine == origin:
            lines += other
        else:
            clashes += 1
            lines += [f"{MARKS[0]} {our_name}", *mine, MARKS[1], *other, f"{MARKS[2]} {their_name}"]
        lines += whole[start : start + size]
        at, first, second = start + size, a + size, b + size
    return Merged("".join(f"{line}\n" for line in lines), clashes)


def unmerged(text: str) -> int:
    """Return how many places of a merged text still have both versions."""
    return sum(line.startswith(MARKS[0]) for line in _lines(text))


def _kept(whole: Sequence[str], one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Find the runs of lines that both kept: where they begin in each of the three, and how long; at last the ends."""
    here = list(_matcher(whole, one).get_matching_blocks())
    there = list(_matcher(whole, two).get_matching_blocks())
    i = j = 0
    while i < len(here) and j < len(there):
        start = max(here[i].a, there[j].a)
        end = min(here[i].a + here[i].size, there[j].a + there[j].size)
        if start < end:
            yield start, start - here[i].a + here[i].b, start - there[j].a + there[j].b, end - start
        if here[i].a + here[i].size < there[j].a + there[j].size:
            i += 1
        else:
            j += 1
    yield len(whole), len(one), len(two), 0


def _lines(text: str) -> list[str]:
    """Cut a text at its line ends alone: `splitlines` knows characters besides, which would be lost."""
    return text.removesuffix("\n").split("\n") if text else []


def _matcher(one: Sequence[str], two: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, one, two, autojunk=False)
