"""Spots: every text of a lesson has one, its translation has the same, and by them a translation is written."""

from lesson_texts import LESSON, TRANSLATION
from small import REPO, SHIPPED

from bot.core.lesson import Lesson
from bot.core.lesson_file import read_lesson, read_translation
from bot.core.lesson_texts import lesson_texts
from bot.core.lesson_yaml import yaml_of
from bot.core.library import FIRST
from bot.core.spots import data_with, formerly, said_at, same_words, spots
from bot.core.translation import CourseTranslation, LessonTranslation
from bot.core.yaml_file import read


def lesson() -> Lesson:
    found = read_lesson(LESSON, "an-02-giu-ma.yaml", "an-02-giu-ma", "an-toan")
    assert isinstance(found, Lesson)
    return found


def test_a_spot_tells_step_and_key_in_words() -> None:
    assert list(spots(lesson())) == [
        "title",
        "summary",
        "nghe/text",
        "nghe/picture.alt",
        "hoi/text",
        "hoi/choices.1.text",
        "hoi/choices.1.because",
        "hoi/choices.2.text",
        "hoi/choices.2.because",
        "hoi/hint",
        "lam/text",
        "lam/differs",
        "lam/help",
        "goi/text",
        "goi/lines.chao.who",
        "goi/lines.chao.says",
        "goi/lines.chao.choices.1.text",
        "goi/lines.chao.choices.2.text",
        "goi/lines.chao.choices.2.because",
        "goi/lines.doa.who",
        "goi/lines.doa.says",
        "goi/lines.doa.choices.1.text",
        "goi/lines.doa.choices.2.text",
        "goi/debrief",
        "learnt",
    ]


def test_no_text_of_a_shipped_lesson_is_without_a_spot_of_its_own() -> None:
    for languages in SHIPPED.lessons.values():
        first = languages[FIRST]
        assert [each.text for each in spots(first).values()] == [each.text for each in lesson_texts(first)]


def test_a_translation_says_the_same_spots_and_can_be_written_by_them() -> None:
    found = read(LessonTranslation, TRANSLATION, "")
    assert isinstance(found, LessonTranslation)
    said = said_at(found.model_dump())
    assert said.keys() == spots(lesson()).keys()
    assert said["goi/lines.chao.choices.2.because"] == "Well done."
    english = read_translation(TRANSLATION, "", lesson(), "en")
    assert read_translation(yaml_of(data_with(lesson(), said)), "", lesson(), "en") == english


def test_a_course_has_two_spots() -> None:
    course = SHIPPED.courses[0]
    assert list(spots(course[FIRST])) == ["title", "summary"]
    text = (REPO / f"lessons/{course[FIRST].id}/course.en.yaml").read_text(encoding="utf-8")
    found = read(CourseTranslation, text, "")
    assert isinstance(found, CourseTranslation)
    said = said_at(found.model_dump())
    assert said == {"title": course["en"].title, "summary": course["en"].summary}
    assert data_with(course[FIRST], said) == {"format": 1, **said}


def test_a_renamed_step_is_found_by_its_former_id() -> None:
    assert list(formerly(lesson(), "hoi/choices.2.text")) == ["hoi-cu/choices.2.text"]
    assert list(formerly(lesson(), "title")) == []


def test_where_lines_break_does_not_count() -> None:
    assert same_words("Giữ  mã.\n", "Giữ\nmã.")
    assert not same_words("Giữ mã.", "Giữ mã")
