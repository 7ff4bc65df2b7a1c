"""`hocso curriculum`."""

import datetime as dt
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.console import ConfigOption, fail, settings
from bot.core.library import FIRST, Library
from bot.lesson_commands.claims import BadTable, read_claims
from bot.lesson_commands.curriculum_page import curriculum as curriculum_page
from bot.lesson_commands.ledger import ledger
from bot.library import NothingToTeach, read_folder
from bot.voice.files import put


def curriculum(
    write: Annotated[
        bool, typer.Option("--write", help="Write the pages; else only say whether they are right.")
    ] = False,
    docs: Annotated[Path, typer.Option("--docs", help="The folder of the pages.")] = Path("docs"),
    config: ConfigOption = None,
) -> None:
    """Pages for whoever checks the lessons: curriculum.md and facts-ledger.md. Names what is due for recheck."""
    chosen = settings(config)
    try:
        library, _ = read_folder(chosen.lessons)
        wanted = pages(library, docs)
    except (NothingToTeach, BadTable) as error:
        fail(error)
    except OSError as error:
        fail(f"{error.filename}: không đọc được. (It can't be read: {error.strerror}.)")
    _tell_due(library, dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date())
    stale = [name for name, text in wanted.items() if not _says(docs / name, text)]
    if not write and stale:
        names = ", ".join(str(docs / name) for name in stale)
        fail(f"{names}: không khớp bài học; chạy lại với --write. (Not what the lessons give; run it with --write.)")
    try:
        for name in stale:
            put(docs / name, wanted[name].encode())
    except OSError as error:
        fail(f"{docs}: không ghi được. (It can't be written: {error.strerror}.)")
    for name in wanted:
        done = "đã ghi (written)" if name in stale else "đã khớp bài học (is what the lessons give)"
        typer.echo(f"{docs / name}: {done}")


def pages(library: Library, docs: Path) -> dict[str, str]:
    """Return the pages by their names; the tables of claims are read from `docs/curriculum`.

    Raises BadTable and OSError.
    """
    lessons = {languages[FIRST].id: languages[FIRST] for languages in library.lessons.values()}
    claims = read_claims(docs / "curriculum", lessons)
    in_order = [library.lessons[key][FIRST] for key in library.order]
    return {"curriculum.md": curriculum_page(library), "facts-ledger.md": ledger(in_order, claims)}


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _tell_due(library: Library, today: dt.date) -> None:
    due = [key for key in library.order if library.lessons[key][FIRST].recheck_by <= today]
    if due:
        typer.echo(f"Cần kiểm lại {len(due)} bài (lessons due for recheck): {', '.join(due)}")
