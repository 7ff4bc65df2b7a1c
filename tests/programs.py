"""The program as its people start it: what tests of real processes share."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from small import REPO

HOCSO = [sys.executable, "-m", "bot"]
PATIENCE = 20.0  # seconds until something that must happen has happened


def until(seen: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def make_home(folder: Path) -> Path:
    """Put lessons and settings into a folder."""
    shutil.copytree(REPO / "tests/lessons", folder / "lessons")
    (folder / "config.yaml").write_text("lessons: lessons\ndata: var\n", encoding="utf-8")
    return folder


def stores(home: Path) -> list[psutil.Process]:
    """The store servers that run on this home's data folder."""
    found = []
    for process in psutil.process_iter(["name", "cwd"]):
        name, cwd = process.info["name"] or "", process.info["cwd"] or ""
        if "valkey" in name and cwd.startswith(str(home)):
            found.append(process)
    return found


def environment(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if name not in {"PORT", "HOST", "REDIS_URL"}}
    return {**mine, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1", **more}


def hocso(home: Path, *args: str, lines: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own program
        [*HOCSO, *args],
        cwd=home,
        env=environment(**more),
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(home: Path, *command: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start `hocso run`, or another command that serves; it is told to stop at the end."""
    port = free_port()
    with (home / "log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603
            [*HOCSO, *(command or ("run",))],
            cwd=home,
            env=environment(PORT=str(port), **more),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # so that a test can press Ctrl+C: os.killpg
        )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert f"http://127.0.0.1:{port}/" in first, (home / "log").read_text()
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
