"""Telegram at several server processes: one of them tells Telegram about the bot, and all of them teach."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from telegram_emulator import Emulator, Person
from telegram_helpers import SECRET, Program, Server, make_home, real_store, records, walk

from bot.stores.progress import RedisProgress
from bot.webhooks import TELEGRAM

pytestmark = pytest.mark.anyio

SERVE = ("serve", "--workers", "2")
START = 30.0  # seconds at most until Telegram has heard everything of the bot


@asynccontextmanager
async def crew(folder: Path, way: str) -> AsyncIterator[tuple[Emulator, Program, RedisProgress]]:
    """Two processes at a Telegram that hears everything of the bot once and has no complaint; they end well."""
    make_home(folder, way)
    (folder / "data").mkdir()
    server: Server
    async with (
        real_store(folder / "data") as (server, store),
        Emulator() as telegram,
        Program(folder, telegram, server, SERVE) as program,
    ):
        await program.start()
        await telegram.called("setMyShortDescription", 2, patience=START)
        yield telegram, program, store
        assert await program.end(signal.SIGTERM) == 0, program.log
        told = [call for call in telegram.calls if call.method.startswith(("set", "delete"))]
        often = Counter((call.method, call.fields.get("language_code")) for call in told)
        assert {method for method, _ in often} >= {
            "setWebhook" if way == "webhook" else "deleteWebhook",
            "setMyCommands",
        }
        assert set(often.values()) == {1}
        assert telegram.complaints == []
        assert "Traceback" not in program.log


class Connection:
    """Brings updates to one of the processes, whichever Telegram would bring them to."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def taps(self, person: Person, data: str, number: int) -> dict[str, Any]:
        """Bring a tap; returns the message that comes back."""
        drawn = {"message_id": 3, "date": 0, "chat": {**person.chat.json, "type": "private"}, "text": "…"}
        query = {"id": f"4{number}", "from": person.json, "message": drawn, "chat_instance": "x", "data": data}
        answer = await self._http.post(TELEGRAM, json={"update_id": number, "callback_query": query})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@asynccontextmanager
async def connections(program: Program) -> AsyncIterator[tuple[Connection, Connection]]:
    """Connect to one process while the other sleeps, then the other way round."""
    workers = [each for each in psutil.Process(program.pid).children() if "worker" in each.cmdline()]
    assert len(workers) == 2
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    first, second = (httpx.AsyncClient(base_url=program.address, headers=headers, timeout=START) for _ in workers)
    async with first, second:
        for http, other in zip((first, second), workers, strict=True):
            other.suspend()
            try:
                (await http.get("/health/live")).raise_for_status()
            finally:
                other.resume()
        yield Connection(first), Connection(second)


def turn_of(message: dict[str, Any]) -> int:
    return int(buttons(message)[0].partition("|")[0])


def buttons(message: dict[str, Any]) -> list[str]:
    return [row[0]["callback_data"] for row in message["reply_markup"]["inline_keyboard"]]


async def test_two_updates_of_one_learner_at_two_processes_in_one_moment(tmp_path: Path) -> None:
    async with asyncio.timeout(3 * START), crew(tmp_path, "webhook") as (telegram, program, store):
        an = telegram.person("An")
        message = (await walk(an)).json
        async with connections(program) as (one, other):
            for number in range(1000, 1006):  # two different updates: one counts, the other comes too late
                tap = buttons(message)[0]
                both = await asyncio.gather(one.taps(an, tap, number), other.taps(an, tap, number + 100))
                assert [turn_of(each) for each in both] == [turn_of(message) + 1] * 2
                late = ["của bước trước" in each["text"] for each in both]
                assert sorted(late) == [False, True]
                message = both[0]
            for number in range(2000, 2004):  # the same update: both are answered alike, and it counts once
                tap = buttons(message)[0]
                both = await asyncio.gather(one.taps(an, tap, number), other.taps(an, tap, number))
                assert both[0] == both[1]
                assert turn_of(both[0]) == turn_of(message) + 1
                message = both[0]
        answered = await records(store, an, "answered")
        assert len(answered) == len(set(answered)) > 1


async def test_people_learn_at_several_processes_by_polling_too(tmp_path: Path) -> None:
    async with asyncio.timeout(3 * START), crew(tmp_path, "polling") as (telegram, _, _):
        assert "Mã OTP đưa cho ai?" in (await walk(telegram.person("An"))).text


async def test_an_update_that_comes_before_the_channel_is_there_is_answered(tmp_path: Path) -> None:
    make_home(tmp_path, "webhook")
    (tmp_path / "data").mkdir()
    async with (
        real_store(tmp_path / "data") as (server, _),
        Emulator() as telegram,
        Program(tmp_path, telegram, server, ("run",)) as program,
    ):
        an = telegram.person("An")
        await program.start()  # importing what speaks with Telegram takes longer than all else
        async with httpx.AsyncClient(base_url=program.address, timeout=START) as http:
            message = {"message_id": 1, "date": 0, "chat": {**an.chat.json, "type": "private"}, "from": an.json}
            update = {"update_id": 1, "message": {**message, "text": "/start"}}
            secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            answer = await http.post(TELEGRAM, json=update, headers=secret)
        assert answer.json()["text"].startswith("Xin chào")
        assert await program.end(signal.SIGTERM) == 0, program.log


async def test_told_to_stop_before_the_channel_is_there_it_stops(tmp_path: Path) -> None:
    make_home(tmp_path, "polling")
    (tmp_path / "data").mkdir()
    async with (
        real_store(tmp_path / "data") as (server, _),
        Emulator() as telegram,
        Program(tmp_path, telegram, server, ("run",)) as program,
    ):
        await program.start()
        assert await program.end(signal.SIGTERM) == 0, program.log
        assert "Traceback" not in program.log
