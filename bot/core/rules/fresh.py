"""Whether a lesson's facts were looked at again in time."""

import datetime as dt
from collections.abc import Iterator

from bot.core.lesson import Lesson
from bot.core.problem import Phrase, Problem
from bot.core.rules.rule import Rule, warning
from bot.core.yaml_text import Source

RULES: tuple[Rule, ...] = (
    warning(
        "recheck-due",
        en=(
            "its facts were to be checked again by {day}, {ago}",
            "check them, mend what changed, then write new dates at 'checked' and 'recheck_by'",
        ),
        vi=(
            "lẽ ra phải kiểm tra lại trước ngày {day}, {ago}",
            "hãy kiểm tra, sửa chỗ đã đổi, rồi ghi ngày mới ở 'checked' và 'recheck_by'",
        ),
    ),
)


def overdue(lesson: Lesson, source: Source, today: dt.date) -> Iterator[Problem]:
    """Find a lesson whose day of checking has passed."""
    days = (today - lesson.recheck_by).days
    if days > 0:
        ago = Phrase(f"{days} day{'' if days == 1 else 's'} ago", f"đã quá {days} ngày")
        yield source.problem(("recheck_by",), "recheck-due", day=str(lesson.recheck_by), ago=ago)
