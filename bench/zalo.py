"""The Zalo bot's webhook beside Telegram's: CPU of the program for each update, and of a send by several clients.

python bench/zalo.py [--quick]. Learners type "1" in a closed loop and wait for what they are told: Telegram's
answer comes in the webhook's response, Zalo's by a call to a server played here. Both sides take turns, each with a
store of its own; medians are printed.
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from itertools import count
from pathlib import Path

import aiohttp
import httptools
import msgspec
import psutil

from bot.channels.zalo_bot.client import Client
from bot.channels.zalo_bot.wires import Wires

REPO = Path(__file__).resolve().parent.parent
TOKEN, SECRET = "1:bench", "bench-secret"
LEARNERS = 32
START_SECONDS = 30.0
_chat = re.compile(rb'"chat_id":"?(\w+)')
_numbers = count(1_000)

Take = Callable[[bytes, bytes], None]  # a path and a body


class Server(asyncio.Protocol):
    """Plays a platform: says yes to all, and tells of what it is sent."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._parser = httptools.HttpRequestParser(self)
        self._path = self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        result = b'{"message_id":"77aa01c2d4e5f6a7b8c9","date":1790000000123}'
        if not self._path.endswith(b"sendMessage"):
            result = b"true"
        body = b'{"ok":true,"result":%s}' % result
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)  # type: ignore[attr-defined]  # it is a transport that writes
        self._take(self._path, self._body)


class Learner(asyncio.Protocol):
    """Types and waits."""

    def __init__(self, name: str, side: str) -> None:
        self.name, self.side, self.told = name, side, 0
        self._parser = httptools.HttpResponseParser(self)
        self._waits = 0
        self.on = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._type()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() != HTTPStatus.OK:
            sys.exit(f"the webhook of {self.side} answered {self._parser.get_status_code()}")
        self.comes()

    def comes(self) -> None:
        """Take note of an answer; once all is there, type again."""
        self._waits -= 1
        if self._waits == 0:
            self.told += 1
            if self.on:
                self._type()

    def _type(self) -> None:
        number = next(_numbers)
        if self.side == "zalo":
            self._waits = 2
            chat, person = {"id": self.name, "chat_type": "PRIVATE"}, {"id": self.name, "display_name": "Lan"}
            message = {"message_id": f"{number:020x}", "date": int(time.time() * 1000), "from": person, "chat": chat}
            update: object = {"event_name": "message.text.received", "message": {**message, "text": "1"}}
            path, header = "/zalo/bot/webhook", "X-Bot-Api-Secret-Token"
        else:
            self._waits = 1
            who = {"id": int(self.name, 16), "is_bot": False, "first_name": "Lan"}
            said = {"message_id": number, "date": 0, "from": who, "chat": {"id": who["id"], "type": "private"}}
            update = {"update_id": number, "message": {**said, "text": "1"}}
            path, header = "/telegram/webhook", "X-Telegram-Bot-Api-Secret-Token"
        body = msgspec.json.encode(update)
        head = f"POST {path} HTTP/1.1\r\nhost: h\r\n{header}: {SECRET}\r\ncontent-length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)  # type: ignore[attr-defined]  # it is a transport that writes


