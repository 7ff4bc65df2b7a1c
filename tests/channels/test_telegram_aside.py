"""Calls whose answer nobody waits for, at a small server that behaves and misbehaves as it is told."""

import asyncio
import json
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvloop
from needs import missing

from bot.channels.telegram import aside
from bot.channels.telegram.aside import Asides

pytestmark = pytest.mark.anyio

TOKEN = "7000000001:AAE-test"  # noqa: S105  of nobody
METHOD = b"answerCallbackQuery"
OK = b'{"ok":true,"result":true}'
PATIENCE = 10.0  # seconds


@pytest.fixture(params=[asyncio.SelectorEventLoop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """Run on both event loops that the program may run on."""
    return "asyncio", {"loop_factory": request.param}


def answer(status: str = "200 OK", body: bytes = OK, *more: str) -> bytes:
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
    return "".join(f"{row}\r\n" for row in rows).encode() + b"\r\n" + body


Says = Callable[[int, asyncio.StreamWriter], Awaitable[None]]  # of the number of the request, from 0


async def well(_number: int, out: asyncio.StreamWriter) -> None:
    out.write(answer())


class Api:
    """A server that answers each request as `says` does."""

    def __init__(self) -> None:
        self.says: Says = well
        self.asked: list[bytes] = []  # bodies
        self.heads: list[bytes] = []
        self.connections = self.open = self.most = 0
        self.port = 0
        self.reads = asyncio.Event()
        self.reads.set()
        self._server: asyncio.Server | None = None

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await until(lambda: not self.open)

    async def _serve(self, source: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most = max(self.most, self.open)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self.reads.wait():
                head = await source.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
                self.heads.append(head)
                self.asked.append(await source.readexactly(length))
                await self.says(len(self.asked) - 1, out)
        self.open -= 1
        out.close()
        with suppress(ConnectionError, ssl.SSLError):
            await out.wait_closed()


async def until(seen: Callable[[], object]) -> None:
    latest = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < latest
        await asyncio.sleep(0.002)


@asynccontextmanager
async def made(scheme: str = "http", tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Api, Asides, list[str]]]:
    """A server, calls to it, and how those failed."""
    api, failed = Api(), list[str]()
    await api.start(tls)
    asides = Asides(TOKEN, f"{scheme}://127.0.0.1:{api.port}", failed.append)
    try:
        yield api, asides, failed
    finally:
        await asides.close(1)
        await api.stop()


def body(number: int) -> bytes:
    return json.dumps({"callback_query_id": str(number)}).encode()


def post(asides: Asides, *numbers: int) -> None:
    for number in numbers:
        asides.post(METHOD, body(number))


async def test_a_call_is_made_as_telegram_wants_it_and_the_connection_serves_again() -> None:
    async with made() as (api, asides, failed):
        for number in range(3):
            post(asides, number)
            await until(lambda number=number: len(api.asked) > number)  # type: ignore[misc]
            await asyncio.sleep(0.01)
        assert api.asked == [body(0), body(1), body(2)]
        line, *headers = api.heads[0].decode().lower().split("\r\n")
        assert line == f"POST /bot{TOKEN}/answerCallbackQuery HTTP/1.1".lower()
        assert set(filter(None, headers)) == {
            f"host: 127.0.0.1:{api.port}",
            "content-type: application/json",
            f"content-length: {len(body(0))}",
        }
        assert api.connections == 1
    assert failed == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_answer_may_come_in_pieces(chunked: bool) -> None:
    whole = answer()
    if chunked:
        whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(OK), OK)

    async def in_pieces(_number: int, out: asyncio.StreamWriter) -> None:
        for byte in whole:
            out.write(bytes([byte]))
            await asyncio.sleep(0)

    async with made() as (api, asides, failed):
        api.says = in_pieces
        post(asides, 0)
        await asides.close(PATIENCE)
    assert (api.asked, failed) == ([body(0)], [])


async def test_more_calls_than_connections_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WIRES", 4)

    async def slowly(_number: int, out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.005)
        out.write(answer())

    async with made() as (api, asides, failed):
        api.says = slowly
        post(asides, *range(40))
        await asides.close(PATIENCE)
        assert sorted(api.asked) == sorted(map(body, range(40)))
        assert api.connections == api.most == 4
    assert failed == []


async def test_what_cannot_go_out_soon_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WIRES", 1)
    monkeypatch.setattr(aside, "WAITING", 5)
    async with made() as (api, asides, failed):
        post(asides, *range(9))
        assert failed == ["aside dropped"] * 4
        await asides.close(PATIENCE)
        assert api.asked == [*map(body, range(5))]  # the oldest, in their order
    assert len(failed) == 4


async def test_a_server_that_hangs_up_after_each_answer_hears_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WIRES", 2)

    async def once(_number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer("200 OK", OK, "Connection: close"))
        out.close()

    async with made() as (api, asides, failed):
        api.says = once
        post(asides, *range(10))
        await asides.close(PATIENCE)
        assert sorted(api.asked) == sorted(map(body, range(10)))
        assert api.connections == 10
    assert failed == []


async def test_asked_to_wait_nothing_goes_out_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WIRES", 1)
    wait = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after": 1}}'

    async def at_first(number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer() if number else answer("429 Too Many Requests", wait))

    async with made() as (api, asides, failed):
        api.says = at_first
        post(asides, 0, 1, 2)  # two wait for the connection
        await until(lambda: "aside refused" in failed)
        began = time.monotonic()
        post(asides, 3)
        assert sorted(failed) == ["aside dropped"] * 3 + ["aside refused"]
        await asyncio.sleep(0.8)
        post(asides, 4)
        assert len(failed) == 5
        await asyncio.sleep(began + 1.05 - time.monotonic())
        post(asides, 5)
        await asides.close(PATIENCE)
        assert api.asked == [body(0), body(5)]
    assert len(failed) == 5


@pytest.mark.parametrize("said", [b"", b"<html>Too Many Requests</html>", b'{"parameters":{"retry_after":"x"}}'])
async def test_asked_to_wait_without_a_time_it_waits_a_little(said: bytes) -> None:
    async def wait(_number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer("429 Too Many Requests", said))

    async with made() as (api, asides, failed):
        api.says = wait
        post(asides, 0)
        await until(lambda: failed)
        post(asides, 1)
        assert failed == ["aside refused", "aside dropped"]


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "502 Bad Gateway"])
async def test_what_is_refused_is_counted_and_holds_up_nothing(status: str) -> None:
    async def refuses(number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer() if number else answer(status, b"x" * 50_000))

    async with made() as (api, asides, failed):
        api.says = refuses
        post(asides, 0)
        await until(lambda: failed)
        post(asides, 1)
        await asides.close(PATIENCE)
        assert (len(api.asked), api.connections) == (2, 1)
    assert failed == ["aside refused"]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        answer()[:30],
        answer()[:-3],
        b"what is this?\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_a_server_that_breaks_off_or_talks_nonsense_loses_one_call(said: bytes) -> None:
    async def breaks_off(number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer() if number else said)
        if not number:
            out.close()

    async with made() as (api, asides, failed):
        api.says = breaks_off
        post(asides, 0)
        await until(lambda: failed)
        post(asides, 1)
        await asides.close(PATIENCE)
        assert api.asked == [body(0), body(1)]  # what was asked once is not asked again
        assert api.connections == 2
    assert len(failed) == 1


