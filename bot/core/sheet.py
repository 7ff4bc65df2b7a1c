"""A lesson as rows of a sheet: the first row names the columns, each other one begins with what it is.

The lesson's own keys come first, a row each (a row for each item of a list). Then the steps in their order; below a
question its choices, below a rehearsal its lines with their choices. `sheet_reading` reads the rows again.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

from bot.core.lesson import AnyOf, Ask, Do, Lesson, Picture, Scene, Step, Tell
from bot.core.problem import Phrase
from bot.core.yaml_text import invisible

COLUMNS: Mapping[str, Phrase] = {
    "row": Phrase("Row", "Dòng"),
    "id": Phrase("Id", "Mã"),
    "text": Phrase("Text", "Lời"),
    "right": Phrase("Right", "Đúng"),
    "because": Phrase("Because", "Vì sao"),
    "next": Phrase("Next", "Đi tới"),
    "who": Phrase("Who", "Người nói"),
    "hint": Phrase("Hint", "Gợi ý"),
    "tries": Phrase("Tries", "Số lần thử"),
    "decides": Phrase("Decides", "Quyết định"),
    "differs": Phrase("Differs", "Khi màn hình khác"),
    "help": Phrase("Help", "Khi cần giúp"),
    "debrief": Phrase("Debrief", "Lời kết diễn tập"),
    "file": Phrase("Picture file", "Tệp hình"),
    "alt": Phrase("Picture alt", "Tả hình"),
    "title": Phrase("Screen title", "Tên màn hình"),
    "rows": Phrase("Screen rows", "Các dòng màn hình"),
    "tap": Phrase("Screen tap", "Dòng cần chạm"),
    "was": Phrase("Was", "Mã cũ"),
}
ONCE: Mapping[str, Phrase] = {  # rows that a sheet has once
    "id": Phrase("Lesson id", "Mã bài"),
    "course": Phrase("Course", "Khóa"),
    "title": Phrase("Title", "Tên bài"),
    "summary": Phrase("Summary", "Tóm tắt"),
    "minutes": Phrase("Minutes", "Số phút"),
    "checked": Phrase("Checked", "Ngày kiểm tra"),
    "recheck_by": Phrase("Recheck by", "Kiểm tra lại trước"),
    "learnt": Phrase("Learnt", "Đã học được"),
    "help": Phrase("Help", "Nơi giúp đỡ"),
}
EACH: Mapping[str, Phrase] = {  # rows of which each adds an item
    "audience": Phrase("Audience", "Dành cho"),
    "skills": Phrase("Skill", "Kỹ năng"),
    "needs": Phrase("Needs", "Cần học trước"),
    "facts": Phrase("Facts", "Hồ sơ dữ kiện"),
    "sections": Phrase("Section", "Mục hồ sơ"),
    "sources": Phrase("Source", "Nguồn"),
    "allow": Phrase("Allow", "Cho phép"),
}
STEPS: Mapping[str, Phrase] = {
    "tell": Phrase("Tell", "Kể"),
    "ask": Phrase("Ask", "Hỏi"),
    "do": Phrase("Do", "Làm"),
    "scene": Phrase("Scene", "Diễn tập"),
}
BELOW: Mapping[str, Phrase] = {"choice": Phrase("Choice", "Lựa chọn"), "line": Phrase("Line", "Câu thoại")}
KINDS: Mapping[str, Phrase] = {**ONCE, **EACH, **STEPS, **BELOW}

Loc = tuple[str, ...]
_STEP: Mapping[str, Loc] = {"id": ("id",), "text": ("text",), "was": ("was",)}
_PICTURE: Mapping[str, Loc] = {
    "file": ("picture", "file"),
    "alt": ("picture", "alt"),
    "title": ("picture", "screen", "title"),
    "rows": ("picture", "screen", "rows"),
    "tap": ("picture", "screen", "tap"),
}
# Which cells a row may have, and the key within its part of the lesson that each cell is.
CELLS: Mapping[str, Mapping[str, Loc]] = {
    "allow": {"text": ("rule",), "id": ("step",), "because": ("reason",)},
    "tell": {**_STEP, **_PICTURE},
    "ask": {**_STEP, "hint": ("hint",), "tries": ("tries",), "decides": ("decides",)},
    "do": {**_STEP, "differs": ("differs",), "help": ("help",), **_PICTURE},
    "scene": {**_STEP, "debrief": ("debrief",)},
    "line": {"id": ("id",), "who": ("who",), "text": ("says",)},
    "choice": {"text": ("text",), "right": ("right",), "because": ("because",)},  # of a question
    "reaction": {"text": ("text",), "next": ("next",), "because": ("because",)},  # a choice of a line
}
JUST_TEXT: Mapping[str, Loc] = {"text": ()}  # the cells of all other rows
EXACT = "json:"  # what stands behind it is taken to the letter
RIGHT = "x"

_whole = re.compile(r"-?[0-9]{1,15}")


def tidy(text: str) -> str:
    """Return what is meant by a cell's text: spaces around it and how letters are composed don't count."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").strip())


