"""The bots that are compared: how each is started and stopped, what it lacks, and what it has used so far."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from lesson import REPO
from load import Failed
from stand import Stand

HERE = Path(__file__).resolve().parent
RIVALS = HERE / "rivals"
APART = REPO / ".venv-bench"  # where `make bench-rivals` puts the rivals in Python
TOKEN = "1:bench"  # noqa: S105  of nobody
SECRET = "bench"  # noqa: S105
START_SECONDS = 30.0
STOP_SECONDS = 10.0
Around = Callable[[Sequence[str], Path], Sequence[str]]  # makes another command of a bot's, given its folder
INSTALL = "`make bench-rivals` installs it"


@dataclass(frozen=True, slots=True)
class Side:
    """One bot: its short name, what the table calls it, its command, and the Python packages it needs."""

    name: str
    title: str
    command: Callable[[Path], Sequence[str]]  # of the folder it may write to
    packages: tuple[str, ...] = ()

    def lacks(self) -> str:
        """Return the empty text, or what must be there first."""
        if self.name == "grammy":
            if not shutil.which("node"):
                return "there is no `node`; install Node.js 20 or newer"
            return "" if (RIVALS / "grammy/node_modules/grammy").is_dir() else f"it isn't there; {INSTALL}"
        for package in self.packages:
            ask = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
            if subprocess.run([python(), "-c", ask], check=False).returncode:  # noqa: S603
                return f"package {package} isn't there; {INSTALL}"
        return ""


def python() -> str:
    """Return the Python that has the rivals: their own environment's, else this one."""
    own = APART / "bin/python"
    return str(own) if own.exists() else sys.executable


def hocso(lessons: Path, records: str) -> Callable[[Path], Sequence[str]]:
    """Return what makes the command of Học Số with these lessons, and with records written `beside` or `apart`."""

    def command(folder: Path) -> Sequence[str]:
        config = folder / "config.yaml"
        # Without a voice: the others have none, and making a clip first costs more than a thousand turns.
        settings = f"lessons: {lessons}\ndata: {folder}\ntelegram: {{mode: webhook}}\nvoice: {{engines: []}}\n"
        config.write_text(f"{settings}records: {{written: {records}}}\n", encoding="utf-8")
        return [sys.executable, "-m", "bot", "run", "--config", str(config)]

    return command


def _in_python(file: str) -> Callable[[Path], Sequence[str]]:
    return lambda _folder: [python(), str(RIVALS / file)]


# Records are written by another process, which bench/records.py measures: the others keep none at all.
HOCSO = Side("hocso", "**Học Số**, everything on", hocso(REPO / "tests/lessons", records="apart"))
SIDES = (
    HOCSO,
    Side("grammy", "grammY, Redis sessions, webhook reply", lambda _: ["node", str(RIVALS / "grammy/bot.mjs")]),
    Side("aiogram", "aiogram 3, Redis FSM, webhook reply", _in_python("aiogram_fsm.py"), ("aiogram",)),
    Side("dialog", "aiogram-dialog, Redis", _in_python("dialogs.py"), ("aiogram_dialog",)),
    Side("ptb", "python-telegram-bot 22, place in Redis", _in_python("ptb.py"), ("telegram",)),
)


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    """What is started meanwhile runs on these cores; an empty set leaves all as it is."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True, slots=True)
class Used:
    """What a bot has used up to a moment: seconds of wall and of CPU, and memory in MB."""

    wall: float
    cpu: float
    memory: float


class Running:
    """A started bot, with its children."""

    def __init__(self, side: Side, folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.side = side
        self.port = port
        self.pid = process.pid
        self.folder = folder
        self._process = process

    def used(self) -> Used:
        """Return what it has used."""
        main = psutil.Process(self.pid)
        cpu = memory = 0.0
        for each in (main, *main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                cpu += times.user + times.system
                memory += each.memory_info().rss / 1e6
        return Used(time.perf_counter(), cpu, memory)

    def says(self) -> str:
        """Return the end of what it printed."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


async def start(side: Side, stand: Stand, around: Around | None = None) -> Running:
    """Start a bot in a folder of its own, and wait until it listens. Raises Failed when it doesn't."""
    folder, port = stand.folder / side.name, _free_port()
    folder.mkdir()
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": f"unix://{quote(stand.socket)}",
        "REDIS_SOCKET": stand.socket,
        "TELEGRAM_API_BASE": f"http://127.0.0.1:{stand.api.port}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "LESSON": str(stand.folder / "lesson.json"),
        "NODE_ENV": "production",
    }
    command = side.command(folder)
    if around:
        command = around(command, folder)
    with _on(stand.cores), (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=REPO, stdout=log, stderr=log)  # noqa: ASYNC220, S603
    running = Running(side, folder, port, process)
    until = time.monotonic() + START_SECONDS
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > until:
            running.stop()
            raise Failed(f"{side.name} doesn't start:\n{running.says()}")
        await asyncio.sleep(0.05)
    return running


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
