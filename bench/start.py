"""How long from `hocso run` to the first answered page, and what one learner takes in the store's memory."""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import redis.asyncio

from bot.core.saving import Save
from bot.stores.embedded import EmbeddedServer
from bot.stores.progress import RedisProgress

ROUNDS = 5
LEARNERS = 1000
VALUE, RECORD = b"v" * 400, b"r" * 60  # bytes, as of a learner with 20 lessons done, and of an answer


# A bot whose Telegram is away: what counts is that its libraries are imported.
WITH_TELEGRAM = {"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_API_BASE": "http://127.0.0.1:9"}


def first_page(environment: Mapping[str, str]) -> float:
    """Seconds until the page of a fresh start is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(f"lessons: {Path(__file__).parent.parent / 'lessons'}\ndata: {folder}\n", encoding="utf-8")
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "bot", "run", "--config", str(config)],
            env={**os.environ, **environment, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            page.read()
        seconds = time.perf_counter() - start
        process.terminate()
        process.wait()
    return seconds


async def memory() -> tuple[float, float]:
    """Bytes of one learner's key, and of one journal entry, as the server counts them."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder) / "store") as server:
            store = RedisProgress.connect(server.url)
            names = [f"web:{number:022}" for number in range(LEARNERS)]
            await store.save([Save(name, b"", VALUE, RECORD) for name in names])
            raw = redis.asyncio.from_url(server.url)
            keys = [key async for key in raw.scan_iter(count=LEARNERS)]
            used = {key: await raw.memory_usage(key, samples=0) or 0 for key in keys}
            await raw.aclose()
            await store.close()
    journals = sum(size for key, size in used.items() if key.endswith(b":journal"))
    return (sum(used.values()) - journals) / LEARNERS, journals / LEARNERS


def main() -> None:
    plain, telegram = (
        statistics.median(first_page(environment) for _ in range(ROUNDS)) for environment in ({}, WITH_TELEGRAM)
    )
    learner, entry = asyncio.run(memory())
    print(f"start to the first answered page   {plain:6.2f} s   (median of {ROUNDS})")
    print(f"the same with a Telegram bot       {telegram:6.2f} s   (median of {ROUNDS})")
    print(f"a learner of {len(VALUE)} bytes in the store  {learner:6.0f} bytes")
    print(f"a journal entry of {len(RECORD)} bytes          {entry:6.0f} bytes")


if __name__ == "__main__":
    main()
