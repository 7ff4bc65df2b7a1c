"""Whether a lesson fits the patience of those who listen, and the data they pay for."""

from collections.abc import Iterator

from bot.core.length import kilobytes, screens, shortest
from bot.core.lesson import Lesson
from bot.core.problem import Problem
from bot.core.rules.rule import Rule, warning
from bot.core.yaml_text import Source

LONGEST = 60  # seconds of one screen
HEAVIEST = 100  # kB for each minute of a lesson

RULES: tuple[Rule, ...] = (
    warning(
        "long-listening",
        en=(
            "at step {name!r} about {seconds} seconds are heard in one go",
            "{limit} at most: say less, or make two steps of it",
        ),
        vi=(
            "ở bước {name!r} phải nghe một mạch khoảng {seconds} giây",
            "nhiều nhất {limit}: hãy nói gọn lại, hoặc tách thành hai bước",
        ),
    ),
    warning(
        "heavy-lesson",
        en=(
            "with its voice and pictures the lesson has about {size} kB for each minute",
            "{limit} at most: leave out pictures that nobody would miss",
        ),
        vi=(
            "tính cả tiếng và hình, bài nặng khoảng {size} kB mỗi phút",
            "nhiều nhất {limit}: hãy bỏ bớt hình không cần lắm",
        ),
    ),
)


def heard_too_long(lesson: Lesson, source: Source) -> Iterator[tuple[Problem, str]]:
    """Find steps with their ids of which too much is heard at once."""
    for place, step in enumerate(lesson.steps):
        longest = round(max(screens(step)))
        if longest > LONGEST:
            loc = ("steps", place, "id")
            yield source.problem(loc, "long-listening", name=step.id, seconds=longest, limit=LONGEST), step.id


def too_heavy(lesson: Lesson, source: Source) -> Iterator[Problem]:
    """Find a lesson that has too many bytes for its length; its pictures stand in its first language."""
    size = round(kilobytes(lesson) / shortest(lesson).minutes)
    if size > HEAVIEST:
        yield source.problem(("steps",), "heavy-lesson", size=size, limit=HEAVIEST)
