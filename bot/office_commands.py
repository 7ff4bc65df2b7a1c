"""`hocso office`: letting people into the office by a link, and out of it again.

What talks to a database is imported by the command that needs it: that takes a third of a second.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.config import Config
from bot.console import ConfigOption, fail, province_of, settings
from bot.core.access import ALL, BOUND, Role, fits
from bot.core.area_named import area_named
from bot.core.chat_code import LENGTH, as_linked, as_typed, code_of
from bot.core.marks import mark_of
from bot.core.saving import StoreDown
from bot.listening import address

if TYPE_CHECKING:
    from bot.stores.crew import CrewBook
    from bot.stores.database import Database
    from bot.stores.office import Office

LONGEST_NAME = 60
_HOURS = 72

office_app = typer.Typer(no_args_is_help=True, help="Let people into the office, and out of it again.")
Name = Annotated[str, typer.Argument(help="Whom, as the office's pages call them.")]


@office_app.command()
def invite(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they are to do.")],
    area: Annotated[str, typer.Option(help="What they may see: a commune or group, by its name or code; or all.")] = "",
    hours: Annotated[int, typer.Option(min=1, max=168, help="For how long the link works.")] = _HOURS,
    config: ConfigOption = None,
) -> None:
    """Print a link that signs someone in once. Again for the same name: a new link, and the old one stops working."""
    chosen = settings(config)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        fail(f"The name has {len(name)} characters; 1 to {LONGEST_NAME} printable ones are right.")
    area = _meant(chosen, area) if area else "" if role in BOUND else ALL
    if wrong := fits(role, area):
        fail(wrong)

    async def let_in(office: "Office", crew: "CrewBook") -> None:
        from bot.channels.web.guard import new_token  # noqa: PLC0415  see above
        from bot.stores.office import Taken  # noqa: PLC0415  see above

        token, code, minute = new_token(), code_of(secrets.token_bytes(LENGTH)), _now()
        until = minute + hours * 60
        try:
            person = await office.invite(name, role, area, mark_of(token), minute=minute, until=until)
            await crew.invite(person, mark_of(code), minute, until)
        except Taken as error:
            fail(error)
        if role == "volunteer":
            _tell_volunteer(chosen, name, code, hours)
            return
        typer.echo(f"{_home(chosen)}/office/link/{token}")
        typer.echo(
            f"Gửi liên kết này cho {name}, cho riêng người đó; dùng được một lần, trong {hours} giờ. "
            "(Send it to them alone; it works once.)",
            err=True,
        )
        typer.echo(
            f"Trong cuộc trò chuyện với Học Số (Zalo, Telegram, trang web): {name} nhắn mã này, dùng được một lần, "
            f"cùng thời hạn: {as_typed(code)}\n"
            f"Hoặc mở liên kết: {_home(chosen)}/?bai={as_typed(code)} · "
            f"https://t.me/{_bot(chosen)}?start={as_linked(code)} (The same in a chat: the code, or these links.)",
            err=True,
        )

    _with_office(chosen, let_in)


def _bot(config: Config) -> str:
    """Return the name of the bot on Telegram, or what is to be put in its place."""
    return config.ways.telegram or "TÊN_BOT"


def _tell_volunteer(config: Config, name: str, code: str, hours: int) -> None:
    """Print the way into the chat, where volunteers read; in the office there is nothing for them."""
    typer.echo(f"{_home(config)}/?bai={as_typed(code)}")
    started = f"https://t.me/{_bot(config)}?start={as_linked(code)}"
    typer.echo(
        f"Gửi cho {name}, cho riêng người đó: liên kết trên, {started}, hoặc mã {as_typed(code)} để nhắn cho Học Số; "
        f"dùng được một lần, trong {hours} giờ. Nhận lời rồi thì nhắn “đọc giúp”. "
        "(Send it to them alone; it works once. Then they write 'read for you' and read.)",
        err=True,
    )


@office_app.command("list")
def list_people(config: ConfigOption = None) -> None:
    """List who is let in."""
    chosen = settings(config)

    province = province_of(chosen)

    async def tell(database: "Database") -> None:
        from bot.office.areas import Areas  # noqa: PLC0415  see above
        from bot.office.sheet import day_text, minute_text  # noqa: PLC0415  see above
        from bot.stores.office import Office  # noqa: PLC0415  see above
        from bot.stores.teams import TeamBook  # noqa: PLC0415  see above

        table = Table(
            "Tên (name)", "Vai trò (role)", "Phạm vi (area)", "Từ (since)", "Trang cuối (last page)", "Khóa", "Chat"
        )
        everybody = await Office(database).everybody(_now())
        names = await Areas(TeamBook(database), province).names((each.person.area for each in everybody), "vi")
        for each in everybody:
            seen, person = minute_text(each.seen) if each.seen else "–", each.person
            chat = "có" if each.in_chat else "–"
            area = f"{names[person.area]} ({person.area})"
            table.add_row(person.name, person.role, area, day_text(each.since_day), seen, str(each.keys), chat)
        Console().print(table)

    _with_database(chosen, tell)


@office_app.command()
def revoke(name: Name, config: ConfigOption = None) -> None:
    """End someone's access at once: visits, passkeys and links; in the chat within seconds."""

    async def end(office: "Office", _: "CrewBook") -> None:
        if not await office.revoke(" ".join(name.split()), _now()):
            fail(f"Nobody in the office is called {name!r}; `hocso office list` shows all names.")
        typer.echo(f"{name} không còn vào được văn phòng. (Access has ended.)")

    _with_office(settings(config), end)


def _with_office(config: Config, work: Callable[["Office", "CrewBook"], Awaitable[None]]) -> None:
    """Do the work with what is kept of the office's people."""

    async def carry_out(database: "Database") -> None:
        from bot.stores.crew import CrewBook  # noqa: PLC0415  see above
        from bot.stores.office import Office  # noqa: PLC0415  see above

        await work(Office(database), CrewBook(database))

    _with_database(config, carry_out)


def _with_database(config: Config, work: Callable[["Database"], Awaitable[None]]) -> None:
    """Open the database and do the work; what keeps it from that becomes one sentence."""

    async def carry_out() -> None:
        from bot.stores.database import Database  # noqa: PLC0415  see above

        database = Database.at(config.records.url, config.data)
        try:
            await database.prepare()
            await work(database)
        finally:
            await database.close()

    try:
        asyncio.run(carry_out())
    except (StoreDown, ValueError) as error:
        fail(error)


def _meant(config: Config, text: str) -> str:
    """Return the area that somebody named, or end with a sentence."""
    province = province_of(config)
    found: list[tuple[str, str]] = []

    async def look(database: "Database") -> None:
        from bot.stores.teams import TeamBook  # noqa: PLC0415  see above

        found.append(area_named(text, province, await TeamBook(database).numbered()))

    _with_database(config, look)
    ((area, wrong),) = found
    return area or fail(f"--area {text}: {wrong}")


def _home(config: Config) -> str:
    """Return where people open the office. On this machine by its name: passkeys belong to names, not to numbers."""
    public = os.environ.get("PUBLIC_URL", "").rstrip("/")
    return public or address(config.host, config.port).rstrip("/").replace("//127.0.0.1:", "//localhost:")


def _now() -> int:
    return int(time.time()) // 60
