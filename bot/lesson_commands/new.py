"""`hocso new lesson`: asks what a lesson begins with, and writes a file that can be taught at once."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from bot.console import ConfigOption, fail, settings
from bot.core.lesson import is_id
from bot.core.new_lesson import new_lesson, proposed_id
from bot.core.new_lesson_questions import QUESTIONS, USUAL, no_course, taken, value_of, wrong_answer
from bot.core.problem import Phrase
from bot.voice.files import put

new_app = typer.Typer(no_args_is_help=True)

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
    course = _answer(question, course, "", lambda said: no_course(said, courses, lang))
    for key, value in given.items():
        given[key] = _answer(
            QUESTIONS[key].said(lang), value, USUAL.get(key, ""), partial(wrong_answer, key, lang=lang)
        )
    names = [path.stem for path in folder.glob("*/*.yaml") if is_id(path.stem)]
    in_course = [path.stem for path in (folder / course).glob("*.yaml") if is_id(path.stem)]
    free = proposed_id(course, given["title"], set(in_course) - {"course"}, names)
    offered = lesson_id or ("" if asking else free)
    name = _answer(QUESTIONS["id"].said(lang), offered, free, lambda said: taken(said, names, lang))
    return folder / course / f"{name}.yaml", {key: value_of(key, said) for key, said in given.items()}


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
