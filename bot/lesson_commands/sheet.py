"""`hocso lesson export` and `hocso lesson import`: lessons for teachers who work in sheets; `po` is for translators."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.console import ConfigOption, fail, settings
from bot.core.lesson import Lesson, is_id, key_of
from bot.core.lesson_file import read_lesson
from bot.core.lesson_yaml import lesson_yaml
from bot.core.library import FIRST
from bot.core.problem import near
from bot.core.sheet import rows_of
from bot.core.sheet_reading import lesson_in, read_rows
from bot.lesson_commands.new import from_here
from bot.lesson_commands.po import export_po, import_po
from bot.lesson_commands.po_file import ENDING as PO
from bot.lesson_commands.sheet_file import ENDINGS, Unreadable, as_file, letter_of, read_sheet
from bot.library import NothingToTeach, read_folder
from bot.voice.files import put

if TYPE_CHECKING:
    from bot.core.sheet_faults import Fault

ForceOption = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]
LangOption = Annotated[
    Literal["vi", "en"] | None, typer.Option(help="Language of headings and sentences; else the one of config.yaml.")
]


def export(  # noqa: PLR0913, PLR0917  each is an option
    out: Annotated[Path, typer.Option(help="The file to write: a sheet, .xlsx or .csv, or a .po for translators.")],
    name: Annotated[
        str,
        typer.Argument(
            metavar="LESSON",
            help="The lesson's id, or its beginning up to the number; for a .po a course too, or nothing: all lessons.",
        ),
    ] = "",
    to: Annotated[str, typer.Option(help="The language that a .po translates into.")] = "en",
    update: Annotated[bool, typer.Option("--update", help="Keep what is translated in the .po that is there.")] = False,
    force: ForceOption = False,
    lang: LangOption = None,
    config: ConfigOption = None,
) -> None:
    """Write a lesson, in its first language, as a sheet; or lessons with their translations as a .po."""
    chosen = settings(config)
    _check_ending(out)
    if out.suffix.lower() == PO:
        export_po(chosen.lessons, name, out, to, update=update, force=force, lang=lang or chosen.language)
        return
    if not name:
        fail("Một bảng tính chứa một bài; hãy ghi mã bài. (A sheet holds one lesson; name it.)")
    try:
        library, _ = read_folder(chosen.lessons)
    except NothingToTeach as error:
        fail(error)
    lesson = library.lessons.get(key_of(name), {}).get(FIRST)
    if lesson is None or name not in {lesson.id, lesson.key}:
        advice = near(name, [each[FIRST].id for each in library.lessons.values()])
        fail(f"Không có bài {name!r}; {advice.vi}. (There is no such lesson; {advice.en}.)")
    try:
        data = as_file(rows_of(lesson, lang or chosen.language), out.suffix.lower())
    except Unreadable as error:
        fail(error)
    _write(out, data, force=force)


def import_(
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="The sheet, .xlsx or .csv, or the .po.")],
    course: Annotated[str, typer.Option(help="The course's folder; else the one that the sheet names.")] = "",
    force: ForceOption = False,
    lang: LangOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the lesson that a sheet holds, or the translations in a .po, into the lessons' folder, if they are good."""
    chosen = settings(config)
    _check_ending(sheet)
    if sheet.suffix.lower() == PO:
        import_po(chosen.lessons, sheet, lang or chosen.language)
        return
    lesson = _lesson_of(sheet, course, lang or chosen.language)
    folder = from_here(chosen.lessons)
    courses = [path.parent.name for path in folder.glob("*/course.yaml")]
    if lesson.course not in courses:
        advice = near(lesson.course, courses)
        fail(f"Không có khóa {lesson.course!r}; {advice.vi}. (There is no such course; {advice.en}.)")
    path = folder / lesson.course / f"{lesson.id}.yaml"
    for other in folder.glob("*/*.yaml"):
        if is_id(other.stem) and key_of(other.stem) == lesson.key and other != path:
            fail(
                f"Số của {lesson.id!r} đã thuộc về {other}; hãy chọn số khác."
                f" (Its number is taken by that lesson; choose another.)"
            )
    text = lesson_yaml(lesson)
    if read_lesson(text, str(path), lesson.id, lesson.course) != lesson:
        fail(
            f"{sheet}: có chữ không ghi vào tệp bài học được; hãy gõ lại những chữ lạ."
            " (It has texts that a lesson's file can't hold; type unusual characters anew.)"
        )
    _write(path, text.encode(), force=force)


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in {*ENDINGS, PO}:
        fail(f"{str(path)!r} phải có đuôi .xlsx, .csv hoặc .po. (It should end in .xlsx, .csv or .po.)")


def _lesson_of(path: Path, course: str, lang: str) -> Lesson:
    """Return the lesson of a sheet, or end with every mistake named by its cell."""
    try:
        sheet = read_rows(read_sheet(path))
    except Unreadable as error:
        fail(error)
    found: Lesson | list[Fault]
    if isinstance(sheet, list):
        found = sheet
    else:
        lesson_id = sheet.lesson_id or path.stem
        if not is_id(lesson_id):
            fail(
                f"{path}: {lesson_id!r} không làm mã bài được; hãy ghi dòng 'Mã bài', như at-07-vay-tien."
                " (It can't be a lesson's id; add a row 'Lesson id', such as at-07-vay-tien.)"
            )
        found = lesson_in(sheet, lesson_id, course or sheet.course)
    if isinstance(found, list):
        cell = {"vi": "ô", "en": "cell"}[lang]
        fail(*(f"{path}: {cell} {letter_of(each.column)}{each.row}: {each.told.said(lang)}" for each in found))
    return found


def _write(path: Path, data: bytes, *, force: bool) -> None:
    if path.exists() and not force:
        fail(f"Đã có {path}; thêm --force để thay. (It is there already; --force replaces it.)")
    try:
        put(path, data)
    except OSError as error:
        fail(f"{path}: không ghi được. (It can't be written: {error.strerror}.)")
    typer.echo(f"Đã ghi {path}. (Written.)")


lesson_app = typer.Typer(no_args_is_help=True, help="Lessons to and from other kinds of files.")
lesson_app.command("export")(export)
lesson_app.command("import")(import_)