@pytest.mark.parametrize("more", [answer(), answer("408 Request Timeout", b"", "Connection: close")])
async def test_a_server_that_says_more_than_it_was_asked_is_hung_up_on(more: bytes) -> None:
    async def twice(number: int, out: asyncio.StreamWriter) -> None:
        out.write(answer())
        if not number:
            await asyncio.sleep(0.01)
            out.write(more)

    async with made() as (api, asides, failed):
        api.says = twice
        post(asides, 0)
        await until(lambda: api.connections == 1 and not api.open)
        post(asides, 1, 2, 3)
        await asides.close(PATIENCE)
        assert sorted(api.asked) == [*map(body, range(4))]
    assert failed == []


async def test_a_connection_that_was_closed_while_idle_is_not_used_again() -> None:
    outs: list[asyncio.StreamWriter] = []

    async def noted(_number: int, out: asyncio.StreamWriter) -> None:
        outs.append(out)
        out.write(answer())

    async with made() as (api, asides, failed):
        api.says = noted
        post(asides, 0)
        await until(lambda: outs)
        await asyncio.sleep(0.01)
        outs[0].close()
        await until(lambda: not api.open)
        await asyncio.sleep(0.01)
        post(asides, 1)
        await asides.close(PATIENCE)
        assert api.asked == [body(0), body(1)]
    assert failed == []


async def test_a_server_that_is_away_loses_what_was_asked_meanwhile() -> None:
    async with made() as (api, asides, failed):
        await api.stop()
        post(asides, *range(5))
        await until(lambda: len(failed) == 5)
        assert set(failed) == {"aside dropped"}
        await api.start()
        post(asides, 5)
        await asides.close(PATIENCE)
        assert api.asked == [body(5)]
    assert len(failed) == 5


async def never(_number: int, _out: asyncio.StreamWriter) -> None:
    return


