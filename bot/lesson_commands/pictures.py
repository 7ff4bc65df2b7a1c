"""`hocso pictures`."""

from typing import Annotated

import typer

from bot.console import ConfigOption, fail, settings
from bot.library import NothingToTeach, read_folder
from bot.pictures.gallery import FOLDER, Gallery, wanted


def pictures(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many there are to draw.")] = False,
    config: ConfigOption = None,
) -> None:
    """Draw all pictures of the lessons ahead. What is there is left."""
    chosen = settings(config)
    try:
        library, _ = read_folder(chosen.lessons)
    except NothingToTeach as error:
        fail(error)
    gallery = Gallery(chosen.data / FOLDER, lambda: library)
    shown = wanted(library)
    missing = [address for address in shown if not gallery.path(address).exists()]
    there = len(shown) - len(missing)
    if dry_run:
        typer.echo(
            f"{len(shown)} hình, {there} hình có sẵn, còn {len(missing)} hình cần vẽ."
            f" ({len(shown)} pictures, {there} are there, {len(missing)} to draw.)"
        )
        return
    for address in missing:
        gallery.make(shown[address])
    unkept = [address for address in missing if not gallery.path(address).exists()]
    if unkept:
        fail(
            f"Không ghi được {len(unkept)} hình vào {chosen.data / FOLDER}."
            f" ({len(unkept)} pictures can't be written there.)"
        )
    size = sum(gallery.path(address).stat().st_size for address in shown)
    typer.echo(
        f"Đã vẽ {len(missing)} hình, {there} hình có sẵn, tất cả {size / 1000:.0f} kB, ở {chosen.data / FOLDER}."
        f" ({len(missing)} pictures drawn, {there} were there, {size / 1000:.0f} kB in all.)"
    )
