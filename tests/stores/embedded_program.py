"""A program with an embedded server, for tests that kill it: folder and one learner's name as arguments.

Prints the server's pid when the learner is saved; stops in good order when its input ends.
"""

import asyncio
import sys
from pathlib import Path

from bot.core.saving import Save
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress


async def main() -> None:
    async with EmbeddedServer(Path(sys.argv[1])) as server:
        store = RedisProgress.connect(server.url)
        await store.save([Save(sys.argv[2], b"", b"from the program", b"record")])
        await store.close()
        sys.stdout.write(f"{server.pid or 0}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
