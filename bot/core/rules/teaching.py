"""Whether a lesson can be taught in the time it says, and whether its questions ask something."""

import re
from collections.abc import Iterator

from bot.core.length import shortest
from bot.core.lesson import Ask, Lesson, Scene, Step
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
    warning(
        "nothing-decides",
        en=(
            "none of the {count} questions has 'decides: true'",
            "mark the one that best shows that somebody can do it alone",
        ),
        vi=(
            "trong {count} câu hỏi, chưa câu nào có 'decides: true'",
            "hãy ghi ở câu cho thấy rõ nhất là người học tự làm được",
        ),
    ),
    warning(
        "answer-just-told",
        en=(
            "this question decides, and step {step!r} just before says the whole answer: {text!r}",
            "mark another question, or ask something that takes a thought of one's own",
        ),
        vi=(
            "câu hỏi quyết định, mà ngay bước {step!r} trước đó đã nói hết câu trả lời: {text!r}",
            "hãy chọn câu hỏi khác, hoặc hỏi điều mà người học phải tự nghĩ",
        ),
    ),
)


def undecided(lesson: Lesson, source: Source) -> Iterator[tuple[Problem, str]]:
    """Find what keeps a lesson from telling who can do alone what it teaches, each with the id of its step."""
    place = next((at for at, step in enumerate(lesson.steps) if isinstance(step, Ask) and step.decides), None)
    if place is None:
        if lesson.questions > 1:  # else the only one decides
            yield source.problem(("steps",), "nothing-decides", count=lesson.questions), ""
        return
    step, before = lesson.steps[place], lesson.steps[place - 1] if place else None
    if isinstance(step, Ask) and before is not None:
        told = {word for text in _heard(before) for word in _words(text)}
        for at, choice in enumerate(step.choices):
            if choice.right and _words(choice.text) <= told:
                there = ("steps", place, "choices", at, "text")
                yield source.problem(there, "answer-just-told", text=choice.text, step=before.id), step.id


def _words(text: str) -> set[str]:
    """Return its words, with their tone marks: without them others would seem to be there."""
    return set(re.findall(r"\w+", text.casefold()))


def _heard(step: Step) -> tuple[str, ...]:
    return (step.text, step.debrief) if isinstance(step, Scene) else (step.text,)


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
