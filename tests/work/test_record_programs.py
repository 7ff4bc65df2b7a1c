"""The records as an operator meets them: beside `hocso run`, by `hocso work`, and in `hocso status`."""

import asyncio
import os
import re
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from programs import hocso, make_home, running, until
from redis.asyncio import Redis
from small import small_library

from bot.core.turn import Typed
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor

LINES = "chào 1 1 1 1 1 1"  # into a lesson
SMALL = small_library()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def learnt(home: Path, name: str = "an", lines: str = LINES) -> str:
    """Learn as in a terminal, though without its start, which takes seconds; the last text shown."""

    async def learn() -> str:
        async with EmbeddedServer(home / "var/store") as server:
            store = RedisProgress.connect(server.url)
            tutor = Tutor(SMALL, store)
            replies = [
                await tutor.hear(f"terminal:{name}", Typed(line), f"{lines} {n}")
                for n, line in enumerate(lines.split())
            ]
            await store.close()
            return replies[-1].text

    return asyncio.run(learn())


def kept(home: Path, what: str = "kind") -> list[str]:
    """What is kept of the records, oldest first; nothing where there are none yet."""
    with suppress(sqlite3.OperationalError), sqlite3.connect(home / "var/records.sqlite") as file:
        return [row[0] for row in file.execute(f"SELECT {what} FROM records ORDER BY learner, turn, place")]  # noqa: S608
    return []


def writers(pid: int) -> list[psutil.Process]:
    return [each for each in psutil.Process(pid).children() if "bot.work" in each.cmdline()]


def figures(address: str) -> dict[str, float]:
    text = httpx.get(f"{address}/metrics").text
    return {
        name: float(value) for name, value in re.findall(r"^(hocso_(?:journal|records)\w+) (\S+)$", text, re.MULTILINE)
    }


def test_what_was_learnt_in_a_terminal_is_written_down_by_hand(home: Path) -> None:
    learnt(home)
    assert hocso(home, "work", "--once").returncode == 0
    assert kept(home)[:4] == ["agreed", "address", "manner", "began"]
    before = kept(home)
    assert hocso(home, "work", "--once").returncode == 0
    assert kept(home) == before


def test_a_running_program_writes_by_itself_and_its_writer_comes_back(home: Path) -> None:
    with running(home) as (process, address):
        learnt(home)
        until(lambda: len(kept(home)) > 4, "records")
        [writer] = writers(process.pid)
        assert writer.nice() > psutil.Process().nice()
        writer.kill()
        learnt(home, "binh")
        until(lambda: len(set(kept(home, "learner"))) == 2, "records of a second learner")
        until(lambda: figures(address).get("hocso_journal_waiting") == 0, "figures")
        assert figures(address) == {
            "hocso_journal_waiting": 0,
            "hocso_journal_lag_seconds": 0,
            "hocso_records_set_aside": 0,
        }
        told = hocso(home, "status", "--lang", "en", PORT=address.rpartition(":")[2])
        assert "Records: 0 entries wait, the oldest 0 s; set aside as unreadable: 0.\n" in told.stdout
        assert told.returncode == 0
        learnt(home, "an", "xóa 2")
        until(lambda: len(set(kept(home, "learner"))) == 1, "the deletion")
        [writer] = writers(process.pid)
    assert not writer.is_running()


def test_a_writer_whose_program_was_killed_ends_too(home: Path) -> None:
    with running(home) as (process, _):
        until(lambda: writers(process.pid), "the writer")
        [writer] = writers(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        until(lambda: not writer.is_running(), "the writer's end")


def test_of_several_server_processes_one_has_the_writer(home: Path) -> None:
    with running(home, "serve", "--workers", "2") as (process, _):

        def all_writers() -> list[psutil.Process]:
            found = psutil.Process(process.pid).children(recursive=True)
            return [each for each in found if "bot.work" in each.cmdline()]

        learnt(home)
        until(lambda: len(kept(home)) > 4, "records")
        assert len(all_writers()) == 1


def test_written_apart_means_that_nobody_writes_but_the_command(home: Path) -> None:
    (home / "config.yaml").write_text("lessons: lessons\ndata: var\nrecords: {written: apart}\n", encoding="utf-8")
    with running(home) as (process, address):
        learnt(home)
        until(lambda: figures(address).get("hocso_journal_waiting", 0) > 4, "figures")
        assert writers(process.pid) == []
        assert kept(home) == []
        assert hocso(home, "work", "--once").returncode == 0
        assert len(kept(home)) > 4


def test_with_the_database_away_people_are_taught(home: Path) -> None:
    with running(home, DATABASE_URL="postgres://an:s3cret@127.0.0.1:9/hocso"):
        until(lambda: "records are not written now" in (home / "log").read_text(), "a word about it")
        learnt(home)
    log = (home / "log").read_text()
    assert "The database at 127.0.0.1:9/hocso can't be used (" in log
    assert "s3cret" not in log
    assert hocso(home, "work", "--once").returncode == 0  # into the file, as if nothing had been
    assert len(kept(home)) > 4


@pytest.mark.parametrize("command", ["run", "work"])
def test_a_url_that_is_none_is_told_in_one_sentence(home: Path, command: str) -> None:
    came = hocso(home, command, DATABASE_URL="mysql://an:s3cret@db/hocso")
    assert came.returncode == 1
    assert came.stderr.startswith("The database's URL begins with no scheme known here. A database's URL is ")
    assert "s3cret" not in came.stdout + came.stderr


def test_a_newer_database_ends_the_command_and_not_the_teaching(home: Path) -> None:
    assert hocso(home, "work", "--once").returncode == 0
    with sqlite3.connect(home / "var/records.sqlite") as file:
        file.execute("UPDATE alembic_version SET version_num = '0999'")
    came = hocso(home, "work")
    assert came.returncode == 1
    assert f"The database at {home}/var/records.sqlite was made by a newer Học Số" in came.stderr
    with running(home):
        until(lambda: "was made by a newer" in (home / "log").read_text(), "a word about it")
        learnt(home)


def test_rebuild_restores_what_a_lost_store_held(home: Path) -> None:
    before = learnt(home)
    assert hocso(home, "work", "--once").returncode == 0

    async def lose() -> None:
        async with EmbeddedServer(home / "var/store") as server, Redis.from_url(server.url) as client:
            await client.flushall()

    asyncio.run(lose())
    came = hocso(home, "rebuild")
    assert came.returncode == 0, came.stderr
    assert "Khôi phục: 1. (Restored.)\nĐã có sẵn: 0. (There as they are, or newer.)" in came.stdout
    assert learnt(home, lines="nghe") == before
    assert "Khôi phục: 0. (Restored.)\nĐã có sẵn: 1." in hocso(home, "rebuild").stdout
