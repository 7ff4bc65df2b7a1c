"""The figures that the office shows, as values, and where they come from.

Whoever counts has hidden what few people would be told by: `None` stands for a hidden number, and nothing here
adds, subtracts or divides one, so that nothing hidden can come back.
"""

from dataclasses import dataclass
from typing import Protocol

Number = int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people of an area have come how far."""

    area: str
    name: str
    came: Number  # agreed to learn
    active: Number  # did a step of a lesson in the last week
    finished: Number  # at least one lesson
    alone: Number  # can do at least one thing by themselves


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in a week; `monday` is its first day, since 1970."""

    monday: int
    came: Number
    active: Number
    finished: Number  # their first lesson
    stuck: Number  # asked for help
    assisted: Number  # learnt with a helper


@dataclass(frozen=True, slots=True)
class Share:
    """How many people a name stands for: a skill, a target group, a channel."""

    name: str
    number: Number


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area until the end of the day `until`."""

    until: int
    demo: bool
    whole: Reach
    parts: tuple[Reach, ...] = ()  # communes of the province, groups of a commune
    weeks: tuple[Week, ...] = ()
    skills: tuple[Share, ...] = ()
    paths: tuple[Share, ...] = ()
    channels: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonReach:
    """How far people have come with a lesson."""

    key: str
    began: Number
    finished: Number
    alone: Number


@dataclass(frozen=True, slots=True)
class StepFigures:
    """What happened at a step of a lesson."""

    step: str
    came: Number  # got at least so far
    right: Number  # of those who answered it first: so many rightly; of a step that asks nothing None
    wrong: Number
    stuck: Number
    differed: Number  # said that their screen looks different
    asks: bool = False


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """Lessons of one area until the end of the day `until`; of a single one the steps too."""

    area: str
    name: str
    until: int
    demo: bool
    lessons: tuple[LessonReach, ...]
    steps: tuple[StepFigures, ...] = ()


class NotCounted(Exception):
    """Nothing has been counted yet."""


class Source(Protocol):
    """Who has the figures. `None` is returned for an area or a lesson that there isn't.

    Methods raise NotCounted before there are figures, StoreDown where they can't be read.
    """

    async def area(self, area: str) -> AreaFigures | None: ...

    async def lessons(self, area: str) -> LessonFigures | None: ...

    async def lesson(self, area: str, key: str) -> LessonFigures | None: ...


class NothingYet:
    """Where figures come from before anything counts them."""

    async def area(self, _area: str) -> AreaFigures | None:
        raise NotCounted

    async def lessons(self, _area: str) -> LessonFigures | None:
        raise NotCounted

    async def lesson(self, _area: str, _key: str) -> LessonFigures | None:
        raise NotCounted
