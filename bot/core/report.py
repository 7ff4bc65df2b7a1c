"""The figures that officials see: counts of records as tables of areas and kinds, with few people hidden.

A release is what `tally` counted until the end of a week; earlier ones are given with it, so that together they
give nothing away. docs/figures.md defines each figure in a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from bot.core.hiding import hide
from bot.core.releases import hide_in_turn, through, to
from bot.core.tally import END, Counts, Plan, week_of
from bot.core.trees import Cell, Tree, add_up, flat

ALL = "all"  # the whole province, as `core/access.py` names it
NO_COMMUNE = "-"  # learners who joined no group

Teams = Mapping[int, tuple[str, str]]  # commune and name, by number
Releases = Sequence[Counts]  # the oldest first
Leaves = dict[Cell, int]


@dataclass(frozen=True)
class Table:
    """Counts of people by area and kind. Both are trees, and each whole is the sum of its parts."""

    areas: Tree
    kinds: Tree
    counts: Mapping[Cell, int]
    hidden: frozenset[Cell]
    ends: Sequence[int] = ()  # the last days of all releases of this table
    between: frozenset[tuple[str, str, str]] = frozenset()  # what is hidden of each, since the one before it

    def shown_until(self, area: str, kind: str, day: int) -> bool:
        """Whether it may be told how many came to this kind in a time that ends on this day.

        Else that, and a total that was shown before or after, gives a hidden total away.
        """
        end = next((end for end in self.ends if day <= end), day)
        return (area, kind, str(end)) not in self.between

    def shown(self, area: str, kind: str) -> int | None:
        """Return how many; None where that is hidden, or not counted for such an area."""
        cell = (area, kind)
        return None if cell in self.hidden else self.counts.get(cell)

    def share(self, area: str, kind: str, of: str) -> float | None:
        """Return which share of the one kind is of the other, from 0 to 1; None where that can't be told."""
        part, whole = self.shown(area, kind), self.shown(area, of)
        return part / whole if part is not None and whole else None


@dataclass(frozen=True)
class Difficulty:
    """A question, and how many of those who answered it were wrong at their first try."""

    lesson: str
    step: str
    wrong: float  # share, from 0 to 1
    choice: str  # the wrong one that most took; empty where that is hidden
    answered: int


def areas_of(teams: Teams) -> Tree:
    """Return the province with its communes and their groups; a group is named `commune.number`."""
    groups: dict[str, list[str]] = {}
    for number, (commune, _) in sorted(teams.items()):
        groups.setdefault(commune, []).append(f"{commune}.{number}")
    return Tree(ALL, {ALL: [[*sorted(groups), NO_COMMUNE]], **{name: [row] for name, row in groups.items()}})


def communes_of(teams: Teams) -> Tree:
    """Return the province with its communes."""
    return flat(ALL, [*sorted({commune for commune, _ in teams.values()}), NO_COMMUNE])


def people(releases: Releases, teams: Teams, plan: Plan) -> Table:
    """Return who came, and of them who finished a lesson, can do one alone, by channel, path, manner and skill.

    For groups only how far they came; the rest for communes.
    """
    newest = releases[-1]
    channels = sorted({channel for _, channel, *_ in newest.people})
    paths = sorted({path for _, _, path, *_ in newest.people})
    skills = sorted({skill for row in plan.skills.values() for skill in row})
    kinds = Tree(
        "came",
        {
            "came": [
                ["finished", "not finished"],
                [f"channel {name}" for name in channels],
                [f"path {name}" for name in paths],
                ["reads", "listens"],
                *([f"skill {name}", f"not skill {name}"] for name in skills),
            ],
            "finished": [["alone", "not alone"]],
        },
    )

    def leaves(counts: Counts) -> Leaves:
        found: Leaves = {}
        for (team, channel, path, listens, state), number in counts.people.items():
            area = _area(team, teams)
            furthest = {"alone": "alone", "finished": "not alone", "none": "not finished"}[state]
            for kind in (furthest, f"channel {channel}", f"path {path}", "listens" if listens else "reads"):
                _add(found, (area, kind), number)
            for skill in skills:
                _add(found, (area, f"not skill {skill}"), number)
        for (team, skill), number in counts.skilled.items():
            if skill in skills:
                _add(found, (_area(team, teams), f"skill {skill}"), number)
                _add(found, (_area(team, teams), f"not skill {skill}"), -number)
        return found

    far = {"came", "finished", "not finished", "alone", "not alone"}
    return _table(areas_of(teams), kinds, releases, leaves, lambda area, kind: "." not in area or kind in far)


