"""The command line: every command of `hocso`."""

import asyncio
import getpass
import socket
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any, Literal

import typer

from bot.app import running, serve, serve_by_workers
from bot.channels.terminal import chat as chat_in_terminal
from bot.config import Config, find_config
from bot.console import ConfigOption, fail, settings
from bot.core.problem import Problem
from bot.core.saving import StoreDown
from bot.demo.command import demo
from bot.dev.commands import dev_app
from bot.doctor import doctor
from bot.lesson_commands.card import make_card
from bot.lesson_commands.check import check
from bot.lesson_commands.curriculum import curriculum
from bot.lesson_commands.new import new_app
from bot.lesson_commands.pictures import pictures
from bot.lesson_commands.preview import preview
from bot.lesson_commands.schema import schema
from bot.lesson_commands.sheet import lesson_app
from bot.lesson_commands.status import status
from bot.library import NothingToTeach
from bot.listening import PortTaken, address, listen
from bot.office_commands import office_app
from bot.report_command import report
from bot.team_commands.posters import posters
from bot.team_commands.teams import teams_app
from bot.voice_commands import speak, voice_app
from bot.work.commands import count, prune, rebuild, work
from bot.workers import WorkerFailed, say_ready
from bot.zalo_commands import zalo_app

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(voice_app, name="voice")
app.add_typer(new_app, name="new")
app.add_typer(lesson_app, name="lesson")
app.add_typer(teams_app, name="teams")
lesson_app.command("card")(make_card)
app.add_typer(zalo_app, name="zalo")
app.add_typer(office_app, name="office")
app.add_typer(dev_app, name="dev")
app.command()(speak)
app.command()(check)
app.command()(pictures)
app.command()(preview)
app.command()(curriculum)
app.command()(schema)
app.command()(status)
app.command()(doctor)
app.command()(work)
app.command()(rebuild)
app.command()(prune)
app.command()(demo)
app.command()(count)
app.command()(posters)
app.command()(report)


def carry_out(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end; what keeps it from starting becomes one sentence."""
    try:
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(work)
    except (NothingToTeach, StoreDown, WorkerFailed, ValueError) as error:
        fail(error)
    except KeyboardInterrupt:
        typer.echo()


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the faster event loop, where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415  not on Windows

    return uvloop.new_event_loop


def _open_port(config: Config) -> socket.socket:
    try:
        return listen(config.host, config.port)
    except PortTaken as error:
        fail(error)


def _tell(config: Config, problems: Iterable[Problem]) -> None:
    for problem in problems:
        typer.echo(f"Bài này chưa dạy được (left out): {problem}", err=True)
    typer.echo(f"Học Số đã sẵn sàng, mở địa chỉ này: {address(config.host, config.port)}")
    typer.echo("Nhấn Ctrl+C để dừng. (Ready; open that address, Ctrl+C stops.)")


@app.command()
def run(config: ConfigOption = None) -> None:
    """Start everything; prints the address to open."""
    chosen = settings(config)
    with _open_port(chosen) as listening:
        carry_out(serve(chosen, listening, lambda parts: _tell(chosen, parts.problems)))


@app.command("serve")
def serve_people(
    workers: Annotated[int, typer.Option(min=1, max=256, help="How many processes; one for each core is right.")] = 1,
    config: ConfigOption = None,
) -> None:
    """Start everything in several server processes that share nothing but the stores."""
    path = find_config(config)
    chosen = settings(path)
    with _open_port(chosen) as listening:
        carry_out(serve_by_workers(chosen, listening, lambda problems: _tell(chosen, problems), workers, path))


@app.command(hidden=True)
def worker(
    fd: Annotated[int, typer.Option(help="The socket to listen on, inherited.")],
    number: Annotated[int, typer.Option(help="Which of the workers this is, from 0.")],
    config: ConfigOption = None,
) -> None:
    """One of the processes that `hocso serve` starts."""
    with socket.socket(fileno=fd) as listening:
        carry_out(serve(settings(config), listening, lambda _: say_ready(), number))


@app.command()
def chat(
    learner: Annotated[str, typer.Option(help="Whose progress to go on with.")] = "",
    lang: Annotated[Literal["vi", "en"] | None, typer.Option(help="Language for someone new.")] = None,
    config: ConfigOption = None,
) -> None:
    """Learn in this terminal. Lines may be piped in."""
    chosen = settings(config)

    async def talk() -> None:
        async with running(chosen) as parts:
            await chat_in_terminal(parts.tutor, learner or getpass.getuser(), lang or chosen.language)

    carry_out(talk())


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
