"""`hocso schema`: JSON Schemas with which text editors complete, explain and check lesson files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.console import ConfigOption, settings
from bot.core.file_schema import MODELS, schema_of
from bot.core.problem import nearest
from bot.voice.files import put

FOLDER = ".schema"  # in the lessons' folder
CANT = 2

NameArgument = Annotated[str, typer.Argument(help=f"Which kind of file: {', '.join(MODELS)}.")]
WriteOption = Annotated[bool, typer.Option("--write", help="Write them all into the lessons' folder instead.")]


def schema(name: NameArgument = "", write: WriteOption = False, config: ConfigOption = None) -> None:
    """Print the JSON Schema of one kind of file, or write all of them where text editors look for them."""
    if write:
        folder = settings(config).lessons / FOLDER
        for each in MODELS:
            write_schema(folder, each)
        typer.echo(f"Đã ghi {len(MODELS)} lược đồ vào {folder}. ({len(MODELS)} schemas are written there.)")
        return
    if name not in MODELS:
        typer.echo(f"{name!r} is no kind of file; {nearest(name, MODELS)}", err=True)
        raise typer.Exit(CANT)
    typer.echo(text_of(name), nl=False)


def text_of(name: str) -> str:
    """Return the schema as it is written."""
    return json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n"


def write_schema(folder: Path, name: str) -> None:
    """Write one, whole or not at all. Raises OSError."""
    folder.mkdir(exist_ok=True)
    put(folder / f"{name}.json", text_of(name).encode())
