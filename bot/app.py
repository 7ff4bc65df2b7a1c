"""The composition root: builds every part from Config; starts them in order, stops them in reverse."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import metrics, places, workers
from bot.calling_helpers import CallingHelpers
from bot.channels import web
from bot.channels.web.preview import preview_routes
from bot.config import EMBEDDED, Config, VoiceConfig
from bot.core.library import Library
from bot.core.problem import Problem
from bot.core.saving import StoreDown
from bot.counting import counting
from bot.desk import NAME as CREW
from bot.desk import OfficeDesk
from bot.knowing_teams import KnowingTeams
from bot.library import read_folder
from bot.messengers import Parts, messengers
from bot.office_beside import OfficeBeside
from bot.pictures.gallery import FOLDER, Gallery
from bot.recording import recording
from bot.reload.follow import follow
from bot.reload.watch import traces
from bot.stores.board import Board
from bot.stores.calls import Calls
from bot.stores.embedded import EmbeddedServer
from bot.stores.notes import RedisNotes
from bot.stores.progress import RedisProgress
from bot.stores.team_board import TeamBoard
from bot.tutor import Tutor
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.hearing import Hearing
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice
from bot.webhooks import protocol
from bot.workers import Workers

if TYPE_CHECKING:
    from bot.stores.database import Database
    from bot.studio import Studio

log = structlog.get_logger()

GARBAGE = 20_000  # objects made and not freed before the youngest are searched
DRAIN_SECONDS = 5  # for answers under way when the program is told to stop


@dataclass(frozen=True, slots=True)
class Running:
    """The started parts that channels need."""

    tutor: Tutor
    store: RedisProgress
    store_url: str
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
    since = await asyncio.to_thread(traces, config.lessons)
    library, problems = await asyncio.to_thread(read_folder, config.lessons)
    metrics.taught(len(library.lessons), len(problems))
    async with AsyncExitStack() as stack:
        url = await store_url(config, stack)
        store = await _store(url, stack)
        tutor = Tutor(library, store)
        knowing = KnowingTeams(TeamBoard.beside(store), config.places, tutor.know)
        await knowing.look()
        tutor.desk = await _desk(config, store, stack, partial(_studio, config, lambda: tutor.library))

        def publish(fresh: Library) -> None:
            tutor.teach(fresh)
            keep()

        following = follow(config.lessons, since, library, problems, publish)
        stack.push_async_callback(_ended, *map(asyncio.create_task, (following, knowing.keep_looking())))
        yield Running(tutor, store, url, problems)


@asynccontextmanager
async def speaking(config: VoiceConfig, lessons: Path) -> AsyncIterator[Voice | None]:
    """Set up the voice; nothing is loaded before something is said. None where no engine is wanted."""
    if not config.engines:
        yield None
        return
    voice = voice_of(config, lessons)
    try:
        yield voice
    finally:
        await voice.close()


def voice_of(config: VoiceConfig, lessons: Path) -> Voice:
    """Return the voice of these settings."""
    settings = EngineSettings(lessons / "voice", config.piper, config.espeak, config.pace, config.clips)
    return Voice(
        Speaker(engines(config.engines, settings)), Shelf(config.clips, config.size), config.kbit, config.dialects
    )


@asynccontextmanager
async def hearing(config: VoiceConfig) -> AsyncIterator[Hearing]:
    """Set up the ear; it is loaded with the first voice note."""
    ear = Hearing(config.ear, config.ear_model)
    try:
        yield ear
    finally:
        await ear.close()


async def store_url(config: Config, stack: AsyncExitStack) -> str:
    """Return the store's URL; one that comes with the program is started until the stack ends. Raises StoreDown."""
    if config.store != EMBEDDED:
        return config.store
    server = EmbeddedServer(config.data / "store")
    await server.start()
    stack.push_async_callback(server.stop)
    return server.url


@asynccontextmanager
async def stored(config: Config) -> AsyncIterator[RedisProgress]:
    """Open the store, of a program that runs or by itself. Raises StoreDown, ValueError."""
    async with AsyncExitStack() as stack:
        yield await _store(await store_url(config, stack), stack)


async def _desk(
    config: Config, store: RedisProgress, stack: AsyncExitStack, studio: "Callable[[Database], Studio]"
) -> OfficeDesk:
    """Open the desk where turns ask the office, and keep it up to date until the stack ends."""
    board = Board(RedisNotes.beside(store), CREW)
    desk = OfficeDesk(
        partial(_database, config), store, board, cache(partial(places.read, config.places)), config.public, studio
    )
    stack.push_async_callback(desk.close)
    stack.push_async_callback(_ended, asyncio.create_task(desk.follow()))
    return desk


