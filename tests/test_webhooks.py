"""The short way for webhooks through a real server, over raw sockets: it answers as the general way does."""

import asyncio
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

import pytest
import uvicorn
import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from bot.listening import listen
from bot.webhooks import HEADS, LONGEST_HEAD, Answer, Hook, protocol

PATH = "/platform/hook"
SECRET = "hook-secret-1"  # noqa: S105  of these tests
PATIENCE = 10.0  # seconds
SHORT, GENERAL = "short", "general"  # ways
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "uvloop": uvloop.new_event_loop,
    "asyncio": asyncio.new_event_loop,
}


def until(seen: Callable[[], object], what: str) -> None:
    latest = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < latest, f"waited in vain for {what}"
        time.sleep(0.0005)


class Server(uvicorn.Server):
    """A platform's webhook on a loopback port, in a thread of its own. It echoes, unless the body says otherwise."""

    def __init__(self, loop: str, *, short: bool = True, keep_alive: float = 5.0) -> None:
        self.ways: list[str] = []  # by which each update came
        self.received = 0  # bytes; what waited for an answer counts twice
        self.waited = 0  # updates that waited, and were taken to their end
        self.told_to_stop = threading.Event()
        self.answering = threading.Event()
        self._go_on = asyncio.Event()
        noted = self

        class Noting(protocol({PATH: self._by(SHORT)} if short else {})):  # type: ignore[misc]  # a class made there
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.timeout_keep_alive = keep_alive

            def data_received(self, data: bytes) -> None:
                noted.received += len(data)
                super().data_received(data)

            def shutdown(self) -> None:
                super().shutdown()
                noted.told_to_stop.set()

        self._short = Noting
        config = uvicorn.Config(
            self._app,
            http=Noting,
            interface="asgi3",
            proxy_headers=False,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        super().__init__(config)
        self.socket = listen("127.0.0.1", 0)
        self.port: int = self.socket.getsockname()[1]
        self._runner = asyncio.Runner(loop_factory=LOOPS[loop])
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with self._runner as runner:
            runner.run(self.serve(sockets=[self.socket]))

    def heads(self) -> list[bytes]:
        """Return the heads that are remembered."""
        return list(self._short.heads)

    def go_on(self) -> None:
        """Let what waits be answered."""
        self._runner.get_loop().call_soon_threadsafe(self._go_on.set)

    def stop(self) -> None:
        self.should_exit = True

    def _by(self, way: str) -> Hook:
        async def hook(headers: Mapping[bytes, bytes], body: bytes) -> Answer:
            self.ways.append(way)
            match body:
                case b"nothing":
                    return Answer(200)
                case b"later":
                    return Answer(503, b"", 7)
                case b"fail":
                    raise RuntimeError("planted")
                case b"wait":
                    self.answering.set()
                    await self._go_on.wait()
                    self._go_on.clear()
                    self.answering.clear()
                    self.waited += 1
                case b"slow":
                    for _ in range(5):
                        await asyncio.sleep(0)
            told = {name.decode(): value.decode("latin1") for name, value in headers.items() if name[:2] == b"x-"}
            return Answer(200, json.dumps({**told, "body": body.decode("latin1")}).encode())

        return hook

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = Answer(404)
        if (scope["path"], scope["method"]) == (PATH, "POST"):
            body, more = b"", True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if message["type"] == "http.disconnect":
                    return
            answer = await self._by(GENERAL)(dict(scope["headers"]), body)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers()})
        await send({"type": "http.response.body", "body": answer.body})


@contextmanager
def serving(loop: str = "uvloop", *, short: bool = True, keep_alive: float = 5.0) -> Iterator[Server]:
    server = Server(loop, short=short, keep_alive=keep_alive)
    server.thread.start()
    until(lambda: server.started, "the server")
    try:
        yield server
    finally:
        server.stop()
        server.thread.join(PATIENCE)
        assert not server.thread.is_alive()


