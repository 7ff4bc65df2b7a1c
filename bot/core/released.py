"""Figures as they are released: values that hold no number of few people any more.

`None` stands for a hidden number, UNCOUNTED for one that is counted for larger areas only. Nothing adds, subtracts
or divides them, so that nothing hidden can come back. docs/figures.md defines each figure.
"""

from typing import Final, Literal

import msgspec

UNCOUNTED: Final = "-"
Number = int | Literal["-"] | None


class Reach(msgspec.Struct, frozen=True):
    """How many people of an area have come how far."""

    area: str
    name: str
    came: Number  # agreed to learn
    active: Number  # did a step of a lesson in the last week
    finished: Number  # at least one lesson
    alone: Number  # can do at least one thing by themselves


class Week(msgspec.Struct, frozen=True):
    """What happened in a week; `monday` is its first day, since 1970."""

    monday: int
    came: Number
    active: Number
    finished: Number  # their first lesson
    stuck: Number  # asked for help
    assisted: Number  # learnt with a helper


class Share(msgspec.Struct, frozen=True):
    """How many people a name stands for: a skill, a target group, a channel."""

    name: str
    number: Number


class AreaFigures(msgspec.Struct, frozen=True):
    """One area until the end of the day `until`."""

    until: int
    demo: bool
    whole: Reach
    parts: tuple[Reach, ...] = ()  # communes of the province, groups of a commune
    weeks: tuple[Week, ...] = ()
    skills: tuple[Share, ...] = ()
    paths: tuple[Share, ...] = ()
    channels: tuple[Share, ...] = ()


class LessonReach(msgspec.Struct, frozen=True):
    """How far people have come with a lesson."""

    key: str
    began: Number
    finished: Number
    alone: Number


class StepFigures(msgspec.Struct, frozen=True):
    """What happened at a step of a lesson."""

    step: str
    came: Number  # got at least so far
    right: Number  # at the first answer; UNCOUNTED at a step that asks nothing
    wrong: Number
    stuck: Number
    differed: Number  # said that their screen looks different


class LessonFigures(msgspec.Struct, frozen=True):
    """Lessons of one area until the end of the day `until`; of a single one the steps too."""

    area: str
    name: str
    until: int
    demo: bool
    lessons: tuple[LessonReach, ...]
    steps: tuple[StepFigures, ...] = ()
