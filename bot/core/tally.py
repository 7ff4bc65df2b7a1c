"""Counting records: what figures are made of. Every count adds up over groups and communes.

`tally` reads row by row; `stores/report.py` has a database count the same. docs/figures.md defines each figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

import msgspec

from bot.core.lesson import Ask, Lesson
from bot.core.library import FIRST, Library
from bot.core.turn import Record

VIETNAM = 7 * 60  # minutes ahead of UTC
WEEK = 7  # days; weeks begin on Monday, and day 0 was a Thursday
LOOK_BACK = 52 * WEEK  # days that figures of what people do reach back; those of what they have reached are of all time
NO_TEAM = 0
AT_STEP = frozenset({"began", "reached", "led", "altered", "moved", "brought"})  # kinds that tell at which step one is
END = ""  # the step of those who finished

State = Literal["none", "finished", "alone"]
Key = TypeVar("Key")


class Learner(msgspec.Struct, frozen=True):
    """One learner, as the records know them now."""

    number: int
    came: int  # day of consent
    team: int = NO_TEAM
    channel: str = ""
    path: str = ""
    listens: bool = False


class Row(msgspec.Struct, frozen=True):
    """One record of one learner."""

    learner: int
    turn: int
    minute: int
    day: int
    record: Record


class Plan(msgspec.Struct, frozen=True):
    """What figures need to know of the lessons: each one's skills, and its steps in their order."""

    skills: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, tuple[str, ...]]  # which of the steps are
    deciding: Mapping[str, frozenset[str]]  # of them whether one can do it alone, by all ids it has had


class Counts(msgspec.Struct):
    """Counts of learners until the end of a day. Who has no group is in team 0, which is in the commune ""."""

    until: int  # day, the last one that is counted
    people: dict[tuple[int, str, str, bool, State], int] = {}  # team, channel, path, listens; the furthest they came
    came: dict[tuple[int, int], int] = {}  # team, week
    finishers: dict[tuple[int, int], int] = {}  # team, week of the first lesson they finished
    active: dict[tuple[int, int], int] = {}  # team, week
    stuck: dict[tuple[int, int], int] = {}  # team, week: who asked for help at a step
    assisted: dict[tuple[int, int], int] = {}  # team, week: who learnt with a helper
    finished: dict[tuple[int, str], int] = {}  # team, lesson
    alone: dict[tuple[int, str], int] = {}  # team, lesson
    skilled: dict[tuple[int, str], int] = {}  # team, skill: who can do a lesson of it alone
    furthest: dict[tuple[str, str, str], int] = {}  # commune, lesson, step that they came to; END: finished
    answers: dict[tuple[str, str, str, str, bool], int] = {}  # commune, lesson, step, choice, right: the first of each
    trouble: dict[tuple[str, str, str, str], int] = {}  # commune, lesson, step, kind: stuck or differed
    hours: dict[tuple[str, int, int], int] = {}  # commune, weekday from Monday 0, hour: learners on their days
    helpers: dict[int, int] = {}  # team

    def add(self, others: "Counts") -> None:
        """Add the counts of other learners, until the same day."""
        for name in self.__struct_fields__[1:]:
            mine: dict[object, int] = getattr(self, name)
            for key, number in getattr(others, name).items():
                mine[key] = mine.get(key, 0) + number


def encode(counts: Counts) -> bytes:
    """Return a release as it is kept: later ones need it, to give nothing away together."""
    return msgspec.msgpack.encode(counts)


def decode(kept: bytes) -> Counts:
    """Return a release that was kept. Raises msgspec.DecodeError."""
    return msgspec.msgpack.decode(kept, type=Counts)


def by_lesson(counts: Counts) -> dict[str, Counts]:
    """Return what is counted of each lesson, so that nobody need look through all of them for one."""
    found: dict[str, Counts] = {}
    for name in ("finished", "alone", "furthest", "answers", "trouble"):
        for key, number in getattr(counts, name).items():
            one = found.setdefault(key[1], Counts(counts.until))
            getattr(one, name)[key] = number
    return found


def week_of(day: int) -> int:
    """Return the number of the week of a day."""
    return (day + 3) // WEEK


def last_day(week: int) -> int:
    """Return the Sunday of a week."""
    return week * WEEK + 3


