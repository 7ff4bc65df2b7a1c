"""Solving a table exactly, by elimination over fractions: what follows from what is shown."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from bot.core.trees import Cell, Counts, Tree

Row = dict[Cell, Fraction]


def computable(trees: Sequence[Tree], counts: Counts, hidden: frozenset[Cell]) -> set[Cell]:
    """Every count that follows from those shown and from what adds up to what, but isn't shown itself."""
    every = list(product(*(tree.names for tree in trees)))
    unknown = [cell for cell in every if cell in hidden or cell not in counts]
    solved: dict[Cell, Row] = {}
    for equation in sums(trees, every):
        row = {each: by for each, by in equation.items() if each in hidden or each not in counts}
        for cell in unknown:
            if cell in row and cell in solved:
                row = less(row, solved[cell], row[cell])
        if not row:
            continue
        pivot = next(iter(row))
        fresh = {each: by / row[pivot] for each, by in row.items()}
        for other, known in solved.items():
            if pivot in known:
                solved[other] = less(known, fresh, known[pivot])
        solved[pivot] = fresh
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def sums(trees: Sequence[Tree], every: Iterable[Cell]) -> Iterator[Row]:
    """Every whole less its parts: nothing."""
    for cell in every:
        for at, tree in enumerate(trees):
            for parts in tree.parts.get(cell[at], ()):
                row = {(*cell[:at], part, *cell[at + 1 :]): Fraction(-1) for part in parts}
                yield {cell: Fraction(1), **row}


def less(row: Row, other: Row, by: Fraction) -> Row:
    zero = Fraction(0)
    return {each: n for each in row | other if (n := row.get(each, zero) - by * other.get(each, zero))}
