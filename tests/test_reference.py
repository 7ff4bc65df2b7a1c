"""docs/tra-cuu.md, the reference in Vietnamese: it is what the program gives, whole, and its examples are true."""

import datetime as dt
import re
from pathlib import Path
from textwrap import indent

import pytest
import reference
from pydantic import BaseModel
from small import SHIPPED
from test_docs import page

from bot.core import length
from bot.core.file_schema import MODELS
from bot.core.key_notes import NOTES, PARTS, note_of
from bot.core.lesson import Lesson
from bot.core.lesson_file import lesson_of
from bot.core.library import FIRST
from bot.core.rules import ALL, budget, config, ears
from bot.core.rules.advice import advise
from bot.core.rules.rule import LessonSource, error
from bot.core.yaml_text import Source, parse

BOOK, TRA_CUU = "docs/bai-hoc.md", "docs/tra-cuu.md"
TODAY = dt.date(2026, 11, 22)
NOTED = reference.notes()
TRIED = [code for code, note in NOTED.items() if "bad" in note]
LESSON = """
format: 1
title: Giữ mã
summary: Biết giữ mã.
minutes: 3
audience: [tat-ca]
skills: [KN3]
checked: 2026-11-22
recheck_by: 2027-02-22
steps:
  - id: giu-ma
    kind: tell
"""


def test_the_page_is_what_the_program_gives() -> None:
    assert page(TRA_CUU) == reference.reference(), "run make reference"


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = tmp_path / "tra-cuu.md"
    monkeypatch.setattr(reference, "PAGE", there)
    monkeypatch.setattr("sys.argv", ["reference.py"])
    with pytest.raises(SystemExit, match="isn't what the program gives; run make reference"):
        reference.main()
    monkeypatch.setattr("sys.argv", ["reference.py", "--write"])
    reference.main()
    monkeypatch.setattr("sys.argv", ["reference.py"])
    reference.main()
    assert there.read_text(encoding="utf-8") == page(TRA_CUU)


def chapter(heading: str, level: int) -> str:
    """Return what stands under a heading, the smaller headings below it too."""
    until = rf"(?=^#{{1,{level}}} |\Z)"
    found = re.findall(rf"^{'#' * level} {re.escape(heading)}\n\n(.*?){until}", page(TRA_CUU), re.MULTILINE | re.DOTALL)
    assert len(found) >= 1, heading
    return "\n".join(found)


def headings(text: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)


def test_every_kind_of_file_has_its_chapter() -> None:
    assert reference.FILES.keys() == MODELS.keys()
    assert headings(chapter("Các mục trong tệp", 2), 3) == [title for title, _ in reference.FILES.values()]


@pytest.mark.parametrize("name", MODELS)
def test_every_key_has_its_heading(name: str) -> None:
    title, path = reference.FILES[name]
    text = chapter(title, 3)
    assert f"`{path}`" in text
    keys: list[tuple[str, str]] = []
    for model in reference.parts_of(MODELS[name]):
        part = PARTS[model.__name__] if model is not MODELS[name] else f"Tệp {title.lower()}"
        keys += [(part, key) for key in model.model_fields]
    found = []
    part = ""
    for marks, heading in re.findall(r"^(####|#####) (.+)$", text, re.MULTILINE):
        part = heading if marks == "####" else part
        found += [(part, heading)] if marks == "#####" else []
    assert found == keys


def test_no_part_of_a_file_is_left_out() -> None:
    found = {part.__name__ for model in MODELS.values() for part in reference.parts_of(model)}
    assert found == PARTS.keys()
    assert all(isinstance(part, type) and issubclass(part, BaseModel) for part in reference.parts_of(MODELS["lesson"]))


def test_a_key_says_what_it_is_for_and_whether_it_must_be_there() -> None:
    lesson = chapter("Tệp bài học", 4)
    assert "##### minutes\n\nBắt buộc. Học mất khoảng mấy phút, từ 1 đến 10. Ví dụ: `3`.\n" in lesson
    assert "##### needs\n\nNhững bài nên học trước.\n" in lesson
    assert note_of("LessonFile", "needs").vi == NOTES["needs"].vi
    assert "`{bạn}` là người học" in chapter("Bước kể (tell)", 4)


