"""The questions of a new lesson, and what is wrong with an answer: asked in the terminal and on the office's page."""

import datetime as dt
import re
from collections.abc import Sequence

from bot.core.lesson import is_id, key_of
from bot.core.lesson_file import read_lesson
from bot.core.new_lesson import new_lesson
from bot.core.problem import Phrase, near

QUESTIONS = {
    "course": Phrase("Which course does it belong to?", "Bài này thuộc khóa nào?"),
    "title": Phrase("What is the lesson called?", "Bài này tên là gì?"),
    "summary": Phrase(
        "What can learners do afterwards? One sentence, please",
        "Học xong thì người học biết làm gì? Xin viết một câu",
    ),
    "minutes": Phrase("About how many minutes does it take, 1 to 10?", "Học mất khoảng mấy phút, từ 1 đến 10?"),
    "audience": Phrase(
        "Whom is it for? Codes with commas between, such as nct, moi; tat-ca is everyone",
        "Bài dành cho ai? Các mã cách nhau bằng dấu phẩy, như nct, moi; tat-ca là tất cả mọi người",
    ),
    "skills": Phrase(
        "Which skills of the programme does it train? With commas between, such as KN3, KN4",
        "Bài tập kỹ năng nào trong chương trình? Cách nhau bằng dấu phẩy, như KN3, KN4",
    ),
    "id": Phrase("Its id, which names the file; Enter takes", "Mã của bài, cũng là tên tệp; nhấn Enter là lấy"),
}
USUAL = {"minutes": "3", "audience": "tat-ca"}
LISTS = {"audience", "skills"}
EXAMPLE: dict[str, object] = {  # with it, one answer is judged by itself
    "title": "Bài mới",
    "summary": "Biết một việc mới.",
    "minutes": 3,
    "audience": ["tat-ca"],
    "skills": ["KN3"],
}


def value_of(key: str, said: str) -> object:
    """Return an answer as the file holds it."""
    if key in LISTS:
        return [each for each in re.split(r"[\s,;]+", said) if each]
    return int(said) if key == "minutes" and said.isdecimal() else said


def wrong_answer(key: str, said: str, lang: str) -> str:
    """Say what is wrong with an answer, or nothing."""
    text = new_lesson({**EXAMPLE, key: value_of(key, said)}, dt.date(2026, 1, 1), lang)
    found = read_lesson(text, "", "", "")
    return "\n".join(each.sentence(lang) for each in found) if isinstance(found, list) else ""


def no_course(said: str, courses: Sequence[str], lang: str) -> str:
    """Say that there is no such course, or nothing."""
    if said in courses:
        return ""
    advice = near(said, courses).said(lang)
    return Phrase(f"There is no course {said!r}; {advice}", f"Không có khóa {said!r}; {advice}").said(lang)


def taken(said: str, names: Sequence[str], lang: str) -> str:
    """Say why this can't be a new lesson's id: it is none, or progress would take it for another's."""
    if not is_id(said):
        return Phrase(
            f"{said!r} can't be an id; use small letters a to z, digits and hyphens, 40 at most,"
            " such as 'an-07-vay-tien'",
            f"{said!r} không làm mã được; hãy dùng chữ thường không dấu, số và gạch nối, nhiều nhất 40 ký tự, như"
            " 'an-07-vay-tien'",
        ).said(lang)
    other = next((name for name in names if key_of(name) == key_of(said)), "")
    if not other:
        return ""
    return Phrase(
        f"The number of {said!r} is taken by {other!r}; choose the next free one",
        f"Số của {said!r} đã thuộc về {other!r}; hãy chọn số tiếp theo còn trống",
    ).said(lang)
