"""The process beside the teaching that counts the records once a week, for the office."""

import asyncio
import os
import sys
import time

import structlog

from bot.config import Config
from bot.core.tally import last_sunday

FIRST_SECONDS = 60.0  # after the start, which it must not slow down
LOOK_SECONDS = 600.0

log = structlog.get_logger()


async def counting(config: Config) -> None:
    """See that the figures of the last week are released, until cancelled."""
    done = 0
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        until = last_sunday(int(time.time()) // 60)
        if until != done and await _count(config, until):
            done = until
        await asyncio.sleep(LOOK_SECONDS)


async def _count(config: Config, until: int) -> bool:
    folders = str(config.lessons), str(config.data)
    command = (sys.executable, "-m", "bot.work.counting", *folders, config.places, str(until))
    environment = {**os.environ, "DATABASE_URL": config.records.url}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if code:
        log.error("the figures are not counted", code=code)
    return code == 0
