"""The Official Account as an operator starts it: `hocso zalo login`, `hocso run`, several processes, SIGTERM."""

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
from zalo_oa_emulator import Emulator
from zalo_oa_emulator.clock import until

from bot.channels.zalo_oa.login import challenge_of, code_of, permission, verifier_of

pytestmark = pytest.mark.anyio

PATIENCE = 30.0  # seconds until a program has started or ended, on a busy machine


def ours(zalo: Emulator, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in environment().items() if not name.startswith("ZALO_OA")}
    return {
        **kept,
        "ZALO_OA_APP_ID": zalo.app.id,
        "ZALO_OA_APP_SECRET": zalo.app.secret,
        "ZALO_OA_WEBHOOK_SECRET": zalo.app.webhook_secret,
        "ZALO_OA_API_BASE": zalo.url,
        "ZALO_OA_OAUTH_BASE": zalo.url,
        "PUBLIC_URL": "https://hocso.test",
        **more,
    }


async def hocso(home: Path, variables: Mapping[str, str], *args: str, lines: str = "") -> tuple[int, str]:
    """Run a command to its end; returns how it ended and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *args),
        cwd=home,
        env=variables,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(lines.encode()), PATIENCE)
    assert process.returncode is not None
    return process.returncode, said.decode()


@asynccontextmanager
async def served(home: Path, variables: Mapping[str, str], *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a program that serves; it must end well within ten seconds of SIGTERM."""
    with (home / "log").open("a") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command),
            cwd=home,
            env=variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    try:
        assert process.stdout
        first = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        assert b"http://" in first, (home / "log").read_text()
        yield process
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert "Traceback" not in (home / "log").read_text()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def agreed(zalo: Emulator) -> str:
    """Let the owner agree in a browser; returns the address it then shows."""
    challenge = challenge_of(verifier_of(zalo.app.secret))
    zalo.app.challenge = challenge
    address = permission(zalo.url, zalo.app.id, "https://hocso.test/zalo/oa/login", challenge)
    async with httpx.AsyncClient() as browser:
        return (await browser.get(address)).headers["location"]


@pytest.mark.parametrize("command", [("run",), ("serve", "--workers", "2")], ids=["one", "two"])
async def test_from_the_login_to_a_learner_who_is_answered(tmp_path: Path, command: tuple[str, ...]) -> None:
    home = make_home(tmp_path)
    port = str(free_port())
    async with Emulator(runs=True) as zalo:
        variables = ours(zalo, PORT=port)
        landed = await agreed(zalo)
        ended, said = await hocso(home, variables, "zalo", "login", lines=f"{landed}\n")
        assert ended == 0, said
        assert "https://hocso.test/zalo/oa/login" in said
        assert f"Code challenge: {zalo.app.challenge}" in said
        assert f"{zalo.url}/v4/oa/permission?app_id={zalo.app.id}&redirect_uri=https%3A%2F%2Fhocso.test" in said
        assert "Đã lưu. Mã truy cập dùng được 25 giờ" in said
        assert "Official Account: Học Số Thanh Hóa." in said
        assert [each for each in (zalo.app.secret, *vars(zalo.authority.pairs[-1]).values()) if str(each) in said] == []
        async with served(home, variables, *command) as process:
            zalo.delivery.url = f"http://127.0.0.1:{port}/zalo/oa/webhook"
            assert await zalo.delivery.probe() == 200
            lan = zalo.person("Lan")
            await lan.follows()
            await until(lambda: lan.sees, (home / "log").read_text)
            await lan.taps("1. Đồng ý")
            await until(lambda: len(lan.sees) > 1)
            async with httpx.AsyncClient() as web:
                landing = await web.get(f"http://127.0.0.1:{port}/zalo/oa/login?code=abc")
                assert "Copy the whole address of this page" in landing.text
                figures = (await web.get(f"http://127.0.0.1:{port}/metrics")).text
            assert 'hocso_updates_total{channel="zalo-oa"}' in figures
            assert "hocso_zalo_oa_login_needed 0.0" in figures
            taken = len(zalo.delivery.tried)
            await lan.types("3")
            await until(lambda: len(zalo.delivery.tried) > taken)
            process.send_signal(signal.SIGTERM)
        await until(lambda: len(lan.sees) > 2, lambda: "what was taken to be answered before the end")
        assert {each.status for each in zalo.delivery.tried} == {200}
        assert zalo.complaints == []
        log = (home / "log").read_text()
        assert "zalo's official account is ready" in log
        pair = zalo.authority.pairs[-1]
        secrets = (zalo.app.secret, zalo.app.webhook_secret, pair.access, pair.refresh)
        assert [secret for secret in secrets if secret in log] == []


