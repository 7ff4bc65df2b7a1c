"""Learners are told of a lesson that nobody has checked for long, when they begin it and when they go on with it."""

from datetime import UTC, datetime, timedelta

import pytest
from small import small_library

from bot.core.progress import Progress
from bot.core.talk import show, take_turn
from bot.core.turn import Moment, Opened

DUE = datetime(2027, 1, 22, 3, tzinfo=UTC)  # the `recheck_by` of the small lessons; in Vietnam the same day
TOLD = {
    "vi": (
        "Bài này kiểm tra lần cuối ngày 22/11/2026, nên có chỗ có thể đã đổi. Chỗ nào thấy khác, bác hỏi Công an xã"
        " hoặc Trung tâm Phục vụ hành chính công xã giúp cháu."
    ),
    "en": (
        "This lesson was last checked on 22/11/2026, so something may have changed. Where you find it different,"
        " please ask the commune police or the commune's public administration centre."
    ),
}
LIBRARY = small_library()


def opened(progress: Progress, lesson: str, day: int) -> tuple[Progress, tuple[str, ...]]:
    turn = take_turn(LIBRARY, progress, Opened(lesson), Moment(DUE + timedelta(days=day)))
    return turn.progress, turn.reply.notes


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("day", "told"), [(-30, False), (1, False), (60, False), (61, True), (400, True)])
def test_a_learner_is_told_two_months_after_the_day_of_checking(lang: str, day: int, *, told: bool) -> None:
    fresh = Progress(lang=lang, agreed=1, address="bac", place="menu")
    _, notes = opened(fresh, "bai-02", day)
    assert (TOLD[lang] in notes) is told


def test_who_comes_back_to_a_lesson_that_aged_meanwhile_is_told_again() -> None:
    begun, notes = opened(Progress(agreed=1, address="bac", place="menu"), "bai-01", 0)
    assert TOLD["vi"] not in notes
    away = take_turn(LIBRARY, begun, Opened("bai-02"), Moment(DUE)).progress
    back, notes = opened(away, "bai-01", 90)
    assert notes[-1] == TOLD["vi"]
    assert show(LIBRARY, back, Moment(DUE + timedelta(days=90))).notes == notes


def test_the_screen_of_the_step_stays_as_it_was() -> None:
    fresh = Progress(agreed=1, address="bac", place="menu")
    before = take_turn(LIBRARY, fresh, Opened("bai-01"), Moment(DUE)).reply
    after = take_turn(LIBRARY, fresh, Opened("bai-01"), Moment(DUE + timedelta(days=90))).reply
    assert (after.text, after.buttons) == (before.text, before.buttons)
    assert after.notes == (*before.notes, TOLD["vi"])
