"""Whether a lesson can be taught in the time it says, and whether its questions ask something."""

from collections.abc import Iterator

from bot.core.length import shortest
from bot.core.lesson import Ask, Lesson
from bot.core.problem import Problem
from bot.core.rules.rule import Rule, warning
from bot.core.yaml_text import Source

TOLERANCE = 2.0  # times its minutes that a lesson may take: those who read are faster than those who listen

RULES: tuple[Rule, ...] = (
    warning(
        "too-few-minutes",
        en=(
            "'minutes' is {minutes}, but listening to the shortest way takes about {real}",
            "make two lessons of it, say less, or give the minutes it takes",
        ),
        vi=(
            "'minutes' là {minutes}, nhưng nghe hết đường ngắn nhất đã mất khoảng {real} phút",
            "hãy tách thành hai bài, nói gọn lại, hoặc ghi đúng số phút",
        ),
    ),
    warning(
        "right-always-first",
        en=("the right choice stands first in all {count} questions", "let another stand first in one of them"),
        vi=("cả {count} câu hỏi đều có câu đúng đứng đầu", "hãy để câu đúng ở chỗ khác trong một câu"),
    ),
)


def ill_taught(lesson: Lesson, source: Source) -> Iterator[Problem]:
    """Find what keeps a whole lesson, in its first language, from being taught well."""
    real = shortest(lesson).minutes
    if real > TOLERANCE * lesson.minutes:
        yield source.problem(("minutes",), "too-few-minutes", minutes=lesson.minutes, real=f"{real:.0f}")
    asked = [place for place, step in enumerate(lesson.steps) if isinstance(step, Ask)]
    first = [place for place in asked if _starts_right(lesson, place)]
    if len(asked) > 1 and first == asked:
        yield source.problem(("steps", asked[-1], "choices"), "right-always-first", count=len(asked))


def _starts_right(lesson: Lesson, place: int) -> bool:
    step = lesson.steps[place]
    return isinstance(step, Ask) and step.choices[0].right
