"""The composition root: builds every part from Config; starts them in order, stops them in reverse."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass

import psutil
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels import web
from bot.config import EMBEDDED, Config, TelegramConfig
from bot.core.library import Library
from bot.core.problem import Problem
from bot.core.saving import StoreDown
from bot.library import follow, read_folder
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor

log = structlog.get_logger()

DRAIN_SECONDS = 5  # for answers under way when the program is told to stop


class PortTaken(Exception):
    """Another program listens on our port; `str()` says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """The started parts that channels need."""

    tutor: Tutor
    store: RedisProgress
    problems: tuple[Problem, ...]  # of lesson files that were left out

    async def ready(self) -> str:
        """Return the empty text, or why learners can't be taught now."""
        try:
            await self.store.ready()
        except StoreDown as error:
            return str(error)
        return ""


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Running]:
    """Start the store, the library and the tutor; stop them at the end.

    Raises:
        NothingToTeach: no lesson can be taught.
        StoreDown: the store can't be started or reached.
        ValueError: the store's URL is none.
    """
    library, problems = await asyncio.to_thread(read_folder, config.lessons)
    async with AsyncExitStack() as stack:
        store = await _store(config, stack)
        tutor = Tutor(library, store)
        await _reload(config, library, tutor, stack)
        yield Running(tutor, store, problems)


async def _store(config: Config, stack: AsyncExitStack) -> RedisProgress:
    url = config.store
    if url == EMBEDDED:
        server = EmbeddedServer(config.data / "store")
        await server.start()
        stack.push_async_callback(server.stop)
        url = server.url
    store = RedisProgress.connect(url)
    stack.push_async_callback(store.close)
    await store.ready()
    return store


async def _reload(config: Config, library: Library, tutor: Tutor, stack: AsyncExitStack) -> None:
    def publish(fresh: Library) -> None:
        tutor.library = fresh

    stop = asyncio.Event()
    task = asyncio.create_task(follow(config.lessons, library, publish, stop))

    async def end() -> None:
        stop.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, DRAIN_SECONDS)

    stack.push_async_callback(end)


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again before the store is stopped."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # both are context managers
        return nullcontext()


async def serve(config: Config, tell: Callable[[Running, str], None]) -> None:
    """Serve the web page until SIGINT or SIGTERM; `tell` hears when it is up, with its address.

    Raises PortTaken besides what `running` raises.
    """
    listening = _listen(config.host, config.port)
    with listening:
        async with running(config) as parts, AsyncExitStack() as stack:
            ahead = _telegram(config.telegram, parts.tutor, stack) if config.telegram else {}
            routes = web.routes(parts.tutor, parts.ready, secure_cookie=config.https, lang=config.language)
            settings = uvicorn.Config(
                _ahead(ahead, Starlette(routes=routes, exception_handlers=web.PROBLEMS)),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
            server = _Server(settings)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, _stop, server)
            host = "127.0.0.1" if config.host in {"0.0.0.0", "::"} else config.host  # noqa: S104  a comparison
            tell(parts, f"http://{f'[{host}]' if ':' in host else host}:{config.port}/")
            await server.serve(sockets=[listening])


def _telegram(config: TelegramConfig, tutor: Tutor, stack: AsyncExitStack) -> dict[str, ASGIApp]:
    """Start the Telegram channel; returns its endpoints by path. Telegram may be away: it is tried again and again."""
    # Importing aiogram takes seconds, which nobody without a token should wait for.
    from bot.channels.telegram import PATH, Telegram  # noqa: PLC0415
    from bot.channels.telegram.client import Client  # noqa: PLC0415

    telegram = Telegram(tutor, Client(config.token, config.base), config.secret)
    stack.push_async_callback(telegram.close)

    async def work() -> None:
        await telegram.introduce(config.url)
        if not config.url:
            await telegram.poll()

    task = asyncio.create_task(work())

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)
    return {PATH: telegram.webhook} if config.url else {}


def _ahead(endpoints: Mapping[str, ASGIApp], site: ASGIApp) -> ASGIApp:
    """Put the platforms' webhooks ahead of the router: its routing costs as much as the rest of a turn."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = endpoints.get(scope["path"], site) if scope["type"] == "http" else site
        await endpoint(scope, receive, send)

    return choose if endpoints else site


def _stop(server: uvicorn.Server) -> None:
    server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise PortTaken(f"Address {host!r} is not known on this machine; HOST=127.0.0.1 would be right.") from error
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise PortTaken(_who_has(host, port, error)) from error
    listening.setblocking(False)
    return listening


def _who_has(host: str, port: int, error: OSError) -> str:
    """Say which process to look for, and how to take another port."""
    others = f"take another port: PORT={port + 1} make run"
    if isinstance(error, PermissionError):
        return f"Port {port} may only be used by the administrator; {others.replace(str(port + 1), '8080')}."
    try:
        found = [each for each in psutil.net_connections("tcp") if each.laddr and each.laddr.port == port]
        pid = next(each.pid for each in found if each.status == psutil.CONN_LISTEN and each.pid)
        holder = f"process {pid} ({psutil.Process(pid).name()})"
    except (psutil.Error, StopIteration, OSError):
        command = "lsof -i" if sys.platform != "win32" else "netstat -ano | findstr"
        holder = f"another program (see which: {command} :{port})"
    return f"Port {port} on {host} is taken by {holder}. Stop it, or {others}."
