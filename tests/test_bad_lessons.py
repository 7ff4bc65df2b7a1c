"""Bad lessons, one fault each, and the exact sentences an editor reads in both languages (tests/bad_lessons/)."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from bad_tables import FOLDER, faults, write
from lesson_texts import LESSON, TRANSLATION

from bot.core.lesson import Lesson
from bot.core.lesson_file import read_lesson, read_translation
from bot.lesson_commands.looking import look_at

TODAY = dt.date(2026, 11, 22)
IN_LESSON = faults("lesson", {"lesson": LESSON})
IN_TRANSLATION = faults("translation", {"translation": TRANSLATION})
IN_LIBRARY = faults("folder", FOLDER)


def told(problems: object) -> list[str]:
    assert isinstance(problems, list)
    return [str(each).removeprefix(f"{each.path}:") for each in problems]


def told_in_vietnamese(problems: object) -> list[str]:
    assert isinstance(problems, list)
    return [each.sentence("vi") for each in problems]


@pytest.mark.parametrize("name", IN_LESSON)
def test_a_bad_lesson_is_told_with_place_and_cure(name: str) -> None:
    fault = IN_LESSON[name]
    problems = read_lesson(fault.files["lesson"], "an-02-giu-ma.yaml", "an-02-giu-ma", "an-toan")
    assert (told(problems), told_in_vietnamese(problems)) == (fault.told, fault.told_in_vietnamese)


@pytest.mark.parametrize("name", IN_TRANSLATION)
def test_a_translation_that_departs_is_told(name: str) -> None:
    fault = IN_TRANSLATION[name]
    lesson = read_lesson(LESSON, "an-02-giu-ma.yaml", "an-02-giu-ma", "an-toan")
    assert isinstance(lesson, Lesson)
    problems = read_translation(fault.files["translation"], "an-02-giu-ma.en.yaml", lesson, "en")
    assert (told(problems), told_in_vietnamese(problems)) == (fault.told, fault.told_in_vietnamese)


@pytest.mark.parametrize("name", IN_LIBRARY)
def test_a_bad_folder_is_told_with_place_and_cure(tmp_path: Path, name: str) -> None:
    fault = IN_LIBRARY[name]
    write(tmp_path, fault.files)
    problems = list(look_at([tmp_path], TODAY).problems)
    assert [str(each).removeprefix(f"{tmp_path}/") for each in problems] == fault.told
    assert told_in_vietnamese(problems) == fault.told_in_vietnamese


def test_the_small_folder_itself_is_good(tmp_path: Path) -> None:
    write(tmp_path, FOLDER)
    assert look_at([tmp_path], TODAY).problems == ()


def test_there_are_many_kinds_of_faults() -> None:
    tables = (IN_LESSON, IN_TRANSLATION, IN_LIBRARY)
    assert sum(map(len, tables)) >= 130
    codes = Counter(line.split()[2] for table in tables for fault in table.values() for line in fault.told)
    assert len(codes) >= 60
