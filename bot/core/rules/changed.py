"""Whether the Vietnamese is still what a translation was made of: the marks under its `of`."""

from collections.abc import Iterator, Mapping

from bot.core.lesson import Course, Lesson
from bot.core.problem import Problem
from bot.core.rules.rule import Rule, warning
from bot.core.spots import MARKS, same_words, spots
from bot.core.yaml_text import Source

RULES: tuple[Rule, ...] = (
    warning(
        "changed-since",
        en=(
            "the Vietnamese at {spot!r} changed since it was translated",
            "see whether the translation still says the same, then delete this line",
        ),
        vi=(
            "lời tiếng Việt ở {spot!r} đã đổi sau khi dịch",
            "hãy xem lời dịch còn đúng không, rồi xóa dòng này",
        ),
    ),
    warning(
        "idle-mark",
        en=("the lesson says nothing at {spot!r}", "delete this line"),
        vi=("bài gốc không có lời nào ở {spot!r}", "hãy xóa dòng này"),
    ),
)


def changed_since(part: Lesson | Course, source: Source) -> Iterator[tuple[Problem, str]]:
    """Find marks of a translation that aren't today's texts, each with the id of its step.

    `part` is the lesson or course in its first language, `source` a good file of its translation.
    """
    marks = source.data.get(MARKS) if isinstance(source.data, Mapping) else None
    texts = spots(part) if marks else {}
    for spot, was in (marks or {}).items():
        loc = (MARKS, spot)
        if spot not in texts:
            yield source.problem(loc, "idle-mark", spot=spot), spot.partition("/")[0]
        elif not same_words(texts[spot].text, was):
            yield source.problem(loc, "changed-since", spot=spot), texts[spot].step
