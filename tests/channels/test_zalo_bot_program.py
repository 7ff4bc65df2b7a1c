"""The Zalo bot as an operator starts it: by polling and webhook, several processes, `doctor`, `dev zalo`."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from programs import environment, free_port, make_home

from bot.dev.zalo_bot import Emulator, emulated
from bot.webhooks import ZALO_BOT

pytestmark = pytest.mark.anyio

PATIENCE = 40.0  # seconds until a program has started or ended, on a busy machine
SECRET = "hook-secret-1"  # noqa: S105  of the webhook, in tests


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated("77:tests-own_token") as emulator:
        yield emulator


def ours(zalo: Emulator, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in environment().items() if not name.startswith(("ZALO", "TELEGRAM", "PUBLIC"))}
    return {**kept, "ZALO_BOT_TOKEN": zalo.token, "ZALO_BOT_API_BASE": zalo.base, **more}


async def told(home: Path, variables: Mapping[str, str], *args: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *args),
        cwd=home,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, said.decode()


@asynccontextmanager
async def serving(home: Path, variables: Mapping[str, str], *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    with (home / "log").open("a") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command),
            cwd=home,
            env=variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdout
    try:
        await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
        await asyncio.wait_for(process.wait(), PATIENCE)


def quiet(home: Path, more: str = "") -> Path:
    make_home(home)
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("voice: {engines: []}\nhearing: {ear: none}\n" + more)
    return home


async def test_run_polls_and_goes_on_after_a_restart(zalo: Emulator, tmp_path: Path) -> None:
    home, lan = quiet(tmp_path), zalo.person()
    variables = ours(zalo, PORT=str(free_port()))
    async with serving(home, variables, "run"):
        await zalo.answer(lan, "xin chào")
        await zalo.answer(lan, "1")
        code, said = await told(home, variables, "doctor", "--lang", "en")
        assert (code, "Zalo bot: bot.hocso answers, updates come by polling." in said) == (0, True), said
        assert "Program: it runs at" in said
    async with serving(home, variables, "run"):
        assert "đọc chữ hay nghe đọc" in await zalo.answer(lan, "1")
    code, said = await told(home, variables, "doctor", "--lang", "en")
    assert code == 0, said
    assert "Zalo bot's plan: this month 3 of 3000 messages, 1 of 50 users." in said
    assert "Store: it opens and takes writes." in said
    log = (home / "log").read_text(encoding="utf-8")
    assert zalo.token not in log
    assert "error" not in log


async def test_webhook_by_two_processes(zalo: Emulator, tmp_path: Path) -> None:
    home = quiet(tmp_path, "zalo_bot: {mode: webhook}\n")
    port = str(free_port())
    variables = ours(zalo, PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}", ZALO_BOT_WEBHOOK_SECRET=SECRET)
    people = [zalo.person(f"Người {number}") for number in range(6)]
    zalo.switches.deliveries = 2
    async with serving(home, variables, "serve", "--workers", "2"):
        await zalo.until(lambda: zalo.hook.url, PATIENCE)
        assert zalo.hook.url.endswith(ZALO_BOT)
        for text in ("xin chào", "1", "1"):
            await asyncio.gather(*(zalo.answer(each, text) for each in people))
        figures = ""
        async with httpx.AsyncClient() as http, asyncio.timeout(PATIENCE):
            while 'hocso_updates_total{channel="zalo-bot"} 18.0' not in figures:  # each process tells once a second
                await asyncio.sleep(0.2)
                figures = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert all("đọc chữ hay nghe đọc" in each.texts[-1] for each in people)
    assert [len(each.texts) for each in people] == [3] * 6


async def test_doctor_says_what_is_broken(zalo: Emulator, tmp_path: Path) -> None:
    home = quiet(tmp_path)
    variables = ours(zalo, PORT=str(free_port()), ZALO_BOT_TOKEN="1:another")  # noqa: S106  nobody's
    code, said = await told(home, variables, "doctor")
    assert code == 1
    assert "✗ Bot Zalo: Zalo doesn't know the bot's token." in said
    assert "Chương trình: không chạy ở" in said
    zalo.hook.url = "https://other.example.vn"
    code, said = await told(home, ours(zalo, PORT=str(free_port())), "doctor", "--lang", "en")
    assert code == 0
    assert "! Zalo bot: bot.hocso answers, but Zalo sends updates to 'https://other.example.vn', not ''." in said


async def test_a_learner_s_side_by_hand(tmp_path: Path) -> None:
    page = free_port()
    home = quiet(tmp_path)
    base = f"http://127.0.0.1:{page}"
    mine = {**environment(), "PORT": str(free_port()), "ZALO_BOT_TOKEN": "1:dev", "ZALO_BOT_API_BASE": base}
    async with (
        serving(home, environment(), "dev", "zalo", "--port", str(page)),
        serving(home, mine, "run"),
        httpx.AsyncClient(base_url=base, follow_redirects=True) as http,
    ):
        opened = await http.get("/")
        assert "trò chuyện thử" in opened.text
        at = opened.url.path
        for what, body in (("say", "xin chào"), ("photo", ""), ("hidden", ""), ("sticker", ""), ("voice", "x")):
            assert (await http.post(f"{at}/{what}", content=body.encode())).status_code == 204
        assert (await http.post(f"{at}/fly")).status_code == 404
        lines: list[dict[str, str]] = []
        async with asyncio.timeout(PATIENCE):
            while sum(line["by"] == "bot" for line in lines) < 4:
                await asyncio.sleep(0.1)
                lines = (await http.get(f"{at}/lines")).json()
        assert any("Đồng ý, bắt đầu học" in line["text"] for line in lines if line["by"] == "bot")
        assert next(line["text"] for line in lines if line["by"] == "me") == "xin chào"
