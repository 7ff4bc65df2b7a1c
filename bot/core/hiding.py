"""Hiding counts of few people, and all that would give them away by adding and subtracting.

A table has a count for each combination of names of some trees, such as areas and channels. It is safe when no
hidden count can be computed from those that are shown, whatever is added or subtracted: for each hidden one
there are others that are hidden too, so that all of them together could be one more or less (in turns) while
everything that is shown stays as it is. Such a set is a chain of names in each tree, and all their combinations
(`trees.cheapest`); the cheapest is hidden. docs/figures.md says it for officials.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, sqrt

from bot.core.trees import Cell, Counts, Piece, Tree, cells, cheapest

LEAST = 5  # people; a count of fewer is hidden, none at all is shown

_PRICE = 2.0  # of hiding a count, besides its size's
_PRICE_OF_NONE = 10_000.0  # where there is nobody: it makes the few who are hidden no more


def is_small(number: int) -> bool:
    """Whether so many are too few to be shown. A change may be less than nothing."""
    return 0 < abs(number) < LEAST


def _price(number: int) -> float:
    return _PRICE + sqrt(abs(number)) if number else _PRICE_OF_NONE


def _depths(tree: Tree) -> Mapping[str, int]:
    return {name: sum(1 for _ in tree.up(name)) for name in tree.names}


def hide(trees: Sequence[Tree], counts: Counts) -> frozenset[Cell]:
    """Return which counts to hide. What `counts` doesn't have is shown nowhere."""
    hiding = Hiding(trees, counts)
    hiding.protect(cell for cell, number in counts.items() if is_small(number))
    return frozenset(hiding.hidden)


class Hiding:
    """A table while it is decided what to hide. It may grow: what was shown before can't be hidden any more."""

    def __init__(self, trees: Sequence[Tree], counts: Counts) -> None:
        self.trees: Sequence[Tree] = ()
        self.counts: dict[Cell, int] = {}
        self.hidden: set[Cell] = set()
        self.covers: list[tuple[Piece, ...]] = []  # sets of cells that hide one another
        self._fresh: Counts = {}
        self._shown: set[Cell] = set()
        self._covered: set[Cell] = set()
        self._prices: dict[Cell, float] = {}  # what is lost by hiding a count
        self._depth: list[Mapping[str, int]] = []
        self._unseen: list[Cell] = []  # hidden since it was last looked what is left of each whole
        self.grow(trees, counts)

    def grow(self, trees: Sequence[Tree], fresh: Counts) -> None:
        """Add counts; the trees are those of the whole table. What was there and isn't hidden is shown by now."""
        shown = self._fresh.keys() - self.hidden
        self._shown |= shown
        self._prices |= dict.fromkeys(shown, inf)
        known = {id(tree): depth for tree, depth in zip(self.trees, self._depth, strict=True)}
        self._depth = [known.get(id(tree)) or _depths(tree) for tree in trees]
        self.trees, self._fresh = trees, fresh
        self.counts.update(fresh)
        self._prices |= {cell: _price(number) for cell, number in fresh.items() if cell not in self._shown}
        # What was hidden before may be a part of something new, in a tree that is new.
        for at, tree in enumerate(trees):
            if id(tree) not in known:
                roots = (cell for cell in fresh if cell[at] == tree.root)
                parts = [part for row in tree.parts.get(tree.root, ()) for part in row]
                beside = ((*cell[:at], part, *cell[at + 1 :]) for cell in roots for part in parts)
                self._unseen += [cell for cell in beside if cell in self.hidden]

    def protect(self, small: Iterable[Cell], first: Mapping[int, Piece] | None = None) -> None:
        """Hide these counts and what would give them away. `first` are names to hide by, where nothing else can be."""
        again = sorted(set(small) - self._shown, key=self._order)
        while again:
            self._hide(again)  # before any is covered, so that they cover one another
            for cell in again:
                if cell not in self._covered:
                    self._cover(cell, first or {})
            again = sorted(self._left(), key=self._order)

    def price(self, cell: Cell) -> float:
        """Return what is lost by hiding a count."""
        return self._prices.get(cell, 0.0)

    def add(self, cover: tuple[Piece, ...], fresh: tuple[Piece, ...] | None = None) -> None:
        """Hide a set of cells that hide one another; `fresh` are those of them that weren't in it before."""
        self.covers.append(cover)
        new = list(cells(fresh or cover))
        self._covered.update(new)
        self._hide(cell for cell in new if cell in self.counts)

    def _hide(self, some: Iterable[Cell]) -> None:
        for cell in some:
            if cell not in self.hidden:
                self.hidden.add(cell)
                self._prices[cell] = 0.0
                self._unseen.append(cell)

    def _order(self, cell: Cell) -> tuple[int, Cell]:
        return sum(depth[name] for depth, name in zip(self._depth, cell, strict=True)), cell

    def _cover(self, cell: Cell, first: Mapping[int, Piece]) -> None:
        dims = range(len(cell))
        cost, cover = self._found(cell, dims, {})
        if cost:  # most of the time all is hidden already
            cost, cover = min((cost, cover), self._found(cell, dims[::-1], {}), key=lambda found: found[0])
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
        beside = [(cell[:at], cell[at + 1 :]) for cell in cells([*pieces[:at], ("",), *pieces[at + 1 :]])]
        known = self._prices
        prices: dict[str, float] = {}

        def price(here: str) -> float:  # most of the time that hiding takes is taken here
            found = prices.get(here)
            if found is None:
                found = 0.0
                for before, after in beside:
                    found += known.get((*before, here, *after), 0.0)
                    if found == inf:
                        break
                prices[here] = found
            return found

        return cheapest(self.trees[at], name, price)

    def _left(self) -> Iterable[Cell]:
        """Find what else to hide, where hidden parts of a whole that is shown are few people together."""
        unseen, self._unseen = self._unseen, []
        for parts in self._broken_down(unseen):
            if not all(part in self.counts for part in parts):
                continue
            left = sum(self.counts[part] for part in parts if part in self.hidden)
            if not is_small(left):
                continue
            open_ = [part for part in parts if part not in self.hidden and part not in self._shown]
            enough = [part for part in open_ if not is_small(left + self.counts[part]) and self.counts[part]]
            found = enough or [part for part in open_ if self.counts[part]]
            if found:
                yield min(found, key=lambda part: (self.price(part), part))

    def _broken_down(self, some: Iterable[Cell]) -> Iterator[list[Cell]]:
        """Tell of each whole that is shown and that these cells are parts of all parts."""
        seen = set()
        for cell in some:
            for at, tree in enumerate(self.trees):
                if cell[at] == tree.root:
                    continue
                name, row = tree.above[cell[at]]
                whole = (*cell[:at], name, *cell[at + 1 :])
                if whole in self.counts and whole not in self.hidden and (whole, row[0]) not in seen:
                    seen.add((whole, row[0]))
                    yield [(*cell[:at], part, *cell[at + 1 :]) for part in row]
