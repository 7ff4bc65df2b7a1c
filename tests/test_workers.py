"""Several server processes: all of them serve, none is missed, and none stays behind."""

import asyncio
import os
import re
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from programs import PATIENCE, free_port, hocso, make_home, ready, running, stores, until

from bot import workers as module
from bot.workers import WorkerFailed, Workers

SERVE = ("serve", "--workers", "2")


def workers_of(pid: int) -> list[psutil.Process]:
    """The server processes of a program, the oldest first; not those that just died."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):  # a zombie counts as such
            found += [child] if "worker" in child.cmdline() else []
    return sorted(found, key=lambda each: each.create_time())


@dataclass
class Crew:
    """A program that serves by two processes."""

    home: Path
    pid: int
    address: str

    @property
    def workers(self) -> list[psutil.Process]:
        return workers_of(self.pid)

    @property
    def log(self) -> str:
        return (self.home / "log").read_text()

    @contextmanager
    def only(self, worker: psutil.Process) -> Iterator[None]:
        """Let the others sleep."""
        others = [each for each in self.workers if each.pid != worker.pid]
        for each in others:
            each.suspend()
        try:
            yield
        finally:
            for each in others:
                each.resume()

    def figures(self) -> dict[str, float]:
        """What /metrics tells, but for when and where."""
        told = httpx.get(f"{self.address}/metrics", timeout=PATIENCE).raise_for_status().text
        rows = [line.rpartition(" ") for line in told.splitlines() if line.startswith("hocso_")]
        return {name: float(value) for name, _, value in rows}


class Learner:
    """Someone at the web page, who comes on a new connection each time."""

    def __init__(self, address: str) -> None:
        none = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=address, limits=none, follow_redirects=True, timeout=PATIENCE)
        self.page = ""

    def opens(self) -> str:
        self.page = self.http.get("/").raise_for_status().text
        return self.page

    def form(self, code: str) -> list[tuple[str, tuple[None, str]]]:
        """The form of the last page, with the button of this code."""
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page)
        buttons = [unescape(value) for value in re.findall(r'name="tap" value="([^"]*)"', self.page)]
        tap = next(value for value in buttons if value.partition("|")[2] == code)
        return [(name, (None, unescape(value))) for name, value in [*fields, ("tap", tap)]]

    def sends(self, form: Any) -> str:
        self.page = self.http.post("/talk", files=form).raise_for_status().text
        return self.page

    def taps(self, *codes: str) -> str:
        for code in codes:
            self.sends(self.form(code))
        return self.page


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    home = make_home(tmp_path_factory.mktemp("home"))
    with running(home, *SERVE) as (process, address):
        yield Crew(home, process.pid, address)
    assert process.returncode == 0
    assert stores(home) == []


UPDATES, TURNS = 'hocso_updates_total{channel="web"}', "hocso_turn_seconds_count"


def test_both_serve_from_the_same_store_and_their_figures_add_up(crew: Crew) -> None:
    assert ready(crew.address)
    one, other = crew.workers
    before = crew.figures()
    learner = Learner(crew.address)
    with crew.only(one):
        learner.opens()
        learner.taps("agree", "bac")
    with crew.only(other):
        assert "Bác muốn học bằng cách" in learner.opens()
        learner.taps("read")
    with crew.only(one):
        learner.taps("l:vneid-01")
        told = crew.figures()
    with crew.only(other):
        assert crew.figures() == told
    assert told[UPDATES] - before.get(UPDATES, 0) == told[TURNS] - before.get(TURNS, 0) == 4
    assert told["hocso_turns_waiting"] == 0


def test_one_that_is_killed_is_started_anew_and_no_request_is_lost(crew: Crew) -> None:
    dead, other = crew.workers
    learner = Learner(crew.address)
    learner.opens()
    learner.taps("agree")
    before = crew.figures()
    form, cut = learner.form("bac"), list[Exception]()

    def sends() -> None:
        try:
            learner.sends(form)
        except httpx.TransportError as error:
            cut.append(error)

    [store] = stores(crew.home)
    with crew.only(dead):
        store.suspend()  # so that a turn is under way when the process dies
        sending = threading.Thread(target=sends)
        sending.start()
        until(lambda: crew.figures()["hocso_turns_waiting"] == 1, "a turn to be under way")
        dead.kill()
        store.resume()
    sending.join(PATIENCE)
    assert len(cut) == 1
    asked = 0
    latest = time.monotonic() + PATIENCE
    while dead.pid in (pids := [each.pid for each in crew.workers]) or len(pids) < 2:
        assert ready(crew.address)
        asked += 1
        assert time.monotonic() < latest, crew.log
    assert asked
    [new] = [each for each in crew.workers if each.pid != other.pid]
    assert "a server process ended" in crew.log
    with crew.only(new):
        until(lambda: ready(crew.address), "the new process to serve")
        assert "Bác muốn học bằng cách" in learner.sends(form)
        told = crew.figures()
    assert told["hocso_turns_waiting"] == 0  # the dead one's is forgotten, what it counted is not
    assert told[UPDATES] - before[UPDATES] == 2
    assert "Bác muốn học bằng cách" in learner.opens()


def test_figures_are_for_this_machine_alone(crew: Crew) -> None:
    refused = httpx.get(f"{crew.address}/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert refused.status_code == 403
    assert "`web: metrics: open` in config.yaml opens them" in refused.text


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder with lessons and settings of its own; what a test left running there is killed after it."""
    yield make_home(tmp_path)
    for each in psutil.process_iter(["cwd"]):
        if (each.info["cwd"] or "").startswith(str(tmp_path)):
            each.kill()


