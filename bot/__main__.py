"""The command line: `hocso run`, `hocso chat`, `hocso check`."""

import asyncio
import getpass
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from bot import logs
from bot.app import PortTaken, Running, running, serve
from bot.channels.terminal import chat as chat_in_terminal
from bot.config import Config, find_config, read_config
from bot.core.saving import StoreDown
from bot.library import NothingToTeach, read_folder

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", envvar="HOCSO_CONFIG", help="The settings to use instead of config.yaml.")
]


def fail(*lines: object) -> NoReturn:
    """Say why it can't go on, and end with 1."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)


def settings(path: Path | None) -> Config:
    """Read the settings and set up the log; end with every mistake named."""
    config = read_config(find_config(path), os.environ)
    if isinstance(config, list):
        fail(*config)
    tokens = (config.telegram.token, config.telegram.secret) if config.telegram else ()
    logs.set_up([*logs.secrets_of(config.store), *filter(None, tokens)])
    return config


def carry_out(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end; what keeps it from starting becomes one sentence."""
    try:
        asyncio.run(work)
    except (NothingToTeach, StoreDown, PortTaken, ValueError) as error:
        fail(error)
    except KeyboardInterrupt:
        typer.echo()


@app.command()
def run(config: ConfigOption = None) -> None:
    """Start everything; prints the address to open."""

    def tell(parts: Running, address: str) -> None:
        for problem in parts.problems:
            typer.echo(f"Bài này chưa dạy được (left out): {problem}", err=True)
        typer.echo(f"Học Số đã sẵn sàng, mở địa chỉ này: {address}")
        typer.echo("Nhấn Ctrl+C để dừng. (Ready; open that address, Ctrl+C stops.)")

    carry_out(serve(settings(config), tell))


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


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The lessons' folder; else the one of config.yaml.")] = None,
    config: ConfigOption = None,
) -> None:
    """Check all lesson files: every problem with its place. Ends with 1 when there is any."""
    where = folder or settings(config).lessons
    try:
        library, problems = read_folder(_short(where))
    except NothingToTeach as error:
        fail(error)
    if problems:
        fail(*problems)
    languages = ", ".join(sorted(library.phrases))
    typer.echo(f"{len(library.lessons)} lessons in {len(library.courses)} courses are good ({languages}).")


def _short(path: Path) -> Path:
    """Return the path as seen from here, which reads better and can be clicked in editors."""
    here = Path.cwd()
    absolute = path.resolve()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
