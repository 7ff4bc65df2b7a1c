"""A team's people as their helpers may see them: what they want to be called, where they are, whether they are stuck.

Stuck: since they came to the step where they are, they said that they are stuck or that their screen differs, or
called for a helper; or their last three answers in this lesson, or more, were wrong.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from bot.core.library import FIRST, Library

CALLED: Final = "called"  # kind of the record of calling for a helper
WRONG: Final = 3  # answers in a row
Why = Literal["called", "stuck", "differed", "wrong"]

STARTS: Final = ("began", "moved", "finished")  # what was before doesn't count any more
KINDS: Final = (*STARTS, "reached", "led", "altered", "resumed", "stuck", "differed", "answered", CALLED)
_NUMBERS: Final = 900  # from 100; twice as many as a group has, else ten times as many


class Seen(NamedTuple):
    """A record of someone, one of KINDS."""

    kind: str
    lesson: str = ""
    step: str = ""
    was_right: bool | None = None


class Standing(NamedTuple):
    """Where someone is. `lesson` and `step` are keys, empty where no lesson is open; `why` they are stuck, if so."""

    lesson: str = ""
    step: str = ""
    why: tuple[Why, ...] = ()


class Member(NamedTuple):
    """One person of a team. `learner` is for whoever sits beside them, and is never shown."""

    learner: int
    called: str  # as they want to be called; empty: they told no name
    number: int  # by which helpers know someone without a name
    seen_day: int  # the last in which they did something, since 1970 in Vietnam
    standing: Standing = Standing()

    @property
    def stuck(self) -> bool:
        """Whether they may wait for somebody."""
        return bool(self.standing.why)


def standing(records: Iterable[Seen]) -> Standing:
    """Return where someone is, by their records in order, from the last of STARTS on."""
    lesson = step = ""
    trouble: set[Why] = set()
    wrong = 0
    for each in records:
        match each.kind:
            case "finished":
                lesson, step, wrong = "", "", 0
                trouble.clear()
            case "began" | "moved":
                lesson, step, wrong = each.lesson, each.step, 0
                trouble.clear()
            case "reached" | "led" | "altered":
                lesson, step = each.lesson, each.step
                trouble.clear()
            case "resumed" if (each.lesson, each.step) != (lesson, step):
                lesson, step, wrong = each.lesson, each.step, 0
                trouble &= {"called"}
            case "stuck" | "differed" as kind if (each.lesson, each.step) == (lesson, step):
                trouble.add(kind)
            case "answered":
                wrong = 0 if each.was_right else wrong + 1
            case "called":
                trouble.add("called")
    if wrong >= WRONG:
        trouble.add("wrong")
    order: tuple[Why, ...] = ("called", "stuck", "differed", "wrong")
    return Standing(lesson, step, tuple(why for why in order if why in trouble))


def in_turn(members: Iterable[Member]) -> list[Member]:
    """Return them as helpers look after them: who is stuck first, then who wasn't seen for longest."""
    return sorted(members, key=lambda each: (not each.stuck, each.seen_day, each.number))


def numbers(learners: Sequence[int]) -> dict[int, int]:
    """Return a number of three digits (four in a very large group) for each of a team's learners.

    It stays theirs whoever comes or leaves, and tells nothing of them. Where two draw the same, the later one in
    `learners` takes the next that is free.
    """
    many = _NUMBERS if 2 * len(learners) <= _NUMBERS else 10 * _NUMBERS * (1 + len(learners) // (5 * _NUMBERS))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for each in learners:
        at = int.from_bytes(sha256(f"number {each}".encode()).digest()[:8]) % many
        while at in taken:
            at = (at + 1) % many
        taken.add(at)
        found[each] = many // 9 + at
    return found


def place(library: Library, at: Standing) -> tuple[int, int] | None:
    """Return which step of the lesson it is, from 1, and of how many; None where the lesson has it no more."""
    languages = library.lessons.get(at.lesson)
    if languages is None:
        return None
    lesson = languages[FIRST]
    number = lesson.index.get(lesson.renamed.get(at.step, at.step))
    return None if number is None else (number + 1, len(lesson.steps))
