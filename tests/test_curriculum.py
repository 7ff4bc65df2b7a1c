"""Every lesson that learners get: whole, short, fit for ears, and walked to its end on every way."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from small import PROBLEMS, SHIPPED

from bot.core.fold import fold
from bot.core.lesson import Ask, Lesson, Scene
from bot.core.library import FIRST
from bot.core.progress import Progress
from bot.core.talk import take_turn
from bot.core.turn import Event, Moment, Opened, Reply, Tapped, Typed
from bot.core.wording import plain

NOW = Moment(datetime(2026, 11, 22, 3, tzinfo=UTC))
LESSONS = [
    pytest.param(lesson, id=f"{key}-{lang}") for key, each in SHIPPED.lessons.items() for lang, lesson in each.items()
]
LONGEST_TEXT, LONGEST_LABEL = 350, 55  # characters
MOST_TURNS = 3_000  # on all ways through one lesson


def texts(lesson: Lesson) -> Iterator[str]:
    """Everything a lesson says at once."""
    for step in lesson.steps:
        yield step.text
        if isinstance(step, Scene):
            yield step.debrief
            for line in step.lines:
                yield f"{line.who}: {line.says}"


def labels(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        if isinstance(step, Ask):
            yield from (choice.text for choice in step.choices)
        if isinstance(step, Scene):
            yield from (choice.text for line in step.lines for choice in line.choices)


def test_no_lesson_is_left_out() -> None:
    assert PROBLEMS == ()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_short_and_fit_for_ears(lesson: Lesson) -> None:
    for text in texts(lesson):
        assert len(plain(text)) <= LONGEST_TEXT, text
    for label in labels(lesson):
        assert len(label) <= LONGEST_LABEL, label
        assert label[0].isalpha(), label
    every = " ".join((*texts(lesson), *labels(lesson)))
    assert not re.search(r"_|#|https?:|www\.|[\u2600-\u27bf\U0001f300-\U0001faff]", every)
    assert not re.search(r"\bphía (trên|dưới)\b|\bbên (trên|dưới) màn|như hình|nút màu", every, re.IGNORECASE)


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_lesson_asks_for_a_code_or_links_elsewhere(lesson: Lesson) -> None:
    every = " ".join((*texts(lesson), *labels(lesson), lesson.learnt or "", lesson.help or ""))
    for address in re.findall(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.vn\b", every):
        assert address in {"dichvucong.gov.vn", "vneid.gov.vn", "binhdanhocvuso.gov.vn"}, address
    assert not re.search(r"\.com\b|bit\.ly", every)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_answer_does_not_always_stand_first(lesson: Lesson) -> None:
    asked = [step for step in lesson.steps if isinstance(step, Ask)]
    assert asked, "a lesson without a question"
    if len(asked) > 1:
        assert any(not step.choices[0].right for step in asked)


def test_facts_are_named_and_checked() -> None:
    for languages in SHIPPED.lessons.values():
        lesson = languages[FIRST]
        assert lesson.facts, lesson.id
        assert lesson.checked.isoformat() == "2026-11-22"
        assert lesson.checked < lesson.recheck_by


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_way_through_a_lesson_ends(lesson: Lesson) -> None:
    """By tap, number and typed label in turn, with every choice at every place."""
    progress = Progress(lang=lesson.lang, agreed=1, address="bac", place="menu")
    begun = take_turn(SHIPPED, progress, Opened(lesson.key), NOW)
    ahead, met, ends, turns = [begun], {_place(begun.progress)}, 0, 0
    while ahead:
        here = ahead.pop()
        for number in range(len(here.reply.buttons)):
            event = _event(here.reply, number, turns)
            turn = take_turn(SHIPPED, here.progress, event, NOW)
            turns += 1
            assert turn.progress is not here.progress, (event, here.reply.text)
            assert turns < MOST_TURNS
            if turn.progress.place.startswith("finish"):
                ends += 1
            elif _place(turn.progress) not in met:
                met.add(_place(turn.progress))
                ahead.append(turn)
    assert ends
    assert {step.id for step in lesson.steps} == {step for step, *_ in met}
    scenes = {(step.id, line.id) for step in lesson.steps if isinstance(step, Scene) for line in step.lines}
    assert scenes <= {(step, line) for step, line, *_ in met}


def _event(reply: Reply, number: int, turns: int) -> Event:
    button = reply.buttons[number]
    ways: tuple[Event, ...] = (Tapped(reply.turn, button.code), Typed(str(number + 1)), Typed(plain(button.label)))
    return ways[turns % len(ways)]


def _place(progress: Progress) -> tuple[str, str, int]:
    spot = progress.spot
    return (spot.step, spot.line, min(spot.tries, 2)) if spot else ("", "", 0)


def test_needs_come_before_what_needs_them() -> None:
    place = {key: number for number, key in enumerate(SHIPPED.order)}
    assert len(place) == len(SHIPPED.lessons)
    orders = [course[FIRST].order for course in SHIPPED.courses]
    assert all(first < second for first, second in pairwise(orders))


def test_no_two_lessons_have_one_title() -> None:
    titles = [fold(languages[FIRST].title).bare for languages in SHIPPED.lessons.values()]
    assert len(titles) == len(set(titles))


def test_an_untranslated_lesson_has_no_english_words_in_it() -> None:
    keys = [key for key, languages in SHIPPED.lessons.items() if "en" not in languages]
    for key in keys:
        shown = SHIPPED.lesson(key, "en")
        assert shown
        assert not re.search(r"\b[Yy]ou\b|[{}]", " ".join(texts(shown)))
