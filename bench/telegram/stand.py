"""What all bots share: the store, the Bot API that the load plays, the cores, the lesson."""

import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import lesson
from api import BotApi
from redis.asyncio import Redis

from bot.stores.embedded import EmbeddedServer


@dataclass(frozen=True, slots=True)
class Stand:
    """All of it, started. `folder` holds the lesson and is there for the bots' own folders."""

    folder: Path
    socket: str  # path of the store's
    store: Redis
    api: BotApi
    cores: set[int]  # for the bots; empty: any

    @classmethod
    async def set_up(cls, stack: AsyncExitStack, cores: set[int]) -> "Stand":
        """Start all, until the stack is left: the store as Học Số itself starts it, an fsync for every write."""
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lesson.write(folder / "lesson.json")
        server = await stack.enter_async_context(EmbeddedServer(folder / "store"))
        store = Redis.from_url(server.url)
        stack.push_async_callback(store.aclose)
        api = BotApi()
        await api.start()
        stack.push_async_callback(api.stop)
        return cls(folder, unquote(server.url.removeprefix("unix://")), store, api, cores)


def pin() -> tuple[set[int], str]:
    """Keep this program and what it starts off the first core, and return that, for the bots; and say what was done."""
    if not hasattr(os, "sched_setaffinity"):
        return set(), "all on the same cores (this system can't bind programs to one)"
    first, *others = sorted(os.sched_getaffinity(0))
    if not others:
        return set(), "all on the only core there is"
    os.sched_setaffinity(0, others)
    return {first}, "the bot on a core of its own, load and store on the others"