async def turns(side: str, seconds: float) -> tuple[float, float]:
    """Measure one side: µs of CPU for each update, and updates a second."""
    learners: dict[bytes, Learner] = {}

    def take(path: bytes, body: bytes) -> None:
        if side == "zalo" and path.endswith(b"sendMessage") and (found := _chat.search(body)):
            learners[found[1]].comes()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(take), "127.0.0.1", 0)
    api = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        config = folder / "config.yaml"
        settings = "telegram: {mode: webhook}\nzalo_bot: {mode: webhook, messages: 0, users: 0, pace: 0}\n"
        config.write_text(
            f"lessons: {REPO / 'tests/lessons'}\ndata: {folder}\nvoice: {{engines: []}}\n{settings}", encoding="utf-8"
        )
        probe = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        port = probe.sockets[0].getsockname()[1]
        probe.close()
        environment = {**os.environ, "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        if side == "zalo":
            environment |= {"ZALO_BOT_TOKEN": TOKEN, "ZALO_BOT_API_BASE": api, "ZALO_BOT_WEBHOOK_SECRET": SECRET}
        else:
            environment |= {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE": api,
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
            }
        with (folder / "log").open("wb") as log:
            command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
            process = subprocess.Popen(command, env=environment, cwd=REPO, stdout=subprocess.PIPE, stderr=log)  # noqa: ASYNC220, S603
        try:
            assert process.stdout
            await asyncio.to_thread(process.stdout.readline)
            for number in range(LEARNERS):
                name = f"{0xA91F03C4 + number:08x}"
                learners[name.encode()] = learner = Learner(name, side)
                await loop.create_connection(lambda learner=learner: learner, "127.0.0.1", port)  # type: ignore[misc]
            async with asyncio.timeout(START_SECONDS):
                while not all(each.told for each in learners.values()):  # noqa: ASYNC110  the program takes its time
                    await asyncio.sleep(0.05)
            await asyncio.sleep(1.0)
            before, told, began = cpu(process.pid), sum(each.told for each in learners.values()), time.perf_counter()
            await asyncio.sleep(seconds)
            used, many = cpu(process.pid) - before, sum(each.told for each in learners.values()) - told
            wall = time.perf_counter() - began
            for each in learners.values():
                each.on = False
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)
            server.close()
    return used / many * 1e6, many / wall


def cpu(pid: int) -> float:
    """Return seconds of CPU, without the store's."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def sends(number: int) -> dict[str, float]:
    """Measure a send by several clients: µs of CPU of this process for each, 8 at once; the server is another's."""
    script = "import asyncio, sys; sys.path[:0] = ['bench', '.']; import zalo; asyncio.run(zalo.serve())"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=REPO, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220, S603
    try:
        assert process.stdout
        base = (await asyncio.to_thread(process.stdout.readline)).strip()
        fields = {"chat_id": "a91f03c47be2d85610fe", "text": "Bác bấm Tiếp. " * 30}
        body, path = msgspec.json.encode(fields), f"/bot{TOKEN}/sendMessage"
        client, wires = Client(TOKEN, base), Wires(base)
        found = {}
        async with aiohttp.ClientSession() as aio:

            async def by_httpx() -> None:
                await client._by_httpx("sendMessage", body, None)  # noqa: SLF001  what is compared

            async def by_aiohttp() -> None:
                async with aio.post(base + path, data=body, headers={"content-type": "application/json"}) as answer:
                    await answer.read()

            async def by_wires() -> None:
                await wires.post(path.encode(), body)

            for name, send in (("httpx", by_httpx), ("aiohttp", by_aiohttp), ("our own", by_wires)):

                async def some(times: int, send: Callable[[], object] = send) -> None:
                    for _ in range(times):
                        await send()  # type: ignore[misc]  # each is a coroutine

                await some(50)
                began = time.process_time()
                await asyncio.gather(*(some(number // 8) for _ in range(8)))
                found[name] = (time.process_time() - began) / (number // 8 * 8) * 1e6
        wires.close()
        await client.close()
    finally:
        process.terminate()
    return found


async def serve() -> None:
    """Play a platform in a process of its own."""
    server = await asyncio.get_running_loop().create_server(lambda: Server(lambda _path, _body: None), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds of 1.5 seconds: about 20 seconds")
    quick = parser.parse_args().quick
    rounds, seconds = (2, 1.5) if quick else (5, 4.0)
    measured: dict[str, list[tuple[float, float]]] = {"telegram": [], "zalo": []}
    for _ in range(rounds):
        for side, found in measured.items():
            found.append(await turns(side, seconds))
    print(f"| webhook, {LEARNERS} learners at once | CPU µs for each typed answer | updates/s |\n|---|--:|--:|")
    for side, found in measured.items():
        each, many = (statistics.median(values) for values in zip(*found, strict=True))
        print(f"| {side} | {each:.0f} | {many:,.0f} |")
    ratios = [z[0] / t[0] for z, t in zip(measured["zalo"], measured["telegram"], strict=True)]
    print(f"\nZalo : Telegram {statistics.median(ratios):.2f} : 1\n")
    print("| a send by | CPU µs |\n|---|--:|")
    for name, each in (await sends(800 if quick else 4000)).items():
        print(f"| {name} | {each:.0f} |")


if __name__ == "__main__":
    asyncio.run(main())
