"""The process that a running program keeps beside itself: `python -m bot.work FOLDER text|json`.

REDIS_URL and DATABASE_URL say where. It reads no settings and no lessons, to be small and quick to start. Its
input is a pipe that closes when the program is gone.
"""

import asyncio
import os
import sys
from pathlib import Path

import structlog

from bot import logs
from bot.core.saving import StoreDown
from bot.work.journal import Consumer
from bot.work.writing import write_records
from bot.workers import until_orphaned

_NICE = 5  # learners come first


def _begun(consumer: Consumer) -> None:
    until_orphaned(consumer.stop)


async def _main(folder: Path) -> None:
    try:
        await write_records(os.environ["REDIS_URL"], os.environ["DATABASE_URL"], folder, begun=_begun)
    except (StoreDown, ValueError) as error:
        structlog.get_logger().error("records are not written", why=str(error))
        sys.exit(1)


if __name__ == "__main__":
    os.nice(_NICE)
    logs.set_up(
        logs.secrets_of(os.environ["REDIS_URL"], os.environ["DATABASE_URL"]),
        "json" if sys.argv[2] == "json" else "text",
    )
    asyncio.run(_main(Path(sys.argv[1])))
