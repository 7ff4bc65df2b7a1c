"""Programs that tests kill: forked from a process that has read everything already, so that each starts in no time."""

import asyncio
import multiprocessing
import os
import random
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from bot import logs
from bot.stores.database import Database
from bot.stores.records import Records
from bot.work import journal as consuming
from bot.work.rebuilding import rebuild_all
from bot.work.writing import write_records

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["record_programs"])


def write(store_url: str, database_url: str, folder: Path) -> None:
    """What the process beside `hocso run` does, in small batches without rest: so it is mostly in the middle of one."""
    _log_to(folder / "log")
    consuming.REST = 0.0
    asyncio.run(write_records(store_url, database_url, folder, count=2))


def rebuild(store_url: str, database_url: str, folder: Path) -> None:
    """What `hocso rebuild` does, few learners at once."""
    _log_to(folder / "log")

    async def restore() -> None:
        database = Database.at(database_url, folder)
        await rebuild_all(Records(database), store_url, 5)
        await database.close()

    asyncio.run(restore())


def _log_to(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(file, 2)
    logs.set_up(())


@contextmanager
def started(program: Callable[[str, str, Path], None], *where: object) -> Iterator[BaseProcess]:
    """A program that runs; killed at the end, however far it is."""
    with pytest.MonkeyPatch.context() as patch:  # else the server finds nothing of what it is to read beforehand
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()
    process = _FORKS.Process(target=program, args=where)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def dice() -> random.Random:
    """Dice of a seed that is printed: HOCSO_SEED has them fall the same again."""
    seed = int(os.environ.get("HOCSO_SEED") or secrets.randbelow(10**6))
    print(f"HOCSO_SEED={seed}")  # noqa: T201  pytest shows it with a failure
    return random.Random(seed)  # noqa: S311  a test's dice
