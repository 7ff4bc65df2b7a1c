"""What docs/lessons.md says of advice is true: a heading for each rule, and examples that need none."""

import datetime as dt
import re

import pytest
from small import SHIPPED
from test_advice import source
from test_docs import LESSONS, fences, page, section

from bot.core import length
from bot.core.contacts import Contacts, read_contacts
from bot.core.lesson import Lesson
from bot.core.lesson_file import lesson_of, translation_of
from bot.core.library import FIRST
from bot.core.rules import budget, ears, silence, teaching
from bot.core.rules.advice import ADVICE, advise
from bot.core.rules.rule import LessonSource

TODAY = dt.date(2026, 11, 22)


def test_every_rule_of_advice_has_a_heading_and_no_other_does() -> None:
    chapter = page(LESSONS).split("\n## Advice\n")[1].split("\n## ")[0]
    headings = re.findall(r"^### ([a-z-]+)$", chapter, re.MULTILINE)
    assert sorted(headings) == sorted({*ADVICE, *(rule.code for rule in silence.RULES)})


@pytest.mark.parametrize("code", [code for code, rule in ADVICE.items() if rule.severity == "error"])
def test_what_is_an_error_is_called_one(code: str) -> None:
    assert section(LESSONS, code).strip().startswith("An error.")


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("long-label", f"over {ears.LONGEST_LABEL} characters"),
        ("long-text", f"over {ears.LONGEST_TEXT} characters"),
        ("long-listening", f"than {budget.LONGEST} seconds"),
        ("heavy-lesson", f"over {budget.HEAVIEST} kB"),
        ("heavy-lesson", f"({length.VOICE_BYTES * 8 // 1000} kbit/s)"),
        ("too-few-minutes", f"{length.LETTERS_A_SECOND:.0f} letters a second"),
        ("too-few-minutes", f"{length.ANSWERING:.0f} seconds for an answer, {length.DOING:.0f} for something to do"),
    ],
)
def test_its_figures_are_those_of_the_program(heading: str, words: str) -> None:
    assert words in section(LESSONS, heading)
    assert teaching.TOLERANCE == 2


def test_the_complete_example_needs_no_advice_but_what_it_allows() -> None:
    text, english_text = fences(section(LESSONS, "A complete example"))
    first, other = source(text, "example.yaml"), source(english_text, "example.en.yaml")
    lesson = lesson_of(first, "an-07-nguoi-than-vay-tien", "an-toan")
    assert isinstance(lesson, Lesson)
    english = translation_of(other, lesson, "en")
    assert isinstance(english, Lesson)
    assert list(advise(SHIPPED, [LessonSource(first, lesson, FIRST), LessonSource(other, english, "en")], TODAY)) == []


def test_the_example_of_contacts_is_good() -> None:
    (text,) = fences(section(LESSONS, "Contacts"))
    assert isinstance(read_contacts(text, "contacts.yaml"), Contacts)