def weeks(counts: Counts, teams: Teams, first: int) -> dict[str, Table]:
    """Return for each week from `first` who came, and who finished their first lesson.

    By commune. Two tables a week, by its number: `2900` of the week, `<=2900` of all until its end. What was
    before `first` is in its first week.
    """
    last = week_of(counts.until)
    names = [str(week) for week in range(first, last + 1)]
    kinds = flat("came", ["finished", "not finished"])
    tree = communes_of(teams)
    leaves: Leaves = {}
    for found, name in ((counts.came, "not finished"), (counts.finishers, "finished")):
        for (team, week), number in found.items():
            area, at = _commune(team, teams), str(max(week, first))
            _add(leaves, (area, name, at), number)
            if name == "finished":
                _add(leaves, (area, "not finished", at), -number)
    whole = _filled((tree, kinds, through(names)), leaves)
    hidden = hide_in_turn((tree, kinds), names, whole)
    tables = {}
    for name in [each for week in names for each in (week, to(week))]:
        part = {cell[:-1]: number for cell, number in whole.items() if cell[-1] == name}
        tables[name] = Table(tree, kinds, part, frozenset(cell[:-1] for cell in hidden if cell[-1] == name))
    return tables


def week(counts: Counts, teams: Teams, number: int) -> Table:
    """Return who learnt in a week: of them who asked for help at a step, and who learnt beside a helper."""
    tree, kinds = areas_of(teams), flat("active", ["stuck", "went on"], ["assisted", "by themselves"])
    leaves: Leaves = {}
    for (team, at), active in counts.active.items():
        if at == number:
            area = _area(team, teams)
            stuck, assisted = counts.stuck.get((team, at), 0), counts.assisted.get((team, at), 0)
            parts = {
                "stuck": stuck,
                "went on": active - stuck,
                "assisted": assisted,
                "by themselves": active - assisted,
            }
            for kind, learners in parts.items():
                _add(leaves, (area, kind), learners)
    return _single(tree, kinds, leaves)


def load(counts: Counts, table: Table, teams: Teams) -> dict[str, tuple[int, float | None]]:
    """Return for each group its helpers, and how many of its learners of a week (`week`) come to each of them."""
    found = {}
    for team in teams:
        area, helpers = _area(team, teams), counts.helpers.get(team, 0)
        active = table.shown(area, "active")
        found[area] = helpers, (active / helpers if active is not None and helpers else None)
    return found


def lesson(releases: Releases, teams: Teams, key: str) -> Table:
    """Return who finished a lesson, and who of them can do it alone."""
    kinds = flat("finished", ["alone", "not alone"])

    def leaves(counts: Counts) -> Leaves:
        found: Leaves = {}
        for (team, name), number in counts.finished.items():
            if name == key:
                alone = counts.alone.get((team, key), 0)
                _add(found, (_area(team, teams), "alone"), alone)
                _add(found, (_area(team, teams), "not alone"), number - alone)
        return found

    return _table(areas_of(teams), kinds, releases, leaves)


def funnel(releases: Releases, teams: Teams, plan: Plan, key: str) -> Table:
    """Return how far people come in a lesson: kinds are `at STEP` for those who are there still, `past STEP`, `began`.

    `past` the last step are those who finished, by whatever way.
    """
    steps = plan.steps[key]
    wholes = ["began", *(f"past {step}" for step in steps)]
    parts = {whole: [[f"at {step}", after]] for step, (whole, after) in zip(steps, pairwise(wholes), strict=True)}

    def leaves(counts: Counts) -> Leaves:
        found: Leaves = {}
        for (commune, name, step), number in counts.furthest.items():
            if name == key and (step == END or step in steps):
                _add(found, (commune or NO_COMMUNE, wholes[-1] if step == END else f"at {step}"), number)
        return found

    return _table(communes_of(teams), Tree("began", parts), releases, leaves)


def questions(releases: Releases, teams: Teams, plan: Plan, key: str) -> dict[str, Table]:
    """Return for each question of a lesson what people answered first: `right`, or `wrong a` for a wrong choice."""
    return {step: _question(releases, teams, key, step) for step in plan.questions[key]}


def trouble(releases: Releases, teams: Teams, plan: Plan, key: str) -> dict[str, Table]:
    """Return for each step where people had trouble who was `stuck`, and whose screen `differed`."""
    found = {}
    for step in plan.steps[key]:
        for kind in ("stuck", "differed"):
            at = key, step, kind
            if any(place[1:] == at for place in releases[-1].trouble):
                found[f"{step} {kind}"] = _trouble(releases, teams, at)
    return found


