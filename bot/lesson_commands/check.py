"""`hocso check`: every problem of lesson files, with its place and its cure."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, NoReturn
from zoneinfo import ZoneInfo

import typer

from bot.console import ConfigOption, settings
from bot.core.problem import Problem
from bot.core.saving import StoreDown
from bot.core.standing import Impact, as_data, told
from bot.lesson_commands.fixing import fix_files
from bot.lesson_commands.impact import impact_now
from bot.lesson_commands.looking import Found, NotThere, look_at
from bot.lesson_commands.telling import as_json, as_sarif, summary
from bot.library import NothingToTeach

CANT = 2  # what it ends with when it can't check
ROUNDS = 5  # of mending: behind what is mended, more may come to light

PathsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Lesson files, courses or lesson folders; else the folder of config.yaml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]
SarifOption = Annotated[bool, typer.Option("--sarif", help="For code hosts: a SARIF 2.1.0 log.")]
LangOption = Annotated[
    Literal["vi", "en"] | None, typer.Option(help="Language of the sentences; else the one of config.yaml.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="End with 1 for warnings too.")]
FixOption = Annotated[bool, typer.Option("--fix", help="Put right first what needs no person.")]
ImpactOption = Annotated[
    bool, typer.Option("--impact", help="Tell too how many people are in changed steps, and what becomes of them.")
]


def check(  # noqa: PLR0913, PLR0917  each is an option
    paths: PathsArgument = None,
    json_wanted: JsonOption = False,
    sarif_wanted: SarifOption = False,
    lang: LangOption = None,
    strict: StrictOption = False,
    fix: FixOption = False,
    impact: ImpactOption = False,
    config: ConfigOption = None,
) -> None:
    """Check lesson files: every problem with its place. Ends with 0 if all is good, 1 if not, 2 if it can't check."""
    if json_wanted and sarif_wanted:
        _cant("Chỉ chọn một trong hai: --json, --sarif. (Choose one of them.)")
    if impact and sarif_wanted:
        _cant("Chỉ chọn một trong hai: --impact, --sarif. (Choose one of them.)")
    where, told_in = _wanted(paths, lang, config)
    try:
        found, fixed = _look(where, fix=fix)
    except NotThere as error:
        _cant(error)
    except OSError as error:
        _cant(f"{error.filename}: không sửa được. (It can't be mended: {error.strerror}.)")
    inside = _inside(config) if impact else None
    if json_wanted:
        document = as_json(found, fixed) | ({"impact": as_data(inside)} if inside else {})
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif sarif_wanted:
        typer.echo(json.dumps(as_sarif(found.problems, told_in), ensure_ascii=False, indent=2))
    else:
        _tell(found, fixed, told_in)
        for line in told(inside, told_in) if inside else ():
            typer.echo(line)
    if any(strict or each.severity == "error" for each in found.problems):
        raise typer.Exit(1)


def _wanted(paths: list[Path] | None, lang: str | None, config: Path | None) -> tuple[list[Path], str]:
    """Return what to check and in which language to tell; the settings are read only where they are needed."""
    if paths and lang:
        return paths, lang
    try:
        chosen = settings(config)
    except typer.Exit:
        raise typer.Exit(CANT) from None
    return paths or [chosen.lessons], lang or chosen.language


def _inside(config: Path | None) -> Impact:
    """Return who stands where in the lessons and the store of the settings."""
    try:
        return impact_now(settings(config))
    except typer.Exit:
        raise typer.Exit(CANT) from None
    except (NothingToTeach, StoreDown, ValueError) as error:
        _cant(error)


def _look(where: Sequence[Path], *, fix: bool) -> tuple[Found, list[Problem]]:
    """Return what is to be told, and what was mended before."""
    today = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    found = look_at(where, today)
    fixed: list[Problem] = []
    for _ in range(ROUNDS if fix else 0):
        gone = fix_files(found.problems)
        if not gone:
            break
        fixed += gone
        found = look_at(where, today)
    return found, fixed


def _tell(found: Found, fixed: Sequence[Problem], lang: str) -> None:
    for each in fixed:
        done = {"vi": "đã sửa", "en": "mended"}[lang]
        typer.echo(f"{each.path}:{each.line}:{each.column}: {done} {each.code}: {each.sentence(lang)}")
    for each in found.problems:
        typer.echo(each.told(lang))
    typer.echo(summary(found, lang))


def _cant(why: object) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(CANT)
