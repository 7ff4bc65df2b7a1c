"""Silencing: what a lesson file says it may do although a rule advises against it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.core.lesson import Allowed
from bot.core.problem import Problem, near
from bot.core.rules.rule import Rule, warning
from bot.core.yaml_text import Source

RULES: tuple[Rule, ...] = (
    warning(
        "reasonless-silence",
        en=("{name!r} is allowed without a reason", "add 'reason: …', for whoever edits this next"),
        vi=("cho phép {name!r} mà chưa nói vì sao", "hãy thêm 'reason: …' cho người sửa bài sau này"),
    ),
    warning(
        "idle-silence",
        en=("{name!r} is allowed here, but nothing here breaks that rule", "take the entry out"),
        vi=("chỗ này cho phép {name!r}, mà không có gì trái quy tắc ấy", "hãy bỏ mục này đi"),
    ),
    warning(
        "unknown-rule",
        en=("there is no advice called {name!r}", "{near}"),
        vi=("không có lời khuyên nào tên {name!r}", "{near}"),
    ),
)


def unsilenced(
    found: Iterable[tuple[Problem, str]], allowed: Sequence[Allowed], source: Source, rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    """Return what isn't silenced, and what is wrong with the silencing itself.

    `found` are problems with the ids of their steps, empty outside steps; `rules` are those that may be silenced.
    """
    used: set[int] = set()
    for problem, step in found:
        by = {place for place, each in enumerate(allowed) if each.rule == problem.code and each.step in {None, step}}
        used |= by
        if not by:
            yield problem
    for place, each in enumerate(allowed):
        loc = ("allow", place)
        if each.rule not in rules:
            yield source.problem((*loc, "rule"), "unknown-rule", name=each.rule, near=near(each.rule, rules))
        elif place not in used:
            yield source.problem((*loc, "rule"), "idle-silence", name=each.rule)
        if not each.reason:
            yield source.problem(loc, "reasonless-silence", name=each.rule)
