"""The process beside the teaching that writes the records, and how far it is behind.

It is one of its own, so that no learner waits for a database, and one for the whole machine; of several
machines' one writes and the others wait for it to go.
"""

import asyncio
import os
import sys
import time
from collections.abc import Coroutine, Mapping
from typing import Any

from bot import metrics
from bot.config import Config
from bot.core.saving import StoreDown
from bot.stores.database_url import read_database_url
from bot.stores.journal import Journal
from bot.workers import keep_beside

FIRST_SECONDS = 2.0  # until it is started: the first page, and a channel's libraries, come first
LOOK_SECONDS = 5.0  # between two looks at how far it is behind


def recording(config: Config, store_url: str) -> list[Coroutine[Any, Any, None]]:
    """Return what runs while people are taught. Raises ValueError for a database's URL that is none."""
    read_database_url(config.records.url, config.data)  # said at the start, by the program itself
    counting = _count(Journal.connect(store_url))
    if not config.records.beside:
        return [counting]
    command = (sys.executable, "-m", "bot.work", str(config.data), config.log)
    environment = {**os.environ, "REDIS_URL": store_url, "DATABASE_URL": config.records.url}
    environment.pop(metrics.TOGETHER, None)  # it has no figures of its own
    return [counting, _beside(command, environment)]


async def _beside(command: tuple[str, ...], environment: Mapping[str, str]) -> None:
    await asyncio.sleep(FIRST_SECONDS)
    await keep_beside(command, environment)


async def _count(journal: Journal) -> None:
    """Keep the figures about the journal, until cancelled."""
    try:
        while True:
            try:
                behind = await journal.behind()
            except StoreDown:
                pass  # learners' turns say so already
            else:
                metrics.JOURNAL_WAITING.set(behind.entries)
                metrics.JOURNAL_LAG.set(max(0.0, time.time() - behind.since) if behind.since else 0)
                metrics.SET_ASIDE.set(behind.aside)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await journal.close()
