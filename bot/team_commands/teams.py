"""`hocso teams`: bring a list of teams in, look at it, take it out again."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.config import Config
from bot.console import ConfigOption, fail, province_of, settings
from bot.core.join_code import as_said
from bot.core.places import Province
from bot.core.sheet_faults import Fault
from bot.core.team_sheet import MAX_COLUMNS, MAX_ROWS, Change, Wanted, known_headings, plan, read_teams, rows_of
from bot.core.teams import Kept, Team, teams_of
from bot.lesson_commands.sheet_file import ENDINGS, Shape, Unreadable, as_file, letter_of, read_sheet
from bot.team_commands.book import every_team, one_commune, tell_servers, with_book
from bot.voice.files import put

_SHAPE = Shape(known_headings, MAX_ROWS, MAX_COLUMNS)
_EPOCH = dt.date(1970, 1, 1)
_SAID = {
    "new": ("tổ mới", "new"),
    "changed": ("đổi tên hoặc chuyển xã", "renamed or moved"),
    "ended": ("nghỉ", "ended"),
    "reopened": ("hoạt động lại", "reopened"),
}

teams_app = typer.Typer(no_args_is_help=True, help="The teams that learners join, by commune.")


class _Wrong(Exception):
    """The list can't be as wanted; what is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


@teams_app.command("import")
def import_(
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="The list, .csv or .xlsx.")],
    whole: Annotated[
        bool, typer.Option("--whole", help="It is the whole list of the communes in it: other teams there have ended.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    config: ConfigOption = None,
) -> None:
    """Bring teams in from a list. Each new one gets a code; the same list again changes nothing."""
    chosen = settings(config)
    province = province_of(chosen)
    wanted = _read(sheet, province, chosen.language)
    changes: list[Change] = []

    def change(there: Sequence[Kept]) -> list[Kept]:
        found = plan(wanted, there, whole=whole)
        wrong = [each for each in found if isinstance(each, Fault)]
        if wrong:
            raise _Wrong(wrong)
        changes.extend(each for each in found if isinstance(each, Change))
        return [] if dry_run else [each.after for each in changes]

    day = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=7)).date()
    try:
        with_book(chosen, lambda book: book.change(change, (day - _EPOCH).days))
    except _Wrong as error:
        _fail(sheet, error.faults, chosen.language)
    for each in changes:
        typer.echo(_told(each, province))
    if changes and not dry_run:
        tell_servers(chosen)
    typer.echo(_sum(changes, dry_run=dry_run))


@teams_app.command("list")
def list_(
    commune: Annotated[str, typer.Option(help="Only those of this commune, by name or code.")] = "",
    config: ConfigOption = None,
) -> None:
    """Show the teams: the code to join each by, the area of its helpers in the office, its name."""
    chosen = settings(config)
    numbers = with_book(chosen, lambda book: book.numbers())
    for each in _chosen(chosen, commune):
        ended = "  (đã nghỉ, ended)" if each.ended else ""
        area = f"{each.commune.code}.{numbers[each.code]}"
        typer.echo(f"{as_said(each.code):<16} {area:<12} {each.said()}{ended}")


@teams_app.command("export")
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The list to write, .csv or .xlsx.")],
    commune: Annotated[str, typer.Option(help="Only those of this commune, by name or code.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write the teams, with their codes, as a list that `import` takes again."""
    chosen = settings(config)
    _check_ending(out)
    if out.exists() and not force:
        fail(f"Đã có {out}; thêm --force để thay. (It is there already; --force replaces it.)")
    province = province_of(chosen)
    kept = [Kept(each.code, each.commune.code, each.name, each.ended) for each in _chosen(chosen, commune)]
    try:
        put(out, as_file(rows_of(kept, province, chosen.language), out.suffix.lower()))
    except OSError as error:
        fail(f"{out}: không ghi được. (It can't be written: {error.strerror}.)")
    typer.echo(f"Đã ghi {out}: {len(kept)} tổ. (Written: {len(kept)} teams.)")


def _chosen(config: Config, commune: str) -> list[Team]:
    province = province_of(config)
    there = one_commune(province, commune) if commune else None
    return [each for each in every_team(config, province).all if there in {None, each.commune}]


def _read(sheet: Path, province: Province, lang: str) -> list[Wanted]:
    _check_ending(sheet)
    try:
        found = read_teams(read_sheet(sheet, _SHAPE), province)
    except Unreadable as error:
        fail(error)
    faults = [each for each in found if isinstance(each, Fault)]
    if faults:
        _fail(sheet, faults, lang)
    return [each for each in found if isinstance(each, Wanted)]


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        fail(f"{str(path)!r} phải có đuôi .csv hoặc .xlsx. (It should end in .csv or .xlsx.)")


def _fail(sheet: Path, faults: Sequence[Fault], lang: str) -> NoReturn:
    cell = {"vi": "ô", "en": "cell"}[lang]
    nothing = {"vi": "Chưa ghi gì cả.", "en": "Nothing was written."}[lang]
    fail(*(f"{sheet}: {cell} {letter_of(each.column)}{each.row}: {each.told.said(lang)}" for each in faults), nothing)


def _told(change: Change, province: Province) -> str:
    team = teams_of([change.after], province).all[0]
    vi, en = _SAID[change.kind]
    before = change.before
    old = ""
    if before and (before.name, before.commune) != (change.after.name, change.after.commune):
        old = f" ← {teams_of([before], province).all[0].said()}"
    return f"{as_said(team.code):<16} {team.said()}{old}: {vi} ({en})"


def _sum(changes: Sequence[Change], *, dry_run: bool) -> str:
    if not changes:
        return "Không có gì thay đổi. (Nothing changes.)"
    counts = {kind: sum(each.kind == kind for each in changes) for kind in _SAID}
    vi = ", ".join(f"{count} {_SAID[kind][0]}" for kind, count in counts.items() if count)
    en = ", ".join(f"{count} {_SAID[kind][1]}" for kind, count in counts.items() if count)
    if dry_run:
        return f"Nếu nhập thật: {vi}. (It would be: {en}. Nothing was written.)"
    return f"Đã ghi: {vi}. (Written: {en}.)"
