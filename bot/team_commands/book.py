"""What commands for teams have in common: the table of communes, and the teams in the database.

What talks to a database is imported when it is needed: that takes a third of a second.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.config import Config
from bot.console import fail
from bot.core.places import Commune, Province
from bot.core.saving import StoreDown
from bot.core.teams import Teams, teams_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.stores.teams import TeamBook

T = TypeVar("T")


def with_book(config: Config, work: "Callable[[TeamBook], Awaitable[T]]") -> T:
    """Return what comes of working with the teams in the database; end with a sentence when it is away."""
    from bot.stores.database import Database  # noqa: PLC0415  see above
    from bot.stores.teams import TeamBook  # noqa: PLC0415  see above

    async def carry_out() -> T:
        database = Database.at(config.records.url, config.data)
        try:
            await database.prepare()
            return await work(TeamBook(database))
        finally:
            await database.close()

    try:
        return asyncio.run(carry_out())
    except (StoreDown, ValueError) as error:
        fail(error)


def tell_servers(config: Config) -> None:
    """Hang the list of teams where server processes see it at once; else whoever writes the records does so."""
    from bot.app import store_url  # noqa: PLC0415  see above
    from bot.stores.team_board import TeamBoard  # noqa: PLC0415  see above
    from bot.work.teams import hang_teams  # noqa: PLC0415  see above

    async def hang(book: "TeamBook") -> None:
        try:
            async with AsyncExitStack() as stack:
                board = TeamBoard.connect(await store_url(config, stack))
                stack.push_async_callback(board.close)
                await hang_teams(book, board)
        except StoreDown as error:
            typer.echo(
                f"Chỗ giữ bài học chưa mở được, nên người học sẽ thấy các tổ này khi chương trình chạy lại. ({error})",
                err=True,
            )

    with_book(config, hang)


def every_team(config: Config, province: Province) -> Teams:
    """Return all teams in their order."""
    return teams_of(with_book(config, lambda book: book.all()), province)


def one_commune(province: Province, text: str) -> Commune:
    """Return the commune that somebody named, or end with a sentence."""
    found = province.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{each.said()} ({each.code})" for each in found)
        fail(f"{text!r} có thể là {several}; hãy ghi đủ dấu hoặc ghi mã. (It may be any of these; write its code.)")
    near = province.nearest(text)
    advice = f"có phải ý là {near.said()} ({near.code}) không? (Did you mean this one?)" if near else "(There is none.)"
    return fail(f"{province.itself.name} không có xã, phường {text!r}; {advice}")
