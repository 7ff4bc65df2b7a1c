"""`hocso status`: whether the program runs, what it teaches, and what is wrong with the lesson files."""

import datetime as dt
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Literal
from urllib.request import urlopen

import typer
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Config
from bot.console import ConfigOption, settings
from bot.core.problem import Problem
from bot.library import NothingToTeach, read_folder
from bot.listening import address

SECONDS = 3.0  # for the program's answer
BEHIND = 60  # seconds from which the records are too far behind

LangOption = Annotated[
    Literal["vi", "en"] | None, typer.Option(help="Language of the sentences; else the one of config.yaml.")
]
_SAID = {
    "vi": {
        "runs": "Đang chạy ở {where}: dạy {lessons} bài, đọc lúc {since}; {problems} lỗi trong tệp.",
        "records": "Sổ ghi: {waiting} mục đang chờ, mục lâu nhất {seconds} giây; {aside} mục không đọc được, để riêng.",
        "behind": "Sổ ghi đang chậm; nhật ký của chương trình nói vì sao. Việc học vẫn bình thường.",
        "kept": "Tệp nào lỗi thì bản tốt trước đó vẫn được dạy.",
        "login": "Zalo Official Account: mã truy cập không đổi mới được nữa. Chạy `hocso zalo login`.",
        "stands": "Không chạy ở {where} ({why}).",
        "folder": "Thư mục {folder}: {lessons} bài dạy được, {problems} lỗi.",
        "nothing": "Thư mục {folder}: không dạy được bài nào, {problems} lỗi.",
    },
    "en": {
        "runs": "Running at {where}: it teaches {lessons} lessons, read at {since}; problems of files: {problems}.",
        "records": "Records: {waiting} entries wait, the oldest {seconds} s; set aside as unreadable: {aside}.",
        "behind": "The records are behind; the program's log says why. Learners are taught all the same.",
        "kept": "Of a broken file the last good version is taught.",
        "login": "Zalo's Official Account: its tokens can't be refreshed any more. Run `hocso zalo login`.",
        "stands": "Not running at {where} ({why}).",
        "folder": "Folder {folder}: {lessons} lessons can be taught, problems: {problems}.",
        "nothing": "Folder {folder}: nothing can be taught, problems: {problems}.",
    },
}


def status(lang: LangOption = None, config: ConfigOption = None) -> None:
    """Tell whether the program runs and what it teaches. Ends with 0 if it runs and all files are good."""
    chosen = settings(config)
    says = _SAID[lang or chosen.language]
    where = address(chosen.host, chosen.port)
    well = True
    try:
        figures = _figures(where)
        since = dt.datetime.fromtimestamp(figures["hocso_lessons_read_timestamp_seconds"]).astimezone()
        lessons, problems = int(figures["hocso_lessons"]), int(figures["hocso_lesson_problems"])
        read_at = f"{since:%H:%M:%S %d/%m/%Y}"
        typer.echo(says["runs"].format(where=where, lessons=lessons, since=read_at, problems=problems))
        if problems:
            typer.echo(says["kept"])
        well = _told_of_records(figures, says)
        if figures.get("hocso_zalo_oa_login_needed"):
            well = False
            typer.echo(says["login"])
    except (OSError, HTTPException, ValueError, KeyError) as error:
        well = False
        typer.echo(says["stands"].format(where=where, why=getattr(error, "reason", error)))
    found = _of_folder(chosen, says)
    for problem in found:
        typer.echo(problem.told(lang or chosen.language))
    if found or not well:
        raise typer.Exit(1)


def _told_of_records(figures: Mapping[str, float], says: Mapping[str, str]) -> bool:
    """Tell how the records stand; whether that is well."""
    waiting, seconds, aside = (
        int(figures[f"hocso_{name}"]) for name in ("journal_waiting", "journal_lag_seconds", "records_set_aside")
    )
    typer.echo(says["records"].format(waiting=waiting, seconds=seconds, aside=aside))
    if seconds > BEHIND:
        typer.echo(says["behind"])
    return seconds <= BEHIND


def _figures(where: str) -> dict[str, float]:
    """Ask the running program. Raises OSError, HTTPException, ValueError for what is no such program."""
    with urlopen(f"{where}metrics", timeout=SECONDS) as answer:  # noqa: S310  an address of our own settings
        families = text_string_to_metric_families(answer.read().decode())
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


def _of_folder(chosen: Config, says: dict[str, str]) -> tuple[Problem, ...]:
    folder = Path(chosen.lessons)
    try:
        library, problems = read_folder(folder)
    except NothingToTeach as error:
        typer.echo(says["nothing"].format(folder=folder, problems=len(error.problems)))
        return error.problems
    typer.echo(says["folder"].format(folder=folder, lessons=len(library.lessons), problems=len(problems)))
    return problems
