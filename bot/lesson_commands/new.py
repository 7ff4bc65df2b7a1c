"""`hocso new lesson`: asks what a lesson begins with, and writes a file that can be taught at once."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from bot.console import ConfigOption, fail, settings
from bot.core.lesson import is_id, key_of
from bot.core.lesson_file import read_lesson
from bot.core.new_lesson import new_lesson, proposed_id
from bot.core.problem import Phrase, near
from bot.voice.files import put

new_app = typer.Typer(no_args_is_help=True)

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

Wrong = Callable[[str], str]  # what is wrong with an answer, or nothing


@new_app.callback()
def new() -> None:
    """Start something new."""


@new_app.command()
def lesson(  # noqa: PLR0913, PLR0917  each is an option
    course: Annotated[str, typer.Argument(help="The course's folder.")] = "",
    title: Annotated[str, typer.Argument(help="The lesson's name.")] = "",
    summary: Annotated[str, typer.Option(help="One sentence: what learners can do afterwards.")] = "",
    minutes: Annotated[str, typer.Option(help="How long it takes, 1 to 10.")] = "",
    audience: Annotated[str, typer.Option(help="Whom it is for, with commas between: nct,moi.")] = "",
    skills: Annotated[str, typer.Option(help="Skills that it trains, with commas between: KN3,KN4.")] = "",
    lesson_id: Annotated[str, typer.Option("--id", help="The lesson's id; else made of the course and title.")] = "",
    lang: Annotated[Literal["vi", "en"] | None, typer.Option(help="Language of questions and notes.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write a new lesson, with notes, that can be taught at once. What isn't given is asked for."""
    chosen = settings(config)
    told_in = lang or chosen.language
    given = {"title": title, "summary": summary, "minutes": minutes, "audience": audience, "skills": skills}
    try:
        path, begun = _answers(chosen.lessons, course, given, lesson_id, told_in)
    except typer.Abort:
        fail("\nĐã dừng, chưa ghi gì. (Stopped; nothing was written.)")
    today = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        put(path, new_lesson(begun, today, told_in).encode())
    except OSError as error:
        fail(f"{path}: không ghi được. (It can't be written: {error.strerror}.)")
    shown = from_here(path)
    written = Phrase(f"Written: {shown}\nChange it, then run", f"Đã ghi: {shown}\nSửa xong thì chạy").said(told_in)
    typer.echo(f"{written}: hocso check --strict {shown}")


def from_here(path: Path) -> Path:
    """Return the path as seen from here, which reads better and can be typed again."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _answers(
    folder: Path, course: str, given: dict[str, str], lesson_id: str, lang: str
) -> tuple[Path, dict[str, object]]:
    """Ask for what isn't given; return where the lesson is to stand, and what it begins with.

    Raises:
        typer.Abort: whoever was asked doesn't want to go on.
    """
    courses = sorted(path.parent.name for path in folder.glob("*/course.yaml"))
    if not courses:
        fail(
            f"Trong {folder} chưa có khóa nào: hãy tạo một thư mục có tệp course.yaml."
            " (There is no course yet: make a folder with a course.yaml in it.)"
        )
    asking = not all((course, *given.values()))
    question = f"{QUESTIONS['course'].said(lang)} ({', '.join(courses)})"
    course = _answer(question, course, "", lambda said: _no_course(said, courses, lang))
    for key, value in given.items():
        given[key] = _answer(QUESTIONS[key].said(lang), value, USUAL.get(key, ""), _judge(key, lang))
    names = [path.stem for path in folder.glob("*/*.yaml") if is_id(path.stem)]
    in_course = [path.stem for path in (folder / course).glob("*.yaml") if is_id(path.stem)]
    free = proposed_id(course, given["title"], set(in_course) - {"course"}, names)
    offered = lesson_id or ("" if asking else free)
    name = _answer(QUESTIONS["id"].said(lang), offered, free, lambda said: _taken(said, names, lang))
    return folder / course / f"{name}.yaml", {key: _value(key, said) for key, said in given.items()}


def _answer(question: str, given: str, usual: str, wrong: Wrong) -> str:
    """Return what was given, or ask until the answer is good; end if what was given isn't."""
    if given:
        if why := wrong(given):
            fail(why)
        return given
    while True:
        said = typer.prompt(question, default=usual or None).strip()
        if not (why := wrong(said)):
            return str(said)
        typer.echo(why)


def _value(key: str, said: str) -> object:
    """Return an answer as the file holds it."""
    if key in LISTS:
        return [each for each in re.split(r"[\s,;]+", said) if each]
    return int(said) if key == "minutes" and said.isdecimal() else said


def _judge(key: str, lang: str) -> Wrong:
    def wrong(said: str) -> str:
        text = new_lesson({**EXAMPLE, key: _value(key, said)}, dt.date(2026, 1, 1), lang)
        found = read_lesson(text, "", "", "")
        return "\n".join(each.sentence(lang) for each in found) if isinstance(found, list) else ""

    return wrong


def _no_course(said: str, courses: Sequence[str], lang: str) -> str:
    if said in courses:
        return ""
    advice = near(said, courses).said(lang)
    return Phrase(f"There is no course {said!r}; {advice}", f"Không có khóa {said!r}; {advice}").said(lang)


def _taken(said: str, names: Sequence[str], lang: str) -> str:
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