def whole(text: str) -> int | None:
    """Return the whole number that the text is, if it is one."""
    return int(text) if _whole.fullmatch(text) else None


def exactly(text: str) -> str:
    """Return the text of a cell that is read as this text, to the letter."""
    if text.startswith(EXACT) or tidy(text) != text or any(map(invisible, text.split("\n"))):
        return EXACT + json.dumps(text)
    return text


def rows_of(lesson: Lesson, lang: str) -> list[list[str]]:
    """Return the lesson as rows, all of the same length, with headings in this language."""
    rows = [*_head(lesson), *(row for step in lesson.steps for row in _step(step))]
    told = [{**row, "row": KINDS[row["row"]].said(lang)} for row in rows]
    return [[name.said(lang) for name in COLUMNS.values()], *([row.get(name, "") for name in COLUMNS] for row in told)]


def _head(lesson: Lesson) -> Iterator[dict[str, str]]:
    for name in ONCE:
        if (value := getattr(lesson, name)) is not None:
            yield {"row": name, "text": exactly(str(value))}
    for name in ("audience", "skills", "sources"):
        yield from ({"row": name, "text": exactly(each)} for each in getattr(lesson, name))
    for need in lesson.needs:
        yield {"row": "needs", "text": ", ".join(need.any) if isinstance(need, AnyOf) else need}
    for fact in lesson.facts:
        yield {"row": "facts", "text": exactly(fact.file)}
        yield from ({"row": "sections", "text": _section(each)} for each in fact.sections)
    for each in lesson.allow:
        yield _filled("allow", text=each.rule, id=each.step, because=each.reason)


def _section(section: int | str) -> str:
    """Return a section's cell: a text that would be read as a number is marked as text."""
    return (
        EXACT + json.dumps(section)
        if isinstance(section, str) and whole(section) is not None
        else exactly(str(section))
    )


def _filled(kind: str, **cells: str | None) -> dict[str, str]:
    return {"row": kind, **_exact(cells)}


def _exact(cells: Mapping[str, str | None]) -> dict[str, str]:
    return {name: exactly(text) for name, text in cells.items() if text is not None}


def _step(step: Step) -> Iterator[dict[str, str]]:
    row = _filled(step.kind, id=step.id, text=step.text, was=", ".join(step.was) or None)
    match step:
        case Tell():
            yield {**row, **_picture(step.picture)}
        case Do():
            yield {**row, **_filled("do", differs=step.differs, help=step.help), **_picture(step.picture)}
        case Ask():
            decides = RIGHT if step.decides else None
            yield {**row, **_filled("ask", hint=step.hint, tries=str(step.tries), decides=decides)}
            for choice in step.choices:
                right = RIGHT if choice.right else None
                yield _filled("choice", text=choice.text, right=right, because=choice.because)
        case Scene():
            yield {**row, **_filled("scene", debrief=step.debrief)}
            for line in step.lines:
                yield _filled("line", id=line.id, who=line.who, text=line.says)
                for reaction in line.choices:
                    yield _filled("choice", text=reaction.text, next=reaction.next, because=reaction.because)


def _picture(picture: Picture | None) -> dict[str, str]:
    if picture is None:
        return {}
    cells: dict[str, str | None] = {"file": picture.file, "alt": picture.alt}
    if screen := picture.screen:
        cells |= {"title": screen.title, "rows": "\n".join(screen.rows), "tap": screen.tap}
    return _exact(cells)