@pytest.fixture(scope="module", params=LOOPS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(request.param) as running:
        yield running


@pytest.fixture(autouse=True)
def from_here(request: pytest.FixtureRequest) -> None:
    if "server" in request.fixturenames:
        request.getfixturevalue("server").ways.clear()


Response = tuple[int, dict[str, str], bytes]


class Wire:
    """A connection to a server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")

    def sends(self, *pieces: bytes) -> None:
        """Send each once the server has the one before."""
        for piece in pieces:
            wanted = self.server.received + len(piece)
            self.socket.sendall(piece)
            until(lambda wanted=wanted: self.server.received >= wanted, "the server to read")  # type: ignore[misc]

    def gets(self) -> Response:
        """Read one response; its date is left out."""
        line = self._file.readline()
        assert line.startswith(b"HTTP/1.1 "), line
        headers: dict[str, str] = {}
        while row := self._file.readline().strip():
            name, _, value = row.decode().partition(": ")
            assert name not in headers
            headers[name] = value
        if line.startswith(b"HTTP/1.1 1"):
            return int(line[9:12]), headers, b""
        assert headers.pop("date").endswith("GMT")
        return int(line[9:12]), headers, self._file.read(int(headers["content-length"]))

    def rest(self) -> bytes:
        """Read until the server hangs up."""
        return self._file.read()

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    made = Wire(server)
    yield made
    made.close()


def post(body: bytes = b"hello", *more: str, path: str = PATH, length: bool = True) -> bytes:
    rows = [f"POST {path} HTTP/1.1", "Host: hocso.test", *more, *([f"Content-Length: {len(body)}"] if length else [])]
    return "".join(f"{row}\r\n" for row in rows).encode() + b"\r\n" + body


def echoed(body: str = "hello", **told: str) -> Response:
    said = json.dumps({**told, "body": body}).encode()
    return 200, {"content-length": str(len(said)), "content-type": "application/json"}, said


def test_a_plain_update_goes_the_short_way(wire: Wire) -> None:
    wire.sends(post(b"hello", f"X-Token:  {SECRET}\t"))
    assert wire.gets() == echoed(**{"x-token": SECRET})
    wire.sends(post(b"nothing", "Connection: Keep-Alive"))
    assert wire.gets() == (200, {"content-length": "0"}, b"")
    wire.sends(post(b"later"))
    assert wire.gets() == (503, {"content-length": "0", "retry-after": "7"}, b"")
    assert wire.server.ways == [SHORT] * 3


def test_a_head_that_came_before_says_the_same_of_another_body(wire: Wire) -> None:
    for body in (b"hello", b"hallo", b"hi", b"hello"):
        wire.sends(post(body, "X-Token: 1"))
        assert wire.gets() == echoed(body.decode(), **{"x-token": "1"})
    wire.sends(post(b"hello", "X-Token: 2"))
    assert wire.gets() == echoed(**{"x-token": "2"})
    assert wire.server.ways == [SHORT] * 5
    wire.sends(post(b"hello", "X-Token: 1") + b"PO")  # more than its head says
    assert wire.gets() == echoed(**{"x-token": "1"})
    wire.sends(post(b"nothing")[2:])
    assert wire.gets()[0] == 200
    assert wire.server.ways[5:] == [GENERAL] * 2


def test_only_so_many_heads_are_remembered_and_no_long_ones(wire: Wire) -> None:
    for number in range(HEADS + 3):
        wire.sends(post(b"hello", f"X-Number: {number}"))
        assert wire.gets() == echoed(**{"x-number": str(number)})
    long = "n" * LONGEST_HEAD
    for _ in range(2):
        wire.sends(post(b"hello", f"X-Long: {long}"))
        assert wire.gets() == echoed(**{"x-long": long})
    assert set(wire.server.ways) == {SHORT}
    kept = wire.server.heads()
    assert 0 < len(kept) <= HEADS
    assert max(map(len, kept)) <= LONGEST_HEAD


def test_a_length_of_countless_digits_goes_the_general_way(wire: Wire) -> None:
    wire.sends(post(b"hello", f"Content-Length: {'9' * 5000}", length=False))
    assert wire.gets()[0] == 400


@pytest.mark.parametrize("body", [b"hello", b""])
def test_cut_at_every_byte_it_is_answered_the_same_and_only_once(wire: Wire, body: bytes) -> None:
    for request in (post(body, "X-Last: 1"), post(body, f"Content-Length: {len(body)}", "X-Last: 1", length=False)):
        for at in range(1, len(request)):
            wire.sends(request[:at], request[at:])
            assert wire.gets() == echoed(body.decode(), **{"x-last": "1"}), request[:at]
    assert set(wire.server.ways) == {GENERAL}
    wire.sends(*(bytes([byte]) for byte in post(body)))
    assert wire.gets() == echoed(body.decode())


def test_two_in_one_packet_are_answered_in_their_order(wire: Wire) -> None:
    wire.sends(post(b"slow") + post(b"two") + post(b"nothing"))
    assert [wire.gets(), wire.gets(), wire.gets()[0]] == [echoed("slow"), echoed("two"), 200]
    assert wire.server.ways == [GENERAL] * 3


@pytest.mark.parametrize("at", [1, 20, 60, None])
@pytest.mark.parametrize("first", [post(b"wait"), post(b"wait", path=f"{PATH}?x=1")], ids=[SHORT, GENERAL])
def test_what_comes_while_an_answer_is_under_way_waits_for_its_turn(wire: Wire, first: bytes, at: int | None) -> None:
    second = post(b"second")
    wire.sends(first)
    assert wire.server.answering.wait(PATIENCE)
    wire.sends(second[:at])
    wire.server.go_on()
    assert wire.gets() == echoed("wait")
    if at:
        wire.sends(second[at:])
    assert wire.gets() == echoed("second")


def test_what_is_large_and_comes_while_an_answer_is_under_way_holds_up_nothing(wire: Wire) -> None:
    wire.sends(post(b"wait"))
    assert wire.server.answering.wait(PATIENCE)
    wire.socket.sendall(post(b"x" * 200_000) + post(b"third"))
    wire.server.go_on()
    assert wire.gets() == echoed("wait")
    assert wire.gets() == echoed("x" * 200_000)
    assert wire.gets() == echoed("third")


def test_what_is_large_and_whole_leaves_the_connection_open_for_the_next(wire: Wire) -> None:
    wire.sends(post(b"wait"))
    assert wire.server.answering.wait(PATIENCE)
    wire.sends(post(b"x" * 70_000))
    wire.server.go_on()
    assert [wire.gets(), wire.gets()] == [echoed("wait"), echoed("x" * 70_000)]
    wire.sends(post())
    assert wire.gets() == echoed()
    assert wire.server.ways == [SHORT] * 3


def test_what_looks_like_an_update_inside_of_another_is_none(wire: Wire) -> None:
    inner = post(b"inner")
    wire.sends(post(inner).removesuffix(inner), inner)
    assert wire.gets() == echoed(inner.decode())
    wire.sends(f"POST {PATH} HTTP/1.1\r\nX-Note: ".encode(), post())
    assert wire.gets() == echoed(**{"x-note": f"POST {PATH} HTTP/1.1"})
    assert wire.server.ways == [GENERAL] * 2


def test_two_that_come_while_an_answer_is_under_way_are_answered_too(wire: Wire) -> None:
    wire.sends(post(b"wait"))
    assert wire.server.answering.wait(PATIENCE)
    wire.sends(post(b"second")[:-9], post(b"second")[-9:] + post(b"third"))
    wire.server.go_on()
    assert [wire.gets(), wire.gets(), wire.gets()] == [echoed("wait"), echoed("second"), echoed("third")]


def test_whoever_sends_without_end_while_an_answer_is_under_way_is_held_up(wire: Wire) -> None:
    wire.sends(post(b"wait"))
    assert wire.server.answering.wait(PATIENCE)
    before = wire.server.received
    flood, sent = post(b"x" * 1000), 0
    wire.socket.settimeout(0.2)
    with suppress(TimeoutError):
        while sent < 50_000_000:
            sent += wire.socket.send(flood[sent % len(flood) :])
    assert wire.server.received - before < 1_000_000
    wire.socket.settimeout(PATIENCE)
    wire.server.go_on()
    threading.Thread(target=wire.socket.sendall, args=[flood[sent % len(flood) :]]).start()
    assert wire.gets() == echoed("wait")
    for _ in range(sent // len(flood) + 1):
        assert wire.gets() == echoed("x" * 1000)


CHUNKED = post(b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False)


def test_what_is_not_plain_goes_the_general_way_and_the_connection_goes_on(wire: Wire) -> None:
    odd = [
        CHUNKED,
        post(path=f"{PATH}?x=1"),
        post(b"hello", "X-A: 1", "x-a: 2"),
        post(b"hello", "Content-Length: 05", length=False),
        b"\r\n" + post(),
    ]
    wanted = {"x-a": "2"}
    for request in odd:
        for each in (request, post()):
            wire.sends(each)
            assert wire.gets() == echoed(**(wanted if b"x-a" in each else {}))
    assert wire.server.ways == [GENERAL, SHORT] * len(odd)
    wire.sends(f"GET {PATH} HTTP/1.1\r\nHost: hocso.test\r\n\r\n".encode(), post(path="/elsewhere"))
    assert [wire.gets()[0], wire.gets()[0]] == [404, 404]


def test_whoever_asks_first_is_told_to_go_on(wire: Wire) -> None:
    request = post(b"hello", "Expect: 100-continue")
    wire.sends(request.removesuffix(b"hello"))
    assert wire.gets() == (100, {}, b"")
    wire.sends(b"hello")
    assert wire.gets() == echoed()


@pytest.mark.parametrize(
    "request_",
    [post(b"hello", "Connection: close"), post().replace(b"HTTP/1.1", b"HTTP/1.0"), post(b"", "Connection: close, x")],
)
def test_whoever_wants_no_more_is_hung_up_on_after_the_answer(wire: Wire, request_: bytes) -> None:
    wire.sends(request_)
    status, headers, _ = wire.gets()
    assert (status, headers["connection"]) == (200, "close")
    assert wire.rest() == b""


@pytest.mark.parametrize(
    "request_",
    [
        post(b"hello", "Content-Length: 5"),
        post(b"hello", "Content-Length: 4"),
        post(b"hello", "Content-Length: -5", length=False),
        post(b"hello", "Content-Length: 5, 5", length=False),
        post(b"hello", "Transfer-Encoding: chunked"),
        post(b"hello", "No colon"),
        post(b"hello", "Space-Before : 1"),
        post(b"hello", "Content-Length: 5", " folded: 1", length=False),
        post().replace(b"POST", b"post"),
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_what_is_no_request_is_refused_and_nobody_is_asked(wire: Wire, request_: bytes) -> None:
    wire.sends(request_)
    status, headers, _ = wire.gets()
    assert (status, headers["connection"]) == (400, "close")
    assert wire.server.ways == []
    assert wire.rest() == b""


def test_what_comes_after_a_body_is_the_next_request(wire: Wire) -> None:
    wire.sends(post(b"hello\n", "Content-Length: 4", length=False))
    assert wire.gets()[0] == 400
    assert SHORT not in wire.server.ways


def test_a_body_shorter_than_said_is_waited_for(wire: Wire) -> None:
    wire.sends(post(b"hel", "Content-Length: 5", length=False), b"l", b"o")
    assert wire.gets() == echoed()


def test_a_hook_that_fails_is_said_without_what_was_sent_and_goes_on(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.sends(post(b"fail", f"X-Token: {SECRET}"))
    assert wire.gets() == (500, {"content-length": "0"}, b"")
    wire.sends(post(b"hello"))
    assert wire.gets() == echoed()
    [said] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert said.getMessage() == "a webhook failed"
    wire.sends(b"POST " + SECRET.encode() + b"\r\n\r\n")
    assert wire.gets()[0] == 400
    assert SECRET not in caplog.text
    assert "X-Token" not in caplog.text


@pytest.mark.parametrize("sent", [post()[:20], post(b"hello", "Content-Length: 9", length=False), post(b"wait")])
def test_whoever_hangs_up_in_the_middle_holds_up_nobody(
    server: Server, wire: Wire, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Wire(server)
    gone.sends(sent)
    if sent.endswith(b"wait"):
        assert server.answering.wait(PATIENCE)
    gone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # by a reset
    gone.close()
    wire.sends(post())
    assert wire.gets() == echoed()
    if sent.endswith(b"wait"):
        server.go_on()
        until(lambda: not server.answering.is_set(), "the hook to end")
    wire.sends(post())
    assert wire.gets() == echoed()
    until(lambda: len(server.server_state.connections) <= 1, "the connection to be forgotten")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("more", [b"", post(b"too late")])
def test_told_to_stop_it_lets_an_answer_go_out_and_hangs_up(loop: str, more: bytes) -> None:
    with serving(loop) as server:
        busy, idle = Wire(server), Wire(server)
        idle.sends(post())
        assert idle.gets() == echoed()
        busy.sends(post(b"wait"))
        assert server.answering.wait(PATIENCE)
        busy.sends(more)
        server.stop()
        assert idle.rest() == b""
        assert server.told_to_stop.wait(PATIENCE)
        server.go_on()
        status, headers, body = busy.gets()
        assert (status, headers["connection"], body) == (200, "close", echoed("wait")[2])
        assert busy.rest() == b""
        server.thread.join(PATIENCE)
        busy.close()
        idle.close()


@pytest.mark.parametrize("loop", LOOPS)
def test_told_to_stop_it_takes_an_update_to_its_end_though_nobody_waits_for_the_answer(loop: str) -> None:
    with serving(loop) as server:
        wire = Wire(server)
        wire.sends(post(b"wait"))
        assert server.answering.wait(PATIENCE)
        wire.close()
        until(lambda: not server.server_state.connections, "the connection to be forgotten")
        server.stop()
        server.thread.join(0.5)
        assert server.thread.is_alive()
        server.go_on()
    assert server.waited == 1


@pytest.mark.parametrize("loop", LOOPS)
def test_who_says_nothing_for_long_is_hung_up_on(loop: str) -> None:
    with serving(loop, keep_alive=0.1) as server:
        wire = Wire(server)
        for request in (post(), CHUNKED, post()):
            wire.sends(request)
            assert wire.gets() == echoed()
        began = time.monotonic()
        assert wire.rest() == b""
        assert time.monotonic() - began > 0.05
        slow = Wire(server)  # nobody is hung up on while the answer is under way
        slow.sends(post(b"hello"), post(b"wait"))
        time.sleep(0.2)
        server.go_on()
        assert [slow.gets(), slow.gets()] == [echoed(), echoed("wait")]
        slow.close()
        wire.close()


# Any row of requests, cut anywhere: by the short way and without it, the same bytes come back.


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    body = draw(
        st.sampled_from([b"", b"hello", b"nothing", b"later", b"slow", b"POST / HTTP/1.1\r\n\r\n", b"\r\n" * 3])
    )
    path = draw(st.sampled_from([PATH] * 6 + ["/elsewhere", f"{PATH}?a=b"]))
    rows = [
        *draw(
            st.lists(st.sampled_from(["X-A: 1", "x-b:2", "X-C:", "Accept: */*", "X-D: a: b"]), max_size=2, unique=True)
        ),
        *draw(st.sampled_from([[], [], [], ["Connection: keep-alive"], ["Connection: x"]])),
    ]
    name = draw(st.sampled_from(["Content-Length", "content-length", "CONTENT-LENGTH"]))
    if draw(st.integers(0, 4)):
        return post(body, f"{name}: {len(body)}", *rows, path=path, length=False)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    return post(chunked, *rows, "Transfer-Encoding: chunked", path=path, length=False)


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    with serving(short=False) as running:
        yield running


def all_of(server: Server, pieces: Sequence[bytes]) -> bytes:
    wire = Wire(server)
    wire.sends(*pieces)
    answers = wire.rest()
    wire.close()
    return re.sub(rb"date: [^\r]*\r\n", b"", answers)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(requests(), max_size=5),
    cuts=st.lists(st.floats(0, 1), max_size=6),
    whole=st.booleans(),
)
def test_any_cut_of_any_requests_is_answered_as_without_the_short_way(
    server: Server, plain: Server, asked: list[bytes], cuts: list[float], whole: bool
) -> None:
    last = post(b"hello", "Connection: close")
    stream = b"".join(asked) + last
    if whole:  # each request in one piece
        pieces = [*asked, last]
    else:
        places = sorted({round(cut * len(stream)) for cut in cuts} | {0, len(stream)})
        pieces = [stream[one:other] for one, other in pairwise(places)]
    assert all_of(server, pieces) == all_of(plain, [stream])
