"""Hiding in tables that grow: each release adds a period, and whoever kept the earlier ones learns nothing more.

The last tree of such a table is time: `p` is what came in a period, `to(p)` all that came until its end. What a
release showed stays shown and what it hid stays hidden, so that all releases together show what the last one does.
"""

from collections.abc import Iterator, Sequence

from bot.core.hiding import Hiding, is_small
from bot.core.trees import Cell, Counts, Piece, Tree, cells


def to(period: str) -> str:
    """Return the name of all that came until the end of a period."""
    return f"<={period}"


def through(periods: Sequence[str]) -> Tree:
    """Return the time of a table with these periods, in their order."""
    parts = {to(period): [[period] if not at else [to(periods[at - 1]), period]] for at, period in enumerate(periods)}
    return Tree(to(periods[-1]), parts)


def hide_in_turn(trees: Sequence[Tree], periods: Sequence[str], counts: Counts) -> frozenset[Cell]:
    """Return which counts to hide after all these releases. `counts` has cells of `trees` and of time."""
    columns: dict[str, dict[Cell, int]] = {}
    for cell, number in counts.items():
        columns.setdefault(cell[-1], {})[cell] = number
    hiding = Hiding((), {})
    for at, period in enumerate(periods):
        fresh = {**columns.get(period, {}), **columns.get(to(period), {})}
        hiding.grow([*trees, through(periods[: at + 1])], fresh)
        covers, hiding.covers = hiding.covers, []
        for cover in covers:
            hiding.add(*_longer(hiding, cover, periods, at))
        newest = {len(trees): (period, to(period))}
        hiding.protect((cell for cell, number in fresh.items() if is_small(number)), newest)
        last = [cell for cell in fresh if cell[-1] == to(period)]
        while few := set(_between(hiding, last, periods, at)):
            hiding.protect(few, newest)
    return frozenset(hiding.hidden)


def _longer(
    hiding: Hiding, cover: tuple[Piece, ...], periods: Sequence[str], at: int
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return cells that hide one another still, now that what was all is a part: with the new part, or the new all.

    Behind them those that are new.
    """
    *others, time = cover
    if not at or to(periods[at - 1]) not in time:
        return cover, (*others, ())
    choices = [(*others, (name,)) for name in (to(periods[at]), periods[at])]
    fresh = min(choices, key=lambda choice: sum(map(hiding.price, cells(choice))))
    return (*others, (*time, *fresh[-1])), fresh


def _between(hiding: Hiding, last: Sequence[Cell], periods: Sequence[str], at: int) -> Iterator[Cell]:
    """Find what can't be shown beside an earlier release because few people came between, in hidden periods."""
    counts, hidden = hiding.counts, hiding.hidden
    for cell in [cell for cell in last if cell not in hidden]:
        left = 0
        for earlier in range(at, -1, -1):
            if earlier < at and (*cell[:-1], to(periods[earlier])) not in hidden:
                break
            part = (*cell[:-1], periods[earlier])
            left += counts.get(part, 0) if part in hidden else 0
        if is_small(left):
            yield cell
