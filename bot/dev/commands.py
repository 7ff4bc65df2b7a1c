"""`hocso dev`: platforms played on this machine, to try the program by hand."""

import asyncio
from typing import Annotated

import typer

TOKEN = "1:dev"  # noqa: S105  of nobody

dev_app = typer.Typer(no_args_is_help=True, help="Try the program by hand, with platforms played on this machine.")


@dev_app.callback()
def _dev() -> None:
    """Try the program by hand, with platforms played on this machine."""


@dev_app.command()
def zalo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page and of the platform.")] = 8091,
) -> None:
    """Play Zalo's Bot Platform, with a page on which one chats as a learner with the running program."""
    try:
        asyncio.run(_play(port))
    except OSError as error:
        typer.echo(f"Cổng {port} không dùng được ({error.strerror}); chọn cổng khác: --port 8092", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo()


async def _play(port: int) -> None:
    from bot.dev.zalo_bot import emulated  # noqa: PLC0415  httpx takes a while, for which no other command waits

    async with emulated(TOKEN, port) as emulator:
        typer.echo(f"Mở trang này để nhắn tin như một người học: {emulator.base}/")
        typer.echo("Ở cửa sổ khác, chạy chương trình (in another terminal, start the program):")
        hosts = f"'zalo_bot: {{voice_hosts: [\"{emulator.base}\"]}}'"
        variables = f"ZALO_BOT_TOKEN={TOKEN} ZALO_BOT_API_BASE={emulator.base} PUBLIC_URL=http://127.0.0.1:8080"
        typer.echo(f"  {variables} make run")
        typer.echo(f"Muốn thử tin thoại, ghi vào config.yaml (for voice notes, in config.yaml): {hosts}")
        typer.echo("Nhấn Ctrl+C để dừng. (Ctrl+C stops.)")
        await asyncio.Event().wait()