def _studio(config: Config, library: Callable[[], Library], database: "Database") -> "Studio":
    from bot.studio import Studio  # noqa: PLC0415  see `_database`

    voice = voice_of(config.voice, config.lessons) if config.voice.engines else None  # it only drops clips
    return Studio(database, config.lessons, library, voice, config.voice.dialects)


def _database(config: Config) -> "Database":
    from bot.stores.database import Database  # noqa: PLC0415  most processes never need one

    return Database.at(config.records.url, config.data)


async def _store(url: str, stack: AsyncExitStack) -> RedisProgress:
    store = RedisProgress.connect(url)
    stack.push_async_callback(store.close)
    await store.ready()
    return store


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again before the store is stopped."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # both are context managers
        return nullcontext()


async def serve(config: Config, listening: socket.socket, tell: Callable[[Running], None], number: int = 0) -> None:
    """Serve people until SIGINT or SIGTERM; `tell` hears when it is up.

    Of several server processes the one with the `number` 0 does what only one may do. Raises what `running` raises.
    """
    async with running(config) as parts, AsyncExitStack() as stack:
        voice = await stack.enter_async_context(speaking(config.voice, config.lessons))
        ear = await stack.enter_async_context(hearing(config.voice))
        gallery = Gallery(config.data / FOLDER, lambda: parts.tutor.library)
        taught_by = Parts(parts.tutor, parts.store, voice, ear, gallery)
        reached = await stack.enter_async_context(messengers(config, taught_by, keep, alone=number == 0))
        ahead = {"/metrics": metrics.page(everywhere=config.metrics_everywhere), **reached.ahead}
        routes = web.routes(
            parts.tutor,
            parts.ready,
            secure_cookie=config.https,
            lang=config.language,
            voice=voice,
            ear=ear,
            gallery=gallery,
        )
        routes += reached.routes
        routes += preview_routes(lambda: parts.tutor.library, config.lessons, voice, gallery)
        office = OfficeBeside(config, taught_by, keep)
        stack.push_async_callback(office.close)
        routes += office.routes
        server = _Server(
            uvicorn.Config(
                _ahead(ahead, Starlette(routes=routes, exception_handlers=web.PROBLEMS)),
                http=protocol(reached.hooks),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=False,  # nothing of ours asks who came by a proxy, and looking costs each update
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
        )

        def stop() -> None:
            server.should_exit = True

        on_signals(stop)
        if workers.mine():
            workers.until_orphaned(stop)
        stack.push_async_callback(_ended, asyncio.create_task(metrics.keep_telling()))
        if number == 0:
            stack.push_async_callback(_ended, *map(asyncio.create_task, recording(config, parts.store_url)))
            calling = CallingHelpers(
                Calls.beside(parts.store),
                RedisNotes.beside(parts.store),
                parts.store,
                lambda: parts.tutor.library,
                lambda: parts.tutor.desk.crew,
                reached.tell,
            )
            stack.push_async_callback(_ended, asyncio.create_task(calling.keep_on()))
            if config.records.beside:
                stack.push_async_callback(_ended, asyncio.create_task(counting(config)))
        keep()
        tell(parts)
        await server.serve(sockets=[listening])


async def serve_by_workers(
    config: Config, listening: socket.socket, tell: Callable[[tuple[Problem, ...]], None], count: int, path: Path
) -> None:
    """Serve people by `count` processes of their own, until SIGINT or SIGTERM.

    Raises WorkerFailed, and what `running` raises.
    """
    _, problems = await asyncio.to_thread(read_folder, config.lessons)  # one sentence, not one for each process
    async with AsyncExitStack() as stack:
        url = await store_url(config, stack)
        figures = stack.enter_context(TemporaryDirectory(prefix="hocso-metrics-"))
        environment = {**os.environ, "REDIS_URL": url, metrics.TOGETHER: figures}
        command = (sys.executable, "-m", "bot", "worker", "--config", str(path))
        crew = Workers(command, count, listening.fileno(), environment, partial(metrics.forget, figures))
        on_signals(crew.stop)
        started = await crew.start()
        tell(problems)
        await crew.run(started)


def keep() -> None:
    """Search less for garbage: what stands for good (modules, lessons) never, which took 0.15 s, and the rest seldom.

    A turn leaves nothing that refers to itself, so counting references frees it at once.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)


def on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks, one after the other, and wait for their ends."""
    for task in tasks:
        task.cancel()
        await asyncio.wait([task])


def _ahead(endpoints: Mapping[str, ASGIApp], site: ASGIApp) -> ASGIApp:
    """Put the platforms' webhooks ahead of the router: its routing costs as much as the rest of a turn."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = endpoints.get(scope["path"], site) if scope["type"] == "http" else site
        await endpoint(scope, receive, send)

    return choose if endpoints else site
