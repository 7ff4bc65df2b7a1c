"""What all commands have in common: the settings they read, and how they end when they can't go on."""

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import logs, places
from bot.config import Config, find_config, read_config
from bot.core.places import Province

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
    oa, bot = config.zalo_oa, config.zalo_bot
    ours = (oa.app_secret, oa.webhook_secret, oa.verifier) if oa else ()
    bots = (bot.token, bot.secret) if bot else ()
    secrets = filter(None, (*tokens, *ours, *bots))
    logs.set_up([*logs.secrets_of(config.store, config.records.url), *secrets], config.log)
    return config


def province_of(config: Config) -> Province:
    """Return the communes with their names, or end with a sentence."""
    try:
        return places.read(config.places)
    except ValueError as error:
        fail(f"Không đọc được danh sách xã, phường. (teams.places in config.yaml: {error}.)")
