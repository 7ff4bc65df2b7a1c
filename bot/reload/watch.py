"""Notices that something in a folder changed, however it was changed."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

import structlog
from watchfiles import awatch

log = structlog.get_logger()

LOOK_MS = 500  # milliseconds between looks at what no event tells of


class Traces(NamedTuple):
    """What shows that a folder changed: which folders and files are there, by device and inode, time and size."""

    folders: frozenset[tuple[str, int, int]]
    files: frozenset[tuple[str, int, int, int]]


def traces(folder: Path) -> Traces:
    """Return the folder's traces, two levels deep; of one that isn't there there are none."""
    folders: set[tuple[str, int, int]] = set()
    files: set[tuple[str, int, int, int]] = set()
    ahead = [folder]
    for path in ahead:  # which grows
        try:
            found = path.stat()
            folders.add((str(path), found.st_dev, found.st_ino))
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.is_dir():
                        ahead += [Path(entry.path)] if path is folder else []
                    else:
                        at = entry.stat()
                        files.add((entry.path, at.st_ino, at.st_mtime_ns, at.st_size))
        except OSError:  # it went away just now, or leads nowhere: the next look tells
            continue
    return Traces(frozenset(folders), frozenset(files))


async def looks(folder: Path, before: Traces) -> AsyncGenerator[bool, None]:
    """Tell at least every half second whether anything changed since the last look, at first since `before`.

    The system tells of most changes at once. What it doesn't tell of (a link that leads elsewhere, some network
    disks, a folder that was away) is seen by the traces; then the watch begins anew. Never ends: close it.
    """
    while True:
        try:
            events = awatch(folder, yield_on_timeout=True, rust_timeout=LOOK_MS)
            async with aclosing(events):
                begun = await asyncio.to_thread(traces, folder)
                yield begun != before
                before = begun
                async for changes in events:
                    now = await asyncio.to_thread(traces, folder)
                    yield bool(changes) or now != before
                    gone = now.folders != before.folders
                    before = now
                    if gone:
                        break
        except OSError as error:
            log.debug("the lessons can't be watched, they are looked at instead", why=str(error))
            now = await asyncio.to_thread(traces, folder)
            yield now != before
            before = now
            await asyncio.sleep(LOOK_MS / 1000)
