"""`hocso schema`: JSON Schemas with which text editors complete, explain and check lesson files."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.console import ConfigOption, settings
from bot.core.file_schema import MODELS, schema_of
from bot.core.problem import nearest
from bot.voice.files import put

FOLDER = ".schema"  # in the lessons' folder
CANT = 2

NameArgument = Annotated[str, typer.Argument(metavar="KIND", help=f"Which kind of file: {', '.join(MODELS)}.")]
WriteOption = Annotated[bool, typer.Option("--write", help="Write them all into the lessons' folder instead.")]


def schema(name: NameArgument = "", *, write: WriteOption = False, config: ConfigOption = None) -> None:
    """Print the JSON Schema of one kind of file, or write all of them where text editors look for them."""
    if write:
        _write_all(settings(config).lessons)
    elif name in MODELS:
        typer.echo(text_of(name), nl=False)
    elif name:
        _cant(f"{name!r} is no kind of file; {nearest(name, MODELS)}")
    else:
        _cant(f"Which kind of file? There are: {', '.join(MODELS)}")


def _write_all(lessons: Path) -> None:
    folder = lessons / FOLDER
    if not lessons.is_dir():
        _cant(f"{lessons} is no folder; name the lessons' folder in config.yaml")
    try:
        for name in MODELS:
            put(folder / f"{name}.json", text_of(name).encode())
    except OSError as error:
        _cant(f"{folder} can't be written ({error.strerror}); make room, and let this account write there")
    typer.echo(f"Đã ghi {len(MODELS)} lược đồ vào {folder}. ({len(MODELS)} schemas are written there.)")


def text_of(name: str) -> str:
    """Return the schema as it is written."""
    return json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n"


def _cant(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(CANT)
