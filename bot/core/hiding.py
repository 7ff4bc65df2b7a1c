"""Hiding counts of few people, and all that would give them away by adding and subtracting.

A table has a count for each combination of names of some trees, such as areas and channels. It is safe when no
hidden count can be computed from those that are shown, whatever is added or subtracted: for each hidden one
there are others that are hidden too, so that all of them together could be one more or less (in turns) while
everything that is shown stays as it is. Such a set is a chain of names in each tree, and all their combinations
(`trees.cheapest`); the cheapest is hidden. docs/figures.md says it for officials.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf, sqrt

from bot.core.trees import Cell, Counts, Piece, Tree, cells, cheapest, equations

LEAST = 5  # people; a count of fewer is hidden, none at all is shown

_PRICE = 2.0  # of hiding a count, besides its size's
_PRICE_OF_NONE = 10_000.0  # where there is nobody: it makes the few who are hidden no more


def is_small(number: int) -> bool:
    """Whether so many are too few to be shown. A change may be less than nothing."""
    return 0 < abs(number) < LEAST


def hide(trees: Sequence[Tree], counts: Counts) -> frozenset[Cell]:
    """Return which counts to hide. What `counts` doesn't have is shown nowhere."""
    hiding = Hiding(trees, counts)
    hiding.protect(cell for cell, number in counts.items() if is_small(number))
    return frozenset(hiding.hidden)


class Hiding:
    """A table while it is decided what to hide. What is in `shown` was shown before and can't be hidden any more."""

    def __init__(
        self,
        trees: Sequence[Tree],
        counts: Counts,
        hidden: Iterable[Cell] = (),
        shown: frozenset[Cell] = frozenset(),
        covers: Iterable[tuple[Piece, ...]] = (),
    ) -> None:
        self.trees = trees
        self.counts = counts
        self.hidden = set(hidden)
        self.covers = list(covers)  # sets of cells that hide one another
        self._shown = shown
        self._covered = {cell for cover in self.covers for cell in cells(cover)}
        self._depth = [{name: sum(1 for _ in tree.up(name)) for name in tree.names} for tree in trees]

    def protect(self, small: Iterable[Cell], first: Mapping[int, Piece] | None = None) -> None:
        """Hide these counts and what would give them away. `first` are names to hide by, where nothing else can be."""
        again = sorted(set(small) - self._shown, key=self._order)
        while again:
            self.hidden.update(again)  # before any is covered, so that they cover one another
            for cell in again:
                if cell not in self._covered:
                    self._cover(cell, first or {})
            again = sorted(self._left(), key=self._order)

    def price(self, cell: Cell) -> float:
        """Return what is lost by hiding a count."""
        if cell in self.hidden or cell not in self.counts:
            return 0.0
        if cell in self._shown:
            return inf
        number = self.counts[cell]
        return _PRICE + sqrt(abs(number)) if number else _PRICE_OF_NONE

    def add(self, cover: tuple[Piece, ...]) -> None:
        """Hide a set of cells that hide one another."""
        self.covers.append(cover)
        self._covered.update(cells(cover))
        self.hidden.update(cell for cell in cells(cover) if cell in self.counts)

    def _order(self, cell: Cell) -> tuple[int, Cell]:
        return sum(depth[name] for depth, name in zip(self._depth, cell, strict=True)), cell

    def _cover(self, cell: Cell, first: Mapping[int, Piece]) -> None:
        dims = range(len(cell))
        tries = [self._found(cell, order, {}) for order in (dims, dims[::-1])]
        cost, cover = min(tries, key=lambda found: found[0])
        if cost == inf:
            cost, cover = self._found(cell, dims, first)
        if cost == inf:
            raise AssertionError("a hidden count can't be covered: all around it was shown before")
        self.add(cover)

    def _found(self, cell: Cell, order: Iterable[int], fixed: Mapping[int, Piece]) -> tuple[float, tuple[Piece, ...]]:
        """Find names in each tree in turn, each time the cheapest beside what was found in the others."""
        pieces: list[Piece] = [fixed.get(at, (name,)) for at, name in enumerate(cell)]
        cost = inf
        for at in order:
            if at not in fixed:
                cost, pieces[at] = self._piece(cell[at], at, pieces)
        return cost, tuple(pieces)

    def _piece(self, name: str, at: int, pieces: Sequence[Piece]) -> tuple[float, Piece]:
        beside = list(cells([*pieces[:at], ("",), *pieces[at + 1 :]]))
        prices: dict[str, float] = {}

        def price(here: str) -> float:
            if here not in prices:
                prices[here] = sum(self.price((*cell[:at], here, *cell[at + 1 :])) for cell in beside)
            return prices[here]

        return cheapest(self.trees[at], name, price)

    def _left(self) -> Iterable[Cell]:
        """Find what else to hide, where hidden parts of a whole that is shown are few people together."""
        for whole, parts in equations(self.trees, self.counts):
            if whole in self.hidden or not all(part in self.counts for part in parts):
                continue
            left = sum(self.counts[part] for part in parts if part in self.hidden)
            if not is_small(left):
                continue
            open_ = [part for part in parts if part not in self.hidden and part not in self._shown]
            enough = [part for part in open_ if not is_small(left + self.counts[part]) and self.counts[part]]
            found = enough or [part for part in open_ if self.counts[part]]
            if found:
                yield min(found, key=lambda part: (self.price(part), part))
