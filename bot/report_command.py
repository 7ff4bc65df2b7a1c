"""`hocso report`: a month of a commune, or of all of them, as one A4 page each.

What talks to a database or draws is imported when it is needed: that takes a second.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import track

from bot.config import Config
from bot.console import ConfigOption, fail, province_of, settings
from bot.core.access import ALL
from bot.core.area_named import area_named
from bot.core.fold import fold
from bot.core.month import Month, read_month
from bot.core.places import Province
from bot.core.saving import StoreDown
from bot.core.tally import VIETNAM
from bot.voice.files import put

if TYPE_CHECKING:
    from bot.office.figures import Newest
    from bot.paper.report import Report

ENDING: Final = ".pdf"


def report(
    commune: Annotated[
        str, typer.Option(help="A commune by its name or code, or all for the province as a whole; else each of them.")
    ] = "",
    month: Annotated[str, typer.Option(help="Such as 2026-10; else the last that is over.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The file to write (.pdf); for all communes the folder. Else beside here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write the monthly report of a commune as PDF, or those of all communes into a folder."""
    chosen = settings(config)
    province = province_of(chosen)
    area = _area(commune, province)
    wanted = read_month(month)
    if month and wanted is None:
        fail(f"--month {month}: phải viết như 2026-10. (It should be written like 2026-10.)")
    _check_out(out, one=bool(area))
    areas = [area] if area else [ALL, *(each.code for each in province.communes)]
    today = (int(time.time()) // 60 + VIETNAM) // 1440
    which, reports = _reports(chosen, province, areas, wanted, today)
    to_file = bool(area) and out is not None and not out.is_dir()
    paths = {each: out if to_file and out else (out or Path()) / _name(province, each, which) for each in reports}
    there = [path for path in paths.values() if path.exists()]
    if there and not force:
        fail(f"Đã có {there[0]}; thêm --force để thay. (It is there already; --force replaces it.)")
    _write(reports, paths, today, one=bool(area))
    if lacking := len(areas) - len(reports):
        typer.echo(f"{lacking} nơi không có số liệu của tháng này. (Of so many places nothing was counted.)")


def _area(text: str, province: Province) -> str:
    """Return the area of which a report is wanted; empty: each."""
    if not text:
        return ""
    area, wrong = area_named(text, province, {})
    return fail(f"--commune {text}: {wrong}") if wrong else area


def _check_out(out: Path | None, *, one: bool) -> None:
    if one and out and out.suffix.lower() != ENDING and not out.is_dir():
        fail(f"--out {out}: phải có đuôi {ENDING}, hoặc là thư mục đã có. (It should end in {ENDING}, or be a folder.)")
    if not one and out and out.exists() and not out.is_dir():
        fail(f"--out {out}: phải là một thư mục. (For all communes it should be a folder.)")


def _reports(
    config: Config, province: Province, areas: Sequence[str], wanted: Month | None, today: int
) -> "tuple[Month, dict[str, Report]]":
    """Return the month and the reports that there are, or end with the sentence why there is none."""
    from bot.office.figures import Newest  # noqa: PLC0415  see above
    from bot.stores.database import Database  # noqa: PLC0415  see above
    from bot.stores.released import Released  # noqa: PLC0415  see above

    async def gather() -> "tuple[Month, dict[str, Report]]":
        database = Database.at(config.records.url, config.data)
        try:
            await database.prepare()
            return await _gather(Newest(Released(database)), province, areas, wanted, today)
        finally:
            await database.close()

    try:
        return asyncio.run(gather())
    except (StoreDown, ValueError) as error:
        fail(error)


async def _gather(
    source: "Newest", province: Province, areas: Sequence[str], wanted: Month | None, today: int
) -> "tuple[Month, dict[str, Report]]":
    from bot.office.month_pages import finished  # noqa: PLC0415  see above
    from bot.office.month_report import NoReport, month_report  # noqa: PLC0415  see above
    from bot.office.month_texts import month_texts_of  # noqa: PLC0415  see above

    month = wanted or next(iter(finished(await source.months(areas[0]), today)), None)
    if month is None:
        fail(
            "Chưa có tháng nào đã hết và được đếm; mỗi tuần đếm một lần, sau Chủ nhật. "
            "(No month that is over has been counted yet; that happens once a week, after Sunday.)"
        )
    found: dict[str, Report] = {}
    for each in areas:
        try:
            found[each] = await month_report(source, each, month, today, "" if each == ALL else province.itself.said())
        except NoReport as error:
            if each == areas[-1] and not found:
                vi, en = (error.told(month_texts_of(lang)) for lang in ("vi", "en"))
                fail(f"{vi.title}. {vi.text} ({en.text})")
    return month, found


def _name(province: Province, area: str, month: Month) -> str:
    said = province.itself.said() if area == ALL else province.said(area)
    code = province.itself.code if area == ALL else area
    return f"bao-cao-{month}-{code}-{fold(said).bare.replace(' ', '-')}{ENDING}"


def _write(reports: "dict[str, Report]", paths: dict[str, Path], today: int, *, one: bool) -> None:
    from bot.office.month_report import drawn  # noqa: PLC0415  see above

    for area, its in track(list(reports.items()), "PDF", transient=True, disable=one, console=Console(stderr=True)):
        try:
            put(paths[area], drawn(its, today))
        except OSError as error:
            fail(f"{paths[area]}: không ghi được. (It can't be written: {error.strerror}.)")
    if one:
        (path,) = paths.values()
        typer.echo(f"Đã ghi {path}. (Written.)")
    else:
        folder = next(iter(paths.values())).parent
        typer.echo(f"Đã ghi {len(paths)} báo cáo vào {folder}. (Written: {len(paths)} reports.)")
