"""Wholes and their parts: a province and its communes, everybody by channel, weeks that add up to all that came."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import inf, prod
from operator import itemgetter

Cell = tuple[str, ...]  # one name of each tree
Counts = Mapping[Cell, int]
Piece = tuple[str, ...]
_Found = dict[str, tuple[float, Piece]]  # the cheapest way down from each name


@dataclass(frozen=True)
class Tree:
    """A root and what it is the sum of; a name may be broken down in several ways, and each name stands once."""

    root: str
    parts: Mapping[str, Sequence[Sequence[str]]]  # of each whole its breakdowns; who isn't here is not broken down

    @cached_property
    def above(self) -> Mapping[str, tuple[str, Sequence[str]]]:
        """Of each part its whole, and the breakdown in which it stands."""
        return {part: (whole, row) for whole, rows in self.parts.items() for row in rows for part in row}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names, each whole before its parts."""
        found = [self.root]
        for name in found:  # it grows meanwhile
            found += [part for row in self.parts.get(name, ()) for part in row]
        return tuple(found)

    def up(self, name: str) -> Iterator[str]:
        """Tell a name, its whole, and so on to the root."""
        yield name
        while name != self.root:
            name = self.above[name][0]
            yield name


def flat(root: str, *breakdowns: Sequence[str]) -> Tree:
    """Return a tree of one level; an empty breakdown is none."""
    return Tree(root, {root: [row for row in breakdowns if row]})


def add_up(trees: Sequence[Tree], leaves: Counts) -> dict[Cell, int]:
    """Return the counts with all that they add up to.

    A cell of a name that is broken down in several ways is to be given in each: it is counted by the first,
    into which all others must be put too.
    """
    sums: dict[Cell, int] = {}
    for cell, number in leaves.items():
        lines = [tuple(_sums(tree, name)) for tree, name in zip(trees, cell, strict=True)]
        for each in product(*lines):
            sums[each] = sums.get(each, 0) + number
    return sums


def _sums(tree: Tree, name: str) -> Iterator[str]:
    """Tell in which names a part is counted: up to a whole that is counted by another breakdown of it."""
    yield name
    while name != tree.root:
        name, row = tree.above[name]
        if row is not tree.parts[name][0]:
            return
        yield name


def cells(pieces: Sequence[Piece]) -> Iterable[Cell]:
    """Return all cells of these names."""
    return product(*pieces)


def size(pieces: Sequence[Piece]) -> int:
    """Return how many cells these are."""
    return prod(map(len, pieces))


def cheapest(tree: Tree, name: str, price: Callable[[str], float]) -> tuple[float, Piece]:
    """Return the cheapest names, `name` among them, whose counts could all be one more or less and add up still.

    Those are a chain from a name down to a leaf (one for each breakdown), with another such chain beside it, or up
    to the root.
    """
    known: _Found = {}
    least: float = inf
    chosen: Piece = (name,)
    cost, names = _down(tree, name, price, known)
    here = name
    while cost < least and here != tree.root:
        whole, row = tree.above[here]
        for part in row:
            if least <= cost:  # nothing is cheaper, and there are many
                break
            if part != here and cost + price(part) < least:
                more, others = _down(tree, part, price, known)
                if cost + more < least:
                    least, chosen = cost + more, (*names, *others)
        cost, names = _below(tree, whole, row, price, known, cost + price(whole), (*names, whole))
        here = whole
    return (cost, names) if cost < least else (least, chosen)


def _down(tree: Tree, here: str, price: Callable[[str], float], known: _Found) -> tuple[float, Piece]:
    """Return the cheapest chain from a name down."""
    found = known.get(here)
    if found is None:
        found = known[here] = _below(tree, here, (), price, known, price(here), (here,))
    return found


def _below(  # noqa: PLR0913, PLR0917  one step of a way down
    tree: Tree,
    here: str,
    but: Sequence[str],
    price: Callable[[str], float],
    known: _Found,
    cost: float,
    names: Piece,
) -> tuple[float, Piece]:
    """Go on below a name by the cheapest part of each breakdown, `but` one."""
    for row in tree.parts.get(here, ()):
        if row is but or cost == inf:
            continue
        more, others = min([_down(tree, part, price, known) for part in row], key=_cost)
        cost, names = cost + more, (*names, *others)
    return cost, names


_cost = itemgetter(0)