def test_every_rule_has_its_heading_and_no_other_does() -> None:
    ours = ALL.keys() - {rule.code for rule in config.RULES}
    found = headings(chapter("Các quy tắc", 2), 4)
    assert sorted(found) == sorted(ours)
    assert sorted(NOTED) == sorted(ours)
    assert {key for note in NOTED.values() for key in note} == {"when", "mend", "bad", "good"}


@pytest.mark.parametrize("code", NOTED)
def test_a_rule_says_its_sentence_when_it_comes_and_how_to_mend(code: str) -> None:
    text = chapter(code, 4)
    rule = ALL[code]
    assert ("Lỗi: phải sửa." in text) is (rule.severity == "error")
    (said,) = re.findall("^> (.+)$", text, re.MULTILINE)
    longest = max(re.split(r"\{[^{}]*\}|[*<{}]", rule.what["vi"]), key=len)
    assert longest in said
    assert NOTED[code]["when"].rstrip()[-1] in ".!?"
    assert NOTED[code]["mend"].rstrip()[-1] in ".!?"
    assert f"**Khi nào.** {NOTED[code]['when']}\n" in text
    assert f"**Sửa thế nào.** {NOTED[code]['mend']}\n" in text


def test_a_sentence_has_dots_where_it_differs() -> None:
    made = error("so", en=("", ""), vi=("{name!r} có *{count}* mục {{bạn}}", "{near}"))
    assert reference.sentence(made) == r"'…' có \*…\* mục {bạn}; có phải ý là '…' không?"


def codes_of(example: str) -> set[str]:
    """Return which rules an example breaks: as a file where it is none, else as a step of a lesson."""
    source = parse(example, "")
    if not isinstance(source, Source):
        return {each.code for each in source}
    if not isinstance(source.data, dict) or set(source.data) != {"text"}:
        return set()
    source = parse(LESSON + indent(example, "    "), "a.yaml")
    assert isinstance(source, Source), source
    lesson = lesson_of(source, "an-01-giu-ma", "an-toan")
    if not isinstance(lesson, Lesson):
        return {each.code for each in lesson}
    return {each.code for each in advise(SHIPPED, [LessonSource(source, lesson, FIRST)], TODAY)}


@pytest.mark.parametrize("code", TRIED)
def test_its_bad_example_breaks_that_rule_and_its_good_one_none(code: str) -> None:
    bad, good = NOTED[code]["bad"], NOTED[code]["good"]
    assert codes_of(bad) == {code}
    assert codes_of(good) == set()
    assert f"Chưa được:\n```yaml\n{bad}```\n\nĐược:\n```yaml\n{good}```\n" in chapter(code, 4)


def test_many_rules_have_examples() -> None:
    assert len(TRIED) >= 35


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("long-label", f"quá {ears.LONGEST_LABEL} ký tự"),
        ("long-text", f"quá {ears.LONGEST_TEXT} ký tự"),
        ("long-listening", f"hơn {budget.LONGEST} giây"),
        ("heavy-lesson", f"hơn {budget.HEAVIEST} kB"),
        ("too-few-minutes", f"{length.LETTERS_A_SECOND:.0f} chữ cái một giây"),
        ("too-few-minutes", f"{length.ANSWERING:.0f} giây cho mỗi câu trả lời, {length.DOING:.0f} giây cho mỗi việc"),
        ("long-id", "quá 40 ký tự"),
    ],
)
def test_its_figures_are_those_of_the_program(code: str, words: str) -> None:
    assert words in NOTED[code]["when"]


def test_the_handbook_leads_there() -> None:
    text = page(BOOK)
    links = re.findall(r"\]\(tra-cuu\.md#([^)]+)\)", text)
    assert "](tra-cuu.md)" in text
    anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings(page(TRA_CUU), 3)}
    anchors |= {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings(page(TRA_CUU), 2)}
    assert links
    assert set(links) <= anchors