def last_sunday(minute: int) -> int:
    """Return the last day of the last week that is over in Vietnam for an hour: records come a little later."""
    return last_day(week_of((minute - 60 + VIETNAM) // 1440) - 1)


def plan_of(library: Library) -> Plan:
    """Return what figures need to know of these lessons."""
    lessons = {key: languages[FIRST] for key, languages in library.lessons.items()}
    return Plan(
        skills={key: lesson.skills for key, lesson in lessons.items()},
        steps={key: tuple(step.id for step in lesson.steps) for key, lesson in lessons.items()},
        questions={
            key: tuple(step.id for step in lesson.steps if isinstance(step, Ask)) for key, lesson in lessons.items()
        },
        deciding={key: _deciding(lesson) for key, lesson in lessons.items()},
    )


def _deciding(lesson: Lesson) -> frozenset[str]:
    """Return the question that is marked so; where none is, the last one."""
    asked = [step for step in lesson.steps if isinstance(step, Ask)]
    found = [step for step in asked if step.decides] or asked[-1:]
    return frozenset(name for step in found for name in (step.id, *step.was))


def tally(  # noqa: PLR0913, PLR0917  the tables it reads
    learners: Iterable[Learner],
    rows: Iterable[Row],
    communes: Mapping[int, str],  # of each team
    helpers: Iterable[int],  # the team of each
    plan: Plan,
    until: int,
) -> Counts:
    """Count the records until the end of a day. Rows come in the order of a learner's turns."""
    known = {learner.number: learner for learner in learners if learner.came <= until}
    told = [row for row in rows if row.day <= until and row.learner in known and row.record.lesson]
    counts = Counts(until, helpers=dict(Counter(helpers)))
    team_of = {number: learner.team for number, learner in known.items()}
    commune_of = {number: communes.get(team, "") for number, team in team_of.items()}
    pairs = _pairs(told, plan)
    _count_people(counts, known, pairs)
    _count_lessons(counts, team_of, commune_of, pairs, plan)
    since = until - LOOK_BACK
    # What was brought isn't done, but told again.
    done = [row for row in told if row.day > since and row.record.kind != "brought"]
    _count_weeks(counts, team_of, done)
    _count_steps(counts, commune_of, done)
    return counts


class _Pair(msgspec.Struct):
    """A learner and a lesson."""

    finished: int | None = None  # day of the first time
    alone: bool = False  # what the latest first try, by themselves, at the deciding question says
    furthest: int = -1  # place of a step


def _pairs(told: Iterable[Row], plan: Plan) -> dict[tuple[int, str], _Pair]:
    places = {lesson: {step: at for at, step in enumerate(steps)} for lesson, steps in plan.steps.items()}
    pairs: dict[tuple[int, str], _Pair] = {}
    for row in told:
        record = row.record
        pair = pairs.setdefault((row.learner, record.lesson), _Pair())
        over = ended(record, row.day)
        if over is not None:
            pair.finished = over if pair.finished is None else min(pair.finished, over)
        elif record.kind == "answered":
            if record.first and not record.assisted and _decides(record, plan):
                pair.alone = bool(record.right)
        elif record.kind in AT_STEP:
            pair.furthest = max(pair.furthest, places.get(record.lesson, {}).get(record.step, -1))
    return pairs


def ended(record: Record, day: int) -> int | None:
    """Return on which day its lesson was finished, as a record of a day tells: what was brought, of the last time."""
    if record.kind == "brought" and not record.step:
        return int(record.choice.partition(".")[0])
    return day if record.kind == "finished" else None


def _decides(record: Record, plan: Plan) -> bool:
    """Whether a question decides; of a lesson that isn't taught any more, each does."""
    return record.lesson not in plan.deciding or record.step in plan.deciding[record.lesson]


def _count_people(counts: Counts, known: Mapping[int, Learner], pairs: Mapping[tuple[int, str], _Pair]) -> None:
    first: dict[int, int] = {}
    alone = set()
    for (number, _), pair in pairs.items():
        if pair.finished is not None:
            first[number] = min(first.get(number, pair.finished), pair.finished)
            if pair.alone:
                alone.add(number)
    for number, learner in known.items():
        state: State = "alone" if number in alone else "finished" if number in first else "none"
        _add(counts.people, (learner.team, learner.channel, learner.path, learner.listens, state))
        _add(counts.came, (learner.team, week_of(learner.came)))
        if number in first:
            _add(counts.finishers, (learner.team, week_of(first[number])))


def _count_lessons(
    counts: Counts,
    team_of: Mapping[int, int],
    commune_of: Mapping[int, str],
    pairs: Mapping[tuple[int, str], _Pair],
    plan: Plan,
) -> None:
    skilled = set()
    for (number, lesson), pair in pairs.items():
        steps = plan.steps.get(lesson)
        if pair.finished is not None:
            _add(counts.finished, (team_of[number], lesson))
            _add(counts.furthest, (commune_of[number], lesson, END))
            if pair.alone:
                _add(counts.alone, (team_of[number], lesson))
                skilled |= {(number, skill) for skill in plan.skills.get(lesson, ())}
        elif steps and pair.furthest >= 0:
            _add(counts.furthest, (commune_of[number], lesson, steps[pair.furthest]))
    for number, skill in skilled:
        _add(counts.skilled, (team_of[number], skill))


def _count_weeks(counts: Counts, team_of: Mapping[int, int], told: Iterable[Row]) -> None:
    active, stuck, assisted = set(), set(), set()
    for row in told:
        seen = (row.learner, week_of(row.day))
        active.add(seen)
        if row.record.kind == "stuck":
            stuck.add(seen)
        if row.record.assisted:
            assisted.add(seen)
    for found, kept in ((active, counts.active), (stuck, counts.stuck), (assisted, counts.assisted)):
        for number, week in found:
            _add(kept, (team_of[number], week))


def _count_steps(counts: Counts, commune_of: Mapping[int, str], told: Iterable[Row]) -> None:
    answered, trouble, hours = set(), set(), set()
    for row in told:
        record, commune = row.record, commune_of[row.learner]
        hours.add((row.learner, (row.minute + VIETNAM) // 60))
        question = (row.learner, record.lesson, record.step)
        if record.kind == "answered" and record.first and question not in answered:
            answered.add(question)
            _add(counts.answers, (commune, record.lesson, record.step, record.choice, bool(record.right)))
        elif record.kind in {"stuck", "differed"} and (*question, record.kind) not in trouble:
            trouble.add((*question, record.kind))
            _add(counts.trouble, (commune, record.lesson, record.step, record.kind))
    for number, hour in hours:
        _add(counts.hours, (commune_of[number], (hour // 24 + 3) % WEEK, hour % 24))


def _add(counts: dict[Key, int], key: Key) -> None:
    counts[key] = counts.get(key, 0) + 1
