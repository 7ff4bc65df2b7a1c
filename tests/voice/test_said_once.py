"""Numbers in lessons: written as figures and put in words by the voice, so that nobody hears one twice."""

import re
from pathlib import Path

import pytest
from small import REPO

from bot.core.numerals import by_digit

FILES = sorted((REPO / "lessons").glob("*/*.yaml"))
_number = re.compile(r"\d[\d ]*\d")


def twice(line: str, lang: str) -> list[str]:
    """Find the numbers that a line also spells, digit by digit."""
    words = re.sub(r"[^\w]+", " ", line)
    rows = [by_digit(number.replace(" ", ""), lang) for number in _number.findall(line)]
    return [row for row in rows if f" {row} " in f" {words} "]


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("gọi 113, tức là một, một, ba.", "vi"),
        ("số 1900 0368. Đọc từng số: một, chín, không, không, không, ba, sáu, tám.", "vi"),
        ("call 113: one, one, three.", "en"),
    ],
)
def test_a_number_that_would_be_heard_twice_is_found(line: str, lang: str) -> None:
    assert len(twice(line, lang)) == 1
    assert twice(line.partition(",")[0].partition(":")[0].partition(".")[0], lang) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_number_is_heard_twice(path: Path) -> None:
    lang = "en" if path.name.endswith(".en.yaml") else "vi"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if twice(line, lang)] == []