async def test_status_says_that_a_login_is_needed(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    async with Emulator(runs=True) as zalo:
        variables = ours(zalo, PORT=str(free_port()))
        async with served(home, variables, "run"):
            ended, said = await hocso(home, variables, "status", "--lang", "en")
            assert ended == 1
            assert "Zalo's Official Account: its tokens can't be refreshed any more. Run `hocso zalo login`." in said
            landed = await agreed(zalo)
            ended, said = await hocso(home, variables, "zalo", "login", "--lang", "en", lines=landed)
            assert ended == 0, said


async def test_a_refresh_token_of_the_console_s_explorer_will_do(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    async with Emulator(runs=True) as zalo:
        refresh = zalo.authority.give()["refresh_token"]
        login = ("zalo", "login", "--refresh-token", "--lang", "en")
        ended, said = await hocso(home, ours(zalo), *login, lines=f"{refresh}\n")
        assert ended == 0, said
        assert "Kept. The access token lives 25 hours" in said
        ended, said = await hocso(home, ours(zalo), *login, lines=f"{refresh}\n")
        assert ended == 1
        assert "Zalo doesn't take it (" in said
        assert refresh not in said


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "Nothing was pasted; the code, or the whole address that the browser shows, would be right."),
        ("ab", "'ab' is no code; paste the whole address that the browser shows."),
        ("https://hocso.test/?oa_id=1", "This address holds no `code=`; paste the one that the browser shows after"),
        ("https://hocso.test/?error_description=denied", "Zalo did not let the app in (denied); open the address"),
        ("never-given-code", "Zalo doesn't take it ("),
    ],
)
async def test_what_is_pasted_wrongly_gets_one_sentence(tmp_path: Path, pasted: str, says: str) -> None:
    home = make_home(tmp_path)
    async with Emulator(runs=True) as zalo:
        ended, said = await hocso(home, ours(zalo), "zalo", "login", "--lang", "en", lines=f"{pasted}\n")
        assert ended == 1
        assert says in said
        assert "Traceback" not in said


async def test_without_an_app_or_an_address_it_says_what_to_set(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    ended, said = await hocso(home, environment(), "zalo", "login", "--lang", "en")
    assert (ended, said) == (
        1,
        "There is no app of Zalo's yet: set ZALO_OA_APP_ID and ZALO_OA_APP_SECRET first (docs/zalo-oa.md).\n",
    )
    app = {"ZALO_OA_APP_ID": "44", "ZALO_OA_APP_SECRET": "s-1"}
    bare = {name: value for name, value in environment(**app).items() if name != "PUBLIC_URL"}
    ended, said = await hocso(home, bare, "zalo", "login", "--lang", "en")
    assert (ended, said) == (1, "The callback is not known: set PUBLIC_URL, or add --redirect https://...\n")


async def test_a_zalo_that_can_t_be_reached_keeps_the_code_good(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    async with Emulator(runs=True) as zalo:
        variables = ours(zalo, ZALO_OA_OAUTH_BASE=f"http://127.0.0.1:{free_port()}")
        ended, said = await hocso(home, variables, "zalo", "login", "--lang", "en", lines="some-long-code\n")
        assert ended == 1
        assert "Zalo could not be asked (Zalo can't be reached at 127.0.0.1" in said


@pytest.mark.parametrize("pasted", ["  abcdefgh1 ", "https://x/y?oa_id=1&code=abcdefgh1", "?code=abcdefgh1&oa_id=2"])
def test_a_code_is_found_wherever_it_stands(pasted: str) -> None:
    assert code_of(pasted) == "abcdefgh1"


def test_the_verifier_and_its_challenge_are_as_the_standard_has_them() -> None:
    # The example of RFC 7636, appendix B.
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(verifier_of("s")) == 43
    assert verifier_of("s") != verifier_of("t")