async def test_a_server_that_does_not_answer_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ANSWER_SECONDS", 0.1)
    async with made() as (api, asides, failed):
        api.says = never
        post(asides, 0)
        await until(lambda: failed)
        await until(lambda: not api.open)
        api.says = well
        post(asides, 1)
        await asides.close(PATIENCE)
        assert api.asked == [body(0), body(1)]
    assert failed == ["aside dropped"]


async def test_whoever_answered_in_time_is_not_hung_up_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ANSWER_SECONDS", 0.1)
    async with made() as (api, asides, failed):
        post(asides, 0)
        await asyncio.sleep(0.2)
        post(asides, 1)
        await asides.close(PATIENCE)
        assert (api.asked, api.connections) == ([body(0), body(1)], 1)
    assert failed == []


async def test_a_server_that_does_not_even_read_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ANSWER_SECONDS", 0.1)
    async with made() as (api, asides, failed):
        api.reads.clear()
        asides.post(METHOD, b"x" * 20_000_000)
        await until(lambda: failed)
        api.reads.set()
    assert failed == ["aside dropped"]


async def test_at_the_end_what_is_under_way_is_waited_for() -> None:
    async def slowly(_number: int, out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        out.write(answer())

    async with made() as (api, asides, failed):
        api.says = slowly
        post(asides, *range(20))
        await asides.close(PATIENCE)
        assert len(api.asked) == 20
        await until(lambda: not api.open)
    assert failed == []


async def test_at_the_end_nobody_waits_for_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WIRES", 2)
    async with made() as (api, asides, failed):
        api.says = never
        post(asides, *range(5))
        await until(lambda: len(api.asked) == 2)
        began = time.monotonic()
        await asides.close(0.1)
        assert 0.09 < time.monotonic() - began < 5
        await until(lambda: not api.open)
        await until(lambda: len(failed) == 5)
        assert api.connections == 2
        began = time.monotonic()
        await asides.close(PATIENCE)  # nothing is under way any more
        assert time.monotonic() - began < 5
    assert failed == ["aside dropped"] * 5


async def test_at_the_end_a_server_that_does_not_read_is_not_waited_for() -> None:
    async with made() as (api, asides, failed):
        api.reads.clear()
        asides.post(METHOD, b"x" * 20_000_000)
        await until(lambda: api.open)
        await asides.close(0.1)
        await until(lambda: failed)
        api.reads.set()
        await until(lambda: not api.open)
    assert failed == ["aside dropped"]


async def test_after_the_end_no_connection_is_opened() -> None:
    async with made() as (api, asides, failed):
        await asides.close(PATIENCE)
        post(asides, 0)
        assert api.connections == 0
    assert failed == ["aside dropped"]


async def test_without_a_call_there_is_no_connection_and_nothing_to_wait_for() -> None:
    async with made() as (api, asides, failed):
        await asides.close(PATIENCE)
        assert api.connections == 0
    assert failed == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody knows, and its key, in one file."""
    openssl = shutil.which("openssl") or missing("openssl")
    folder = tmp_path_factory.mktemp("tls")
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key -out certificate"
    subject = ("-subj", "/CN=hocso.test", "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run([openssl, *made.split(), *subject], cwd=folder, check=True, capture_output=True)  # noqa: S603
    both = folder / "both"
    both.write_bytes((folder / "certificate").read_bytes() + (folder / "key").read_bytes())
    return both


def tls_by(certificate: Path) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return tls


async def test_whoever_shows_a_certificate_that_nobody_knows_is_told_nothing(certificate: Path) -> None:
    async with made("https", tls_by(certificate)) as (api, asides, failed):
        post(asides, 0, 1)
        await until(lambda: len(failed) == 2)
        assert (api.heads, failed) == ([], ["aside dropped"] * 2)


async def test_by_https_too_calls_are_made(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # of those that this machine trusts
    async with made("https", tls_by(certificate)) as (api, asides, failed):
        post(asides, 0)
        await until(lambda: api.asked)
        await asyncio.sleep(0.01)
        post(asides, 1)
        await asides.close(PATIENCE)
        assert (api.asked, api.connections) == ([body(0), body(1)], 1)
    assert failed == []


async def test_a_server_that_says_nothing_to_https_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ANSWER_SECONDS", 0.1)
    async with made("https") as (api, asides, failed):
        post(asides, 0, 1)
        await until(lambda: len(failed) == 2)
        post(asides, 2)
        began = time.monotonic()
        await asides.close(0.01)
        assert time.monotonic() - began < 5
        assert api.heads == []
    assert failed == ["aside dropped"] * 3
