"""All that releases show together: totals, and what each week brought."""

from collections.abc import Mapping
from itertools import accumulate

from provinces import PLAN, UNTIL, sample

from bot import places
from bot.config import THANH_HOA
from bot.core.release import Maker, Names
from bot.core.released import AreaFigures
from bot.core.tally import tally

WEEKS = 8  # releases, one after each
COMMUNES = ["16093", "16135", "14845", "14797", "15088"]  # few people in each, so that much is hidden


def test_no_hidden_total_is_another_one_and_the_weeks_between() -> None:
    pages = released()
    hidden = found = 0
    for kind in ("came", "finished"):
        for (area, day), page in pages.items():
            if getattr(page.whole, kind) is not None:
                continue
            hidden += 1
            found += any(known(other, page, kind) for (of, at), other in pages.items() if of == area and at != day)
    assert hidden > WEEKS
    assert not found


def known(one: AreaFigures, other: AreaFigures, kind: str) -> bool:
    """Whether a page's total, and the weeks between it and another's, tell that one's total."""
    early, late = sorted((one, other), key=lambda page: page.until)
    between = [getattr(week, kind) for week in late.weeks if week.monday > early.until]
    return isinstance(getattr(one.whole, kind), int) and all(isinstance(each, int) for each in between)


def released() -> Mapping[tuple[str, int], AreaFigures]:
    """Return the pages of areas after each release, by the area and the day."""
    people = sample(400)
    teams = {number: (COMMUNES[number % len(COMMUNES)], name) for number, (_, name) in people.teams.items()}
    communes = {number: commune for number, (commune, _) in teams.items()}
    days = [UNTIL - 7 * number for number in reversed(range(WEEKS))]
    counts = [tally(people.learners, people.rows, communes, people.helpers, PLAN, day) for day in days]
    names = Names(places.read(THANH_HOA), "-")
    return {
        (page.whole.area, page.until): page
        for some in accumulate(([each] for each in counts), lambda before, more: [*before, *more])
        for page in Maker(some, teams, PLAN, names, demo=True).by_area()
        if "." not in page.whole.area
    }
