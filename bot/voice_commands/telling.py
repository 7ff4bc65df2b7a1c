"""How the making of clips is told: how far it is, how much it would be, what is there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.voice.ahead import Estimate
from bot.voice.report import Report
from bot.voice.shelf import BLOCK, Shelf

ROOM = 1.2  # of what is needed, since sizes are guessed
PLAIN_STEP = 0.1  # share of the work between two lines, where there is no terminal


@contextmanager
def progress(whole: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is: a bar on a terminal, else a line for each tenth."""
    if sys.stdout.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            task = bar.add_task("Tiếng đọc", total=whole)
            yield lambda count: bar.advance(task, count)
        return
    done = told = 0

    def tell(count: int) -> None:
        nonlocal done, told
        done += count
        if done == whole or done - told >= max(1, whole * PLAIN_STEP):
            told = done
            typer.echo(f"Xong {done} trên {whole} đoạn. ({done} of {whole} clips.)")

    yield tell


def tell_estimate(guess: Estimate) -> None:
    """Say how much making ahead would be."""
    left = guess.clips - guess.there
    typer.echo(
        f"{guess.clips} đoạn, {guess.there} đoạn có sẵn, còn {left} đoạn: khoảng {guess.seconds / 60:.0f} phút tiếng,"
        f" {guess.size / 1e6:.1f} MB, làm trong khoảng {guess.work / 60:.0f} phút."
    )
    typer.echo(
        f"({guess.clips} clips, {guess.there} are there, {left} to make: about {guess.seconds / 60:.0f} minutes of"
        f" speech, {guess.size / 1e6:.1f} MB, made in about {guess.work / 60:.0f} minutes.)"
    )


def tell_room(guess: Estimate, shelf: Shelf) -> None:
    """Warn of clips that would be made and at once removed again."""
    there = shelf.usage()
    wanted = there.size + guess.size + (guess.clips - guess.there) * BLOCK // 2
    if wanted > shelf.limit:
        needed = ceil(wanted * ROOM / 1e6)
        typer.echo(
            f"Chỗ chứa tiếng đọc chỉ có {shelf.limit / 1e6:,.0f} MB, mà cần khoảng {needed:,} MB: sửa voice: megabytes"
            f" trong config.yaml, nếu không tiếng cũ sẽ bị xóa dần. (The shelf has room for"
            f" {shelf.limit / 1e6:,.0f} MB where {needed:,} are needed: set voice: megabytes in config.yaml,"
            " else clips that weren't heard for long are removed.)",
            err=True,
        )


def tell_report(found: Report) -> None:
    """Say what is there, a line a lesson."""
    head = ("", "recorded", "good", "robot", "stale", "missing", "kB", "seconds")
    typer.echo("Người đọc (recorded), giọng tốt (good), giọng máy (robot), chữ đã đổi (stale), còn thiếu (missing):")
    lines: list[tuple[str, ...]] = [head]
    for row in [*found.rows, replace(found.total, lang="tất cả", lesson="")]:
        name = f"{row.lang} {row.lesson} {'' if row.form == 'ogg' else row.form}".strip()
        counts = (row.recorded, row.good, row.robot, row.stale, row.missing)
        lines.append((name, *map(str, counts), f"{row.size / 1000:.0f}", f"{row.seconds:.0f}"))
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    for name, *cells in lines:
        rest = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        typer.echo(f"{name.ljust(widths[0])}  {rest}")
    for each in found.stale:
        typer.echo(f"Chữ đã đổi, cần thu lại (stale): {each.step}, {each.file.name}")
    for problem in found.problems:
        typer.echo(problem, err=True)
