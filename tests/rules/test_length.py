"""How long a lesson is guessed to be heard, beside what is really said on the shortest way."""

from datetime import UTC, datetime

import pytest
from small import REAL, lesson, small_library

from bot.core.length import ANSWERING, DOING, EDGES, LETTERS_A_SECOND, kilobytes, shortest
from bot.core.lesson import Ask, Lesson, Scene
from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.spoken import spoken
from bot.core.talk import take_turn
from bot.core.turn import Moment, Opened, Reply, Tapped

NOW = Moment(datetime(2026, 11, 22, 3, tzinfo=UTC))
SEEN = [pytest.param(key, lang, id=f"{key}-{lang}") for key, each in REAL.lessons.items() for lang in each]


def really(library: Library, key: str, lang: str) -> float:
    """Return the seconds of all that someone hears who answers right and ends each rehearsal soonest."""
    found = library.lesson(key, lang)
    assert found
    turn = take_turn(library, Progress(lang=lang, agreed=1, address="ban", place="menu", turns=20), Opened(key), NOW)
    heard = said(library, turn.reply)
    while turn.progress.place == "lesson":
        assert turn.progress.spot
        code = best(found, turn.progress.spot.step, turn.progress.spot.line, turn.reply)
        turn = take_turn(library, turn.progress, Tapped(turn.reply.turn, code), NOW)
        heard += said(library, turn.reply)
    return heard


def said(library: Library, reply: Reply) -> float:
    return sum(EDGES + len(part) / LETTERS_A_SECOND for part in spoken(reply, library))


def best(found: Lesson, step_id: str, line: str, reply: Reply) -> str:
    step = found.steps[found.index[step_id]]
    if isinstance(step, Ask):
        return next(each.code for each, choice in zip(reply.buttons, step.choices, strict=True) if choice.right)
    if isinstance(step, Scene) and line in step.by_id:
        ends = [number for number, choice in enumerate(step.by_id[line].choices) if choice.next == "debrief"]
        return reply.buttons[ends[0] if ends else 0].code
    return reply.buttons[0].code


@pytest.mark.parametrize(("key", "lang"), SEEN)
def test_the_guess_is_near_what_is_said(key: str, lang: str) -> None:
    found = REAL.lesson(key, lang)
    assert found
    assert shortest(found).heard == pytest.approx(really(REAL, key, lang), rel=0.1)


def test_a_rehearsal_counts_its_quickest_way_alone() -> None:
    library = small_library()
    text = library.lessons["bai-01"]["vi"].model_dump_json()
    longer = Lesson.model_validate_json(text.replace("Đọc mã cho tôi.", "Đọc mã cho tôi. " * 20))
    assert shortest(longer) == shortest(library.lessons["bai-01"]["vi"])


def test_answering_and_doing_take_their_time() -> None:
    first = small_library().lessons["bai-01"]["vi"]
    tells, asks, does, scene = 2, 2, 1, 3  # the rehearsal is begun, answered once and left
    assert shortest(first).waited == (tells + asks + scene) * ANSWERING + does * DOING


def test_pictures_weigh_more_than_words() -> None:
    text = """
format: 1
title: Bài
summary: Thử.
minutes: 1
audience: [tat-ca]
skills: [KN4]
checked: 2026-11-22
recheck_by: 2027-01-22
steps:
  - id: ke
    kind: tell
    text: Nghe nhé.
"""
    bare = kilobytes(lesson(text))
    filed = kilobytes(lesson(f"{text}    picture: {{file: a.png, alt: A.}}\n"))
    drawn = kilobytes(lesson(f"{text}    picture: {{screen: {{title: A, rows: [B], tap: B}}, alt: A.}}\n"))
    assert drawn - bare == pytest.approx(10)
    assert filed - bare > 25
