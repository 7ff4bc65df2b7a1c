"""`hocso zalo`: what an operator does at Zalo by the command line."""

from typing import Annotated, Literal

import typer

from bot.console import ConfigOption, settings

zalo_app = typer.Typer(no_args_is_help=True, help="Zalo: let the program into an Official Account.")


@zalo_app.callback()
def _zalo() -> None:
    """Zalo: let the program into an Official Account."""


@zalo_app.command()
def login(
    redirect: Annotated[str, typer.Option(help="The callback saved in Zalo's console; else under PUBLIC_URL.")] = "",
    refresh_token: Annotated[
        bool, typer.Option("--refresh-token", help="Paste a refresh token of the API Explorer instead.")
    ] = False,
    lang: Annotated[Literal["vi", "en"] | None, typer.Option(help="Language; else the one of config.yaml.")] = None,
    config: ConfigOption = None,
) -> None:
    """Get the first tokens of the Official Account, or new ones where the old can't be refreshed any more."""
    from bot.zalo_commands.login import log_in  # noqa: PLC0415  no other command need wait for httpx

    chosen = settings(config)
    log_in(chosen, redirect, lang or chosen.language, refresh_token=refresh_token)
