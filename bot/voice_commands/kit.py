"""`hocso voice album`, `hocso voice script`, `hocso voice import`."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from bot.console import ConfigOption, fail
from bot.core.length import LETTERS_A_SECOND
from bot.core.library import FIRST
from bot.voice import album, importing, script
from bot.voice.engine import CantSay, language_of
from bot.voice.names import named
from bot.voice.recording_files import BadIndex
from bot.voice.recordings import recordings
from bot.voice_commands.common import (
    AddressesOption,
    AddressOption,
    CoursesOption,
    EngineOption,
    LangOption,
    addresses,
    langs,
    ready,
    speaking,
    write,
)


def make_album(  # noqa: PLR0913, PLR0917  each is an option
    course: Annotated[str, typer.Argument(help="The course, such as an-toan.")],
    lang: LangOption = FIRST,
    address: AddressOption = "ban",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("album"),
    as_mp3: Annotated[bool, typer.Option("--mp3", help="MP3, for old players; it has no chapters.")] = False,
    slow: Annotated[bool, typer.Option("--slow", help="Slowly.")] = False,
    engine: EngineOption = "",
    config: ConfigOption = None,
) -> None:
    """Write a sound file for each lesson of a course, for a memory card or a Zalo group."""
    chosen, library = ready(config, [course])
    [wanted] = langs([lang], library)
    [addressed] = addresses([address])
    form: Literal["ogg", "mp3"] = "mp3" if as_mp3 else "ogg"
    keys = [key for key in library.order if library.lessons[key][FIRST].course == course]
    lessons = [library.lessons[key].get(language_of(wanted)) for key in keys]
    written = unsaid = 0
    with speaking(chosen, engine) as voice:
        for number, lesson in enumerate(lessons, 1):
            if lesson is None:
                continue
            told = album.track(library, lesson, addressed)
            try:
                data = album.sound(voice, told, wanted, form, slow=slow, only=engine)
            except CantSay as error:
                typer.echo(f"{lesson.id}: chưa đọc được. (It can't be said.) {error}", err=True)
                unsaid += 1
                continue
            path = out / f"{number:02}-{lesson.id}.{form}"
            write(path, data)
            written += 1
            minutes = album.seconds_of(data, form) / 60
            typer.echo(f"{path}: {told.title}, {minutes:.1f} phút (minutes), {len(data) / 1000:,.0f} kB")
    if unsaid:
        fail(f"{unsaid} of {len(lessons)} lessons of {course!r} can't be said in {wanted!r}.")
    if not written:
        fail(f"Course {course!r} has no lesson in {wanted!r}.")


def write_script(
    lang: Annotated[str, typer.Option("--lang", help="The language or dialect that is read: vi-thanhhoa.")],
    out: Annotated[Path, typer.Option("--out", help="The table to write: .xlsx or .csv.")],
    course: CoursesOption = None,
    address: AddressesOption = None,
    config: ConfigOption = None,
) -> None:
    """Write what a person is to read into a microphone, a row a text; for `ban` unless told otherwise."""
    if out.suffix.lower() not in script.ENDINGS:
        fail(f"{str(out)!r}: chỉ ghi được .xlsx hoặc .csv. (Only .xlsx and .csv are written.)")
    chosen, library = ready(config, course)
    [wanted] = langs([lang], library)
    found, problems = recordings(chosen.lessons / "voice" / wanted)
    if problems:
        fail(*problems)
    rows = script.tasks(named(library, wanted, addresses(address or ["ban"]), course or None), found)
    write(out, script.written(rows, out.suffix.lower()))
    letters = sum(len(row.part.text) for row in rows if row.status != script.RECORDED)
    left = sum(row.status != script.RECORDED for row in rows)
    minutes = letters / LETTERS_A_SECOND / 60
    typer.echo(
        f"{out}: {len(rows)} câu, còn {left} câu cần thu, khoảng {minutes:.0f} phút đọc."
        f" ({len(rows)} texts, {left} to record, about {minutes:.0f} minutes.)"
    )


def take_recordings(  # noqa: PLR0913, PLR0917  each is an option
    folder: Annotated[Path, typer.Argument(help="The folder with the recorded files.")],
    lang: Annotated[str, typer.Option("--lang", help="The language or dialect that was read: vi-thanhhoa.")],
    read_from: Annotated[Path | None, typer.Option("--script", help="The table that was read from.")] = None,
    kind: Annotated[Literal["flac", "ogg"], typer.Option("--as", help="How they are kept; ogg is smaller.")] = "flac",
    who: Annotated[str, typer.Option(help="Who read; for reports.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Take these instead of good ones that are there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Take recordings in: trimmed, at one loudness, checked. Says what to record again, and then ends with 1."""
    chosen, library = ready(config, None)
    [wanted] = langs([lang], library)
    if not folder.is_dir():
        fail(f"Không có thư mục {str(folder)!r}. (There is no such folder.)")
    found = importing.sounds_in(folder)
    if not found:
        fail(f"Thư mục {str(folder)!r} không có tệp tiếng nào. (There is no sound in it.)")
    how = importing.How(kind, again, who, dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date())
    taken: list[importing.Outcome] = []
    try:
        table = script.read(read_from.read_bytes(), read_from.name) if read_from else None
        for each in importing.take(found, list(named(library, wanted)), chosen.lessons / "voice" / wanted, how, table):
            taken.append(each)
            if each.why:
                typer.echo(f"{each.file.relative_to(folder)}: {each.why}", err=not each.kept)
    except (BadIndex, script.BadScript) as error:
        fail(error)
    except OSError as error:
        fail(
            f"{error.filename}: {error.strerror}. Chạy lại lệnh này là làm tiếp. (The same command goes on from here.)"
        )
    good, kept = sum(not each.why for each in taken), sum(each.kept for each in taken)
    bad = len(taken) - good - kept
    typer.echo(
        f"Đã nhận {good} câu, {kept} câu có từ trước, {bad} câu cần thu lại."
        f" ({good} taken, {kept} were there, {bad} to record again.)"
    )
    if bad:
        raise typer.Exit(1)
