"""The lessons that learners get need no advice, and looking for it takes little."""

import datetime as dt

from small import REPO

from bot.core.library import FIRST
from bot.core.rules.advice import ADVICE, advise
from bot.lesson_commands.looking import look_at
from bot.library import look_through

CHECKED = dt.date(2026, 11, 22)


def test_the_shipped_lessons_need_no_advice() -> None:
    assert look_at([REPO / "lessons"], CHECKED).problems == ()


def test_every_lesson_is_due_on_its_day_and_not_before() -> None:
    library, _, files = look_through(REPO / "lessons")
    firsts = [file for file in files if file.lang == FIRST]
    last = max(file.lesson.recheck_by for file in firsts)
    due = [problem for problem in advise(library, files, last) if problem.code == "recheck-due"]
    assert len(due) == sum(file.lesson.recheck_by < last for file in firsts)


def test_advice_is_told_in_both_languages() -> None:
    for rule in ADVICE.values():
        assert {*rule.what} == {*rule.cure} == {"vi", "en"}
        assert rule.what["vi"] != rule.what["en"]
        assert not rule.what["vi"].isascii()
