"""`hocso work`, `hocso rebuild`, `hocso prune`, `hocso count`: the records, by hand.

What talks to a database is imported by the command that needs it: that takes a third of a second.
"""

import asyncio
import datetime as dt
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.progress import Progress

from bot.config import EMBEDDED, Config
from bot.console import ConfigOption, fail, settings
from bot.core.saving import StoreDown
from bot.core.tally import last_sunday
from bot.library import NothingToTeach

_EPOCH = dt.date(1970, 1, 1)
_MONTH = 30.44  # days
GARBAGE = 100_000  # objects made and not freed before they are searched: rows are many, and never refer to themselves


def work(
    once: Annotated[bool, typer.Option("--once", help="Write down what the journal holds now, then end.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write what learners do from the journal into the records. `hocso run` and `serve` do so by themselves."""
    chosen = settings(config)

    async def write() -> None:
        from bot.work.writing import write_records  # noqa: PLC0415  see above

        async with AsyncExitStack() as stack:
            await write_records(
                await _store_url(chosen, stack), chosen.records.url, chosen.data, once=once, begun=_begun
            )

    def _begun(_: object) -> None:
        if not once:
            typer.echo("Đang ghi sổ; nhấn Ctrl+C để dừng. (Writing the records; Ctrl+C stops.)")

    _carry_out(write)


def rebuild(
    at_once: Annotated[int, typer.Option(min=1, max=10_000, help="Learners that are rebuilt at once.")] = 500,
    config: ConfigOption = None,
) -> None:
    """Restore learners' progress from the records, after the store has lost it. What is newer there stays."""
    chosen = settings(config)

    async def restore() -> None:
        from bot.stores.database import Database  # noqa: PLC0415  see above
        from bot.stores.records import Records  # noqa: PLC0415  see above
        from bot.work.rebuilding import rebuild_all  # noqa: PLC0415  see above

        async with AsyncExitStack() as stack:
            database = Database.at(chosen.records.url, chosen.data)
            stack.push_async_callback(database.close)
            await database.prepare()
            records = Records(database)
            url = await _store_url(chosen, stack)
            with Progress() as bar:
                task = bar.add_task("Learners", total=await records.count_accounts())
                came = await rebuild_all(records, url, at_once, lambda learners: bar.advance(task, learners))
        typer.echo(came)

    _carry_out(restore)


def prune(
    months: Annotated[
        int | None, typer.Option(min=12, help="Keep the records of so many months; else as config.yaml says.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Delete old records. What learners have reached stays, and can be rebuilt as before."""
    chosen = settings(config)
    kept = months or chosen.records.months
    first = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=round(kept * _MONTH))

    async def delete() -> None:
        from bot.stores.database import Database  # noqa: PLC0415  see above
        from bot.stores.records import Records  # noqa: PLC0415  see above

        database = Database.at(chosen.records.url, chosen.data)
        try:
            await database.prepare()
            taken = await _sum(Records(database).prune((first - _EPOCH).days))
        finally:
            await database.close()
        typer.echo(f"Đã xóa {taken} mục trước ngày {first:%d/%m/%Y}. (Records deleted that were older.)")

    _carry_out(delete)


def count(
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day that counts; else last Sunday.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Count the records and release the figures for the office. `hocso run` and `serve` do so after each week."""
    chosen = settings(config)
    day = (until.date() - _EPOCH).days if until else last_sunday(int(time.time()) // 60)

    async def release() -> None:
        from bot.work.counting import count_once  # noqa: PLC0415  see above

        done = await count_once(chosen.records.url, chosen.data, chosen.lessons, chosen.places, day)
        shown = f"{_EPOCH + dt.timedelta(days=day):%d/%m/%Y}"
        if done:
            typer.echo(f"Đã có số liệu đến hết ngày {shown}. (The figures are released.)")
        else:
            typer.echo(f"Số liệu đến hết ngày {shown}, hoặc mới hơn, đã có rồi. (Released already.)")

    _carry_out(release)


async def _sum(numbers: AsyncIterator[int]) -> int:
    return sum([number async for number in numbers])


async def _store_url(config: Config, stack: AsyncExitStack) -> str:
    if config.store != EMBEDDED:
        return config.store
    from bot.app import store_url  # noqa: PLC0415  it takes a second, which nobody with a server of their own waits

    return await store_url(config, stack)


def _carry_out(work: Callable[[], Awaitable[None]]) -> None:
    """Run it to its end; what keeps it from that becomes one sentence."""

    async def carry_out() -> None:
        await work()

    gc.set_threshold(GARBAGE, 20, 100)
    try:
        asyncio.run(carry_out())
    except (StoreDown, NothingToTeach, ValueError) as error:
        fail(error)
    except KeyboardInterrupt:
        typer.echo()
