"""CPU of one exchange with the embedded store: by redis-py's pool and streams, and by ours (bot/stores/wire.py).

Prints the medians of several rounds in which both take turns, and their ratio.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hiredis import pack_command
from redis.asyncio import Redis

from bot.stores.address import read_url
from bot.stores.embedded import EmbeddedServer
from bot.stores.line import connect

ROUNDS = 9
EXCHANGES = 2000
COMMAND = ("MGET", "an", "binh")


async def cpu(exchange: Callable[[], Awaitable[Any]]) -> float:
    """Return the µs of CPU of one exchange."""
    before = time.process_time()
    for _ in range(EXCHANGES):
        await exchange()
    return (time.process_time() - before) / EXCHANGES * 1e6


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder) / "store")
        await server.start()
        theirs = Redis.from_url(server.url, protocol=2)
        pool = theirs.connection_pool
        ours = connect(read_url(server.url))

        async def by_redis_py() -> None:
            packed = pack_command(COMMAND)  # type: ignore[arg-type]  # its stub is wrong
            connection = await pool.get_connection()  # type: ignore[no-untyped-call]
            await connection.send_packed_command(packed, check_health=False)
            await connection.read_response()
            await pool.release(connection)

        async def by_ours() -> None:
            await ours.ask([COMMAND])

        sides = {"redis-py": by_redis_py, "ours": by_ours}
        found: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(ROUNDS + 1):
            for name, exchange in sides.items():
                each = await cpu(exchange)
                if number:  # the first round warms up
                    found[name].append(each)
        await ours.close()
        await theirs.aclose()
        await server.stop()
    medians = {name: statistics.median(rounds) for name, rounds in found.items()}
    for name, median in medians.items():
        print(f"an exchange by {name:10} {median:6.1f} µs of CPU")
    print(f"ours : redis-py           {medians['ours'] / medians['redis-py']:6.2f}")


if __name__ == "__main__":
    asyncio.run(main())