def gone(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)


@pytest.mark.parametrize("how", ["SIGTERM", "Ctrl+C"])
def test_told_to_stop_all_end_and_nothing_stays(home: Path, how: str) -> None:
    left = home / "tmp"
    left.mkdir()
    (home / "config.yaml").write_text("web: {metrics: open}\n", encoding="utf-8")
    with running(home, *SERVE, TMPDIR=str(left)) as (process, address):
        assert httpx.get(f"{address}/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 200
        workers = workers_of(process.pid)
        assert len(workers) == 2
        assert list(left.iterdir()) != []  # where the figures are added up
        if how == "SIGTERM":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert gone(workers)
    assert stores(home) == []
    assert list(left.iterdir()) == []
    assert "Traceback" not in (home / "log").read_text()
    assert "had to be killed" not in (home / "log").read_text()


def test_when_the_parent_is_killed_the_others_end_by_themselves(home: Path) -> None:
    with running(home, *SERVE) as (process, address):
        workers = workers_of(process.pid)
        process.kill()
        until(lambda: gone(workers), "the workers to end")
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    assert "Traceback" not in (home / "log").read_text()


def test_one_that_cannot_start_is_said_and_ends_all(home: Path) -> None:
    port = free_port()
    ended = hocso(home, *SERVE, PORT=str(free_port()), REDIS_URL=f"redis://:verysecret@127.0.0.1:{port}/0")
    assert ended.returncode == 1
    *whys, last = ended.stderr.strip().splitlines()
    assert last == "A server process did not start; the lines before this one say why."
    assert len(whys) == 2
    assert all(f":{port}" in why and "can't be reached" in why for why in whys)
    assert ended.stdout == ""
    assert "verysecret" not in ended.stderr


def test_what_is_wrong_with_all_is_said_once(home: Path) -> None:
    (home / "config.yaml").write_text("lessons: elsewhere\n", encoding="utf-8")
    ended = hocso(home, *SERVE, PORT=str(free_port()))
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1


# The crew alone, with processes that do nothing.

READY = "import sys; print('ready', flush=True); "
WAITS = READY + "sys.stdin.read()"


@asynccontextmanager
async def made(code: str, tmp_path: Path, count: int = 2) -> AsyncIterator[tuple[Workers, list[int]]]:
    """A crew of processes that run this code, and the ids of those that ended by themselves."""
    ended: list[int] = []
    with (tmp_path / "listening").open("w") as listening:
        command = (sys.executable, "-S", "-c", code)
        yield Workers(command, count, listening.fileno(), {**os.environ, "OUT": str(tmp_path)}, ended.append), ended


@pytest.mark.anyio
async def test_one_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_SECONDS", 0.2)
    before = psutil.Process().children()
    async with made("import sys; sys.stdin.read()", tmp_path) as (crew, _):
        with pytest.raises(WorkerFailed, match="did not start"):
            await crew.start()
    assert psutil.Process().children() == before


@pytest.mark.anyio
async def test_one_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAITS
    async with made(deaf, tmp_path) as (crew, ended):
        started = await crew.start()
        running = asyncio.create_task(crew.run(started))
        crew.stop()
        await running
    assert [each.returncode for each in started] == [-signal.SIGKILL] * 2
    assert ended == []


@pytest.mark.anyio
async def test_told_to_stop_while_they_start_they_end_at_once(tmp_path: Path) -> None:
    async with made(WAITS, tmp_path) as (crew, _):
        crew.stop()
        started = await crew.start()
        await crew.run(started)
    assert all(each.returncode is not None for each in started)


@pytest.mark.anyio
async def test_one_that_ends_again_and_again_is_started_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.01, 0.05))
    async with made(READY + "sys.exit(3)", tmp_path, count=1) as (crew, ended):
        running = asyncio.create_task(crew.run(await crew.start()))
        await asyncio.to_thread(until, lambda: len(ended) >= 5, "it to end")
        crew.stop()
        await running
    pauses = [float(found) for found in re.findall(r"again_in=([\d.]+)", capsys.readouterr().out)]
    assert pauses[:5] == [0.01, 0.02, 0.04, 0.05, 0.05]
    assert len(set(ended)) == len(ended)


@pytest.mark.anyio
async def test_one_that_ran_well_for_long_is_started_anew_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.01, 10.0))
    monkeypatch.setattr(module, "STEADY_SECONDS", 0.0)
    async with made(READY + "sys.exit(3)", tmp_path, count=1) as (crew, ended):
        running = asyncio.create_task(crew.run(await crew.start()))
        await asyncio.to_thread(until, lambda: len(ended) >= 4, "it to end")
        crew.stop()
        await running
    assert set(re.findall(r"again_in=([\d.]+)", capsys.readouterr().out)) == {"0.01"}