def difficult(tables: Mapping[tuple[str, str], Table], area: str = ALL) -> list[Difficulty]:
    """Return the questions (by lesson and step) whose share of wrong first answers may be told, the hardest first."""
    found = []
    for (key, step), table in tables.items():
        answered, right = table.shown(area, "answered"), table.share(area, "right", "answered")
        if answered and right is not None:
            wrong = [
                (number, kind) for kind in table.kinds.names if (number := table.shown(area, kind)) and "wrong" in kind
            ]
            choice = max(wrong, default=(0, ""))[1].removeprefix("wrong ")
            found.append(Difficulty(key, step, 1 - right, choice, answered))
    return sorted(found, key=lambda each: (-each.wrong, each.lesson, each.step))


def hours(counts: Counts, teams: Teams) -> Table:
    """Return when people learn: kinds are `hour 0` to `hour 23` and `weekday 0` (Monday) to `weekday 6`."""
    kinds = flat("all", [f"hour {n}" for n in range(24)], [f"weekday {n}" for n in range(7)])
    leaves: Leaves = {}
    for (commune, weekday, hour), number in counts.hours.items():
        for kind in (f"hour {hour}", f"weekday {weekday}"):
            _add(leaves, (commune or NO_COMMUNE, kind), number)
    return _single(communes_of(teams), kinds, leaves)


def _question(releases: Releases, teams: Teams, key: str, step: str) -> Table:
    found = [place for counts in releases for place in counts.answers if place[1:3] == (key, step)]
    wrong = sorted({choice for *_, choice, right in found if not right})
    kinds = flat("answered", ["right", *(f"wrong {choice}" for choice in wrong)])

    def leaves(counts: Counts) -> Leaves:
        some: Leaves = {}
        for (commune, name, at, choice, right), number in counts.answers.items():
            if (name, at) == (key, step):
                _add(some, (commune or NO_COMMUNE, "right" if right else f"wrong {choice}"), number)
        return some

    return _table(communes_of(teams), kinds, releases, leaves)


def _trouble(releases: Releases, teams: Teams, at: tuple[str, str, str]) -> Table:
    def leaves(counts: Counts) -> Leaves:
        return {(place[0] or NO_COMMUNE, at[2]): n for place, n in counts.trouble.items() if place[1:] == at}

    return _table(communes_of(teams), Tree(at[2], {}), releases, leaves)


def _area(team: int, teams: Teams) -> str:
    return f"{teams[team][0]}.{team}" if team in teams else NO_COMMUNE


def _commune(team: int, teams: Teams) -> str:
    return teams[team][0] if team in teams else NO_COMMUNE


def _table(
    areas: Tree,
    kinds: Tree,
    releases: Releases,
    leaves: Callable[[Counts], Leaves],
    wanted: Callable[[str, str], bool] = lambda _area, _kind: True,
) -> Table:
    """Return the newest release's table; what earlier ones showed and hid stays so."""
    names = [str(counts.until) for counts in releases]
    known: Leaves = {}
    now: Leaves = {}
    for name, counts in zip(names, releases, strict=True):
        before, now = now, _filled((areas, kinds), leaves(counts), wanted)
        for cell, number in now.items():
            known[*cell, to(name)] = number
            known[*cell, name] = number - before.get(cell, 0)
    hidden = hide_in_turn((areas, kinds), names, known)
    return Table(
        areas,
        kinds,
        now,
        frozenset(cell[:-1] for cell in hidden if cell[-1] == to(names[-1])),
        [counts.until for counts in releases],
        frozenset((area, kind, time) for area, kind, time in hidden if time in names),
    )


def _single(areas: Tree, kinds: Tree, leaves: Leaves) -> Table:
    counts = _filled((areas, kinds), leaves)
    return Table(areas, kinds, counts, hide((areas, kinds), counts))


def _filled(
    trees: Sequence[Tree], leaves: Leaves, wanted: Callable[[str, str], bool] = lambda _area, _kind: True
) -> Leaves:
    """Return the sums, with 0 where there is nobody."""
    sums = add_up(trees, leaves)
    return {cell: sums.get(cell, 0) for cell in product(*(tree.names for tree in trees)) if wanted(cell[0], cell[1])}


def _add(leaves: Leaves, cell: Cell, number: int) -> None:
    leaves[cell] = leaves.get(cell, 0) + number
