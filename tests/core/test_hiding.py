"""Hidden counts can't be computed from those shown: solved exactly, by elimination over fractions."""

from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st
from solving import computable

from bot.core.hiding import LEAST, hide, is_small
from bot.core.releases import hide_in_turn, through, to
from bot.core.trees import Cell, Tree, add_up, flat

NUMBERS = st.one_of(st.integers(0, 8), st.integers(0, 60))


@st.composite
def areas(draw: st.DrawFn, most: int = 4) -> Tree:
    communes = [f"c{n}" for n in range(draw(st.integers(1, most)))]
    groups = {commune: [[f"{commune}.{n}" for n in range(draw(st.integers(1, 3)))]] for commune in communes}
    kept = {commune: rows for commune, rows in groups.items() if draw(st.booleans())}
    return Tree("all", {"all": [communes], **kept})


KINDS = st.sampled_from(
    [
        Tree("came", {}),
        flat("came", ["web", "telegram", "zalo"]),
        Tree("came", {"came": [["done", "not yet"]], "done": [["alone", "with help"]]}),
        Tree("came", {"came": [["at 1", "past 1"]], "past 1": [["at 2", "past 2"]], "past 2": [["at 3", "end"]]}),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[Tree, Tree], dict[Cell, int]]:
    trees = draw(areas()), draw(KINDS)
    ends = [[name for name in tree.names if name not in tree.parts] for tree in trees]
    leaves: dict[Cell, int] = {(one, other): draw(NUMBERS) for one in ends[0] for other in ends[1]}
    return trees, add_up(trees, leaves)


@settings(max_examples=100, deadline=None)
@given(tables())
def test_no_hidden_count_can_be_computed_from_what_is_shown(table: tuple[tuple[Tree, Tree], dict[Cell, int]]) -> None:
    trees, counts = table
    hidden = hide(trees, counts)
    small = {cell for cell, number in counts.items() if 0 < number < LEAST}
    assert small <= hidden
    assert not computable(trees, counts, hidden)
    for cell, number in counts.items():  # nor how many they are together, where those are few
        for at, tree in enumerate(trees):
            for parts in tree.parts.get(cell[at], ()):
                rest = [
                    counts[*cell[:at], part, *cell[at + 1 :]]
                    for part in parts
                    if (*cell[:at], part, *cell[at + 1 :]) not in hidden
                ]
                assert cell in hidden or not is_small(number - sum(rest))
    if not small:
        assert not hidden


PERIODS = ["w1", "w2", "w3", "w4"]


@st.composite
def growing(draw: st.DrawFn) -> tuple[tuple[Tree, Tree], dict[Cell, int]]:
    places, kinds = draw(areas(2)), draw(KINDS)
    trees = (places, kinds, through(PERIODS))
    ends = [[name for name in tree.names if name not in tree.parts] for tree in trees]
    leaves = {cell: draw(NUMBERS) for cell in product(*ends)}
    return (places, kinds), add_up(trees, leaves)


@settings(max_examples=40, deadline=None)
@given(growing(), st.booleans())
def test_all_releases_together_give_nothing_away(table: tuple[tuple[Tree, Tree], dict[Cell, int]], whole: bool) -> None:
    trees, counts = table
    if not whole:  # a table may leave cells out: they are shown nowhere
        counts = {
            cell: number for cell, number in counts.items() if cell[1] == trees[1].root or cell[-1].startswith("<=")
        }
    hidden = hide_in_turn(trees, PERIODS, counts)
    assert {cell for cell, number in counts.items() if is_small(number)} <= hidden
    assert not computable([*trees, through(PERIODS)], counts, hidden) & counts.keys()
    for upto in range(1, len(PERIODS)):
        some = {name for period in PERIODS[:upto] for name in (period, to(period))}
        earlier = {cell: number for cell, number in counts.items() if cell[-1] in some}
        assert hide_in_turn(trees, PERIODS[:upto], earlier) == {cell for cell in hidden if cell[-1] in some}


@settings(max_examples=40, deadline=None)
@given(growing())
def test_few_who_came_between_two_releases_are_not_told(table: tuple[tuple[Tree, Tree], dict[Cell, int]]) -> None:
    trees, counts = table
    hidden = hide_in_turn(trees, PERIODS, counts)
    for row in {cell[:-1] for cell in counts}:
        totals = [
            (at, counts[*row, to(period)]) for at, period in enumerate(PERIODS) if (*row, to(period)) not in hidden
        ]
        for (first, before), (last, after) in pairwise(totals):
            told = [(*row, period) for period in PERIODS[first + 1 : last + 1] if (*row, period) not in hidden]
            assert not is_small(after - before - sum(counts[cell] for cell in told))


def test_few_who_come_in_two_hidden_weeks_wait_for_others() -> None:
    tree = flat("all", ["a", "b"])
    came = {"a": [50, 1, 2, 9], "b": [60, 9, 9, 9]}
    leaves: dict[Cell, int] = {
        (area, period): n for area, row in came.items() for period, n in zip(PERIODS, row, strict=True)
    }
    counts = add_up([tree, through(PERIODS)], leaves)
    hidden = hide_in_turn([tree], PERIODS, counts)
    shown = [(area, period) in hidden for area in "ab" for period in map(to, PERIODS)]
    assert shown == [False, True, True, False] * 2  # 50, then 62: never 53


@settings(max_examples=25, deadline=None)
@given(areas(2), st.data())
def test_a_growing_total_that_is_broken_down_twice(places: Tree, data: st.DataObject) -> None:
    kinds = flat("came", ["web", "zalo"], ["reads", "listens"])
    leaves: dict[Cell, int] = {}
    for area, period in product([name for name in places.names if name not in places.parts], PERIODS[:3]):
        for one, other in product(["web", "zalo"], ["reads", "listens"]):
            number = data.draw(NUMBERS)
            for kind in (one, other):
                leaves[area, kind, period] = leaves.get((area, kind, period), 0) + number
    trees = (places, kinds, through(PERIODS[:3]))
    counts = add_up(trees, leaves)
    counts = {cell: number for cell, number in counts.items() if "." not in cell[0] or cell[1] == "came"}
    assert not computable(trees, counts, hide_in_turn(trees[:2], PERIODS[:3], counts)) & counts.keys()


@settings(max_examples=60, deadline=None)
@given(areas(), st.data())
def test_a_total_that_is_broken_down_twice(places: Tree, data: st.DataObject) -> None:
    kinds = flat("came", ["web", "zalo"], ["reads", "listens"])
    leaves: dict[Cell, int] = {}
    for area in (name for name in places.names if name not in places.parts):
        for one, other in product(["web", "zalo"], ["reads", "listens"]):
            number = data.draw(NUMBERS)
            for kind in (one, other):
                leaves[area, kind] = leaves.get((area, kind), 0) + number
    counts = add_up([places, kinds], leaves)
    assert all(counts[area, "came"] == counts[area, "reads"] + counts[area, "listens"] for area in places.names)
    assert not computable([places, kinds], counts, hide([places, kinds], counts))


def test_one_small_group_takes_one_other_with_it() -> None:
    tree = flat("commune", ["a", "b", "c", "d"])
    counts = add_up([tree], {("a",): 3, ("b",): 40, ("c",): 12, ("d",): 0})
    assert hide([tree], counts) == {("a",), ("c",)}


def test_a_group_of_two_takes_one_that_makes_them_five() -> None:
    tree = flat("commune", ["a", "b", "c", "d"])
    counts = add_up([tree], {("a",): 1, ("b",): 2, ("c",): 9, ("d",): 12})
    assert hide([tree], counts) == {("a",), ("b",), ("c",)}  # else "3 in a and b" would be known


def test_what_few_have_left_to_do_hides_what_is_done() -> None:
    kinds = flat("came", ["done", "not yet"])
    tree = flat("commune", ["a", "b"])
    counts = add_up([tree, kinds], {("a", "done"): 18, ("a", "not yet"): 2, ("b", "done"): 9, ("b", "not yet"): 30})
    assert hide([tree, kinds], counts) == {(area, kind) for area in "ab" for kind in ("done", "not yet")}


def test_a_commune_of_one_group_is_hidden_with_it() -> None:
    tree = Tree("all", {"all": [["x", "y"]], "x": [["x1"]]})
    counts = add_up([tree], {("x1",): 2, ("y",): 70})
    assert hide([tree], counts) == {("x1",), ("x",), ("y",)}


@settings(max_examples=100, deadline=None)
@given(st.lists(NUMBERS, min_size=2, max_size=9))
def test_a_single_row_hides_no_more_than_it_must(numbers: list[int]) -> None:
    tree = flat("all", [str(n) for n in range(len(numbers))])
    counts = add_up([tree], {(str(n),): number for n, number in enumerate(numbers)})
    hidden = hide([tree], counts)
    for cell in hidden - {cell for cell, number in counts.items() if is_small(number)}:
        fewer = hidden - {cell}
        rest = sum(counts[part] for part in fewer if part != ("all",))
        assert computable([tree], counts, fewer) or (("all",) not in fewer and is_small(rest))
