"""A server that answers as Google's voice does, or as it should not."""

import base64
import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

from made_sounds import MP3, file_of, speech

PATH = "_/TranslateWebserverUi/data/batchexecute"


@dataclass
class Fake:
    """What it does next, in `answers`; when these are used up it answers well. `asked` is what it was sent."""

    port: int = 0
    scheme: str = "http"
    answers: list[Callable[["Handler"], None]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    leaving: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/{PATH}"

    @property
    def texts(self) -> list[str]:
        return [each["text"] for each in self.asked]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    fake: Fake
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        [[[rpc, parameters, _, kind]]] = json.loads(form["f.req"][0])
        text, lang, slow, last = json.loads(parameters)
        assert (self.path, rpc, kind, last) == (f"/{PATH}", "jQ1olc", "generic", "null")
        asked = {"text": text, "lang": lang, "slow": slow, "from": self.client_address}
        self.fake.asked.append(asked)
        answer = self.fake.answers.pop(0) if self.fake.answers else well
        answer(self)

    def say(
        self, body: bytes, status: int = 200, kind: str = "application/json; charset=utf-8", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep silent."""


def envelope(audio: str) -> bytes:
    """What a good answer looks like: a guard against scripts, then pieces with their sizes."""
    inner = json.dumps([audio], separators=(",", ":"))
    line = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"], ["di", 41]], separators=(",", ":"))
    return f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,216]]\n'.encode()


def audio_of(handler: Handler) -> str:
    return _spoken(handler.fake.asked[-1]["text"])


@cache
def _spoken(text: str) -> str:
    return base64.b64encode(file_of(speech(text), MP3)).decode()


def well(handler: Handler) -> None:
    handler.say(envelope(audio_of(handler)))


def sends(body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.say(body, status, kind, **headers)


def audio(data: bytes) -> Callable[[Handler], None]:
    return sends(envelope(base64.b64encode(data).decode()))


def silent(handler: Handler) -> None:
    """Take the request and never answer."""
    handler.fake.leaving.wait(20)
    handler.close_connection = True


def stalling(handler: Handler) -> None:
    """Begin to answer, then fall silent."""
    handler.say(envelope(audio_of(handler))[:100], length="9999")
    silent(handler)


def dripping(handler: Handler) -> None:
    """Send a byte now and then, so that none is ever long in coming."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.close_connection = True
    while not handler.fake.leaving.wait(0.02):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


def cut(handler: Handler) -> None:
    """Break off in the middle."""
    whole = envelope(audio_of(handler))
    handler.say(whole[: len(whole) // 2], length=str(len(whole)))
    handler.close_connection = True


def hung_up(handler: Handler) -> None:
    """Close without a word."""
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """Send for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**12))
    handler.end_headers()
    handler.close_connection = True
    while not handler.fake.leaving.is_set():
        try:
            handler.wfile.write(b"x" * 65_536)
        except OSError:
            return


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # that is whoever hung up, or refused the handshake
            super().handle_error(request, client_address)


@contextmanager
def fake_google(certificate: Path | None = None) -> Iterator[Fake]:
    """Serve on loopback; with a certificate (its key beside it), by TLS."""
    fake = Fake(scheme="https" if certificate else "http")
    server = _Server(("127.0.0.1", 0), type("Fake", (Handler,), {"fake": fake}))
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    fake.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        fake.leaving.set()
        server.shutdown()
        server.server_close()
        thread.join()


def self_signed(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody trusts, and its key; needs openssl."""
    certificate = folder / "fake.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-out", str(certificate), "-keyout", str(certificate.with_suffix(".key"))]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)  # noqa: S603  fixed words
    return certificate
