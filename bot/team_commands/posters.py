"""`hocso posters`: a sheet for the wall for each team, with squares to scan and the code to type."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot.config import Config
from bot.console import ConfigOption, fail, province_of, settings
from bot.core.join_code import as_said, read_code
from bot.core.poster import poster
from bot.core.teams import Team
from bot.core.ways import LONGEST, Ways, reachable
from bot.team_commands.book import every_team, one_commune
from bot.voice.files import put


def posters(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The .pdf to write.")],
    commune: Annotated[str, typer.Option(help="Only teams of this commune, by name or code.")] = "",
    team: Annotated[str, typer.Option(metavar="CODE", help="Only the team with this code.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write posters that learners join a team by, one A4 page for each team."""
    chosen = settings(config)
    if out.suffix.lower() != ".pdf":
        fail(f"{str(out)!r} phải có đuôi .pdf. (It should end in .pdf.)")
    if out.exists() and not force:
        fail(f"Đã có {out}; thêm --force để thay. (It is there already; --force replaces it.)")
    ways = _ways(chosen)
    teams = _teams(chosen, commune, team)

    from bot.paper.poster_page import poster_pages  # noqa: PLC0415  it takes a second to load

    day = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=7)).date()
    try:
        shown = track(teams, "Posters", console=Console(stderr=True), disable=not sys.stderr.isatty())
        put(out, poster_pages((poster(each, ways) for each in shown), day))
    except OSError as error:
        fail(f"{out}: không ghi được. (It can't be written: {error.strerror}.)")
    typer.echo(f"Đã ghi {out}: {len(teams)} tờ, mỗi tổ một tờ. (Written: {len(teams)} posters.)")


def _ways(config: Config) -> Ways:
    ways = config.ways
    if ways.web and not reachable(ways.web):
        fail(
            f"PUBLIC_URL đang là {ways.web!r}, in ra thì điện thoại không mở được; hãy ghi như"
            f" https://hocso.example.vn, nhiều nhất {LONGEST} ký tự. (A phone can't open that, or it is too long.)"
        )
    if not any(ways):
        fail(
            "Chưa có đường nào để in ô vuông: hãy đặt PUBLIC_URL (trang web), hoặc ghi teams.telegram, teams.zalo"
            " trong config.yaml. (There is no way to the bot to print: set PUBLIC_URL, teams.telegram or teams.zalo.)"
        )
    return ways


def _teams(config: Config, commune: str, code: str) -> list[Team]:
    province = province_of(config)
    there = one_commune(province, commune) if commune else None
    teams = every_team(config, province)
    if code:
        team = teams.by_code.get(read_code(code))
        if team is None or there not in {None, team.commune}:
            where = f" ở {there.said()}" if there else ""
            fail(f"Không có tổ nào mang mã {code!r}{where}; xem 'hocso teams list'. (There is no such team.)")
        if team.ended:
            fail(f"{team.said()} ({as_said(team.code)}) đã nghỉ nên không in. (That team has ended.)")
        return [team]
    found = [each for each in teams.all if not each.ended and there in {None, each.commune}]
    if not found:
        fail("Chưa có tổ nào để in; nhập danh sách bằng 'hocso teams import'. (There is no team to print.)")
    return found
