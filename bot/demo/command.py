"""`hocso demo`: a synthetic province in a folder of its own, marked as such, to try figures and pages on."""

import asyncio
import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from bot import places
from bot.config import THANH_HOA, Config
from bot.console import ConfigOption, fail, settings
from bot.core.places import table_of
from bot.core.saving import StoreDown
from bot.core.tally import VIETNAM, last_day, week_of
from bot.demo.people import Province
from bot.library import NothingToTeach, read_folder

MARK: Final = "demo"  # a folder without this word in its name may be a real one
_EPOCH: Final = dt.date(1970, 1, 1)
_NOTE: Final = """DỮ LIỆU MẪU (demo): không có người học nào ở đây là thật.
{learners} người học mẫu, đến hết ngày {until:%d/%m/%Y}, số ngẫu nhiên {seed}.
Tên xã, tên tổ có chữ mẫu, mã xã từ 99001, tên tài khoản có chữ demo.

SAMPLE DATA: nobody in it is real. Made by `hocso demo --learners {learners} --seed {seed} --until {until}`.
"""
_CONFIG: Final = """# Dữ liệu mẫu (demo), không phải dữ liệu thật. Sample data, nothing of it is real.
lessons: {lessons}
data: .
teams: {{places: {places}}}
"""
_PLACES: Final = "xa-phuong-mau.csv"


def demo(
    learners: Annotated[int, typer.Option(min=1, max=3_000_000, help="How many sample learners.")],
    out: Annotated[Path, typer.Option(help="A new folder; its name must have the word demo in it.")],
    seed: Annotated[int, typer.Option(help="The same seed and lessons make the same learners.")] = 1,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; else last Sunday.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Make a synthetic province with learners who never lived. Touches neither the store nor the records in use."""
    chosen = settings(config)
    if why := _why_not(out, chosen):
        fail(why)
    day = (until.date() - _EPOCH).days if until else _last_sunday()
    try:
        library, _ = read_folder(chosen.lessons)
        with Progress(transient=True) as bar:
            province = Province(library, learners, seed, day)
            task = bar.add_task("Learners", total=learners)
            written = _make(out, chosen, province, lambda: bar.advance(task), _note(learners, seed, day))
    except (NothingToTeach, StoreDown, OSError) as error:
        fail(error)
    typer.echo(
        f"Tỉnh mẫu ở {out}: {learners} người học mẫu, {len(province.teams)} tổ, {written} mục. (A synthetic province: "
        f"{learners} learners, {len(province.teams)} groups, {written} records.)"
    )


def _why_not(out: Path, config: Config) -> str:
    folder, real = out.resolve(), config.data.resolve()
    if MARK not in folder.name:
        return (
            f"--out {out}: tên thư mục phải có chữ {MARK}, để không ai tưởng là dữ liệu thật. (The folder's name must "
            f"have the word {MARK} in it, so that nobody takes it for real data, "
            f"such as {out.name or 'thanh-hoa'}-{MARK}.)"
        )
    if folder == real or real in folder.parents or folder in real.parents:
        return (
            f"--out {out}: đây là thư mục dữ liệu đang dùng ({config.data}). (This is, or holds, or lies in the data "
            "folder in use; name one elsewhere.)"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return f"--out {out}: đã có rồi, và không trống. (It is there already and not empty; name a new folder.)"
    return ""


def _last_sunday() -> int:
    return last_day(week_of((int(time.time()) // 60 + VIETNAM) // 1440) - 1)


def _note(learners: int, seed: int, day: int) -> str:
    return _NOTE.format(learners=learners, seed=seed, until=_EPOCH + dt.timedelta(days=day))


def _make(out: Path, config: Config, province: Province, tell: Callable[[], object], note: str) -> int:
    """Make the folder whole, or not at all; returns how many records are in it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        written = asyncio.run(_fill(making, province, tell))
        (making / "DEMO.txt").write_text(note, encoding="utf-8")
        table = table_of(Province.places(places.read(THANH_HOA)))
        (making / _PLACES).write_text(table, encoding="utf-8")
        lessons = Path(os.path.relpath(config.lessons.resolve(), out.resolve())).as_posix()
        (making / "config.yaml").write_text(_CONFIG.format(lessons=lessons, places=_PLACES), encoding="utf-8")
        if out.exists():
            out.rmdir()
        making.rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return written


async def _fill(folder: Path, province: Province, tell: Callable[[], object]) -> int:
    # Imported here: what talks to a database takes a third of a second, which no other command waits.
    from bot.stores.database import Database  # noqa: PLC0415
    from bot.stores.database_url import SQLITE  # noqa: PLC0415
    from bot.stores.filling import Filled, fill  # noqa: PLC0415

    def people() -> Iterator[Filled]:
        for each in province.learners():
            yield Filled(each.account, each.number, each.team, each.helps, each.entries, each.called)
            tell()

    database = Database.at(SQLITE, folder)
    try:
        await database.prepare()
        groups = ((team.number, team.commune, team.name) for team in province.teams)
        return await fill(database, groups, people(), province.since)
    finally:
        await database.close()
